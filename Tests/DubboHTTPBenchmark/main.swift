// What one unary request costs in the engine alone: two sessions back to back, in batches as a loop would see them.
//   valgrind --tool=callgrind .build/release/dubbo-http-benchmark 1000     counts instructions, on a busy machine
// Prints the CPU time per request that the server spends, and the client.
//   swift build -c release --product dubbo-http-benchmark && .build/release/dubbo-http-benchmark
import DubboCore
import DubboHTTP

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// CPU time of this thread in nanoseconds: on a busy machine the clock on the wall counts what others do.
func spent() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Raw memory, as a connection's output buffer is.
final class Output: ByteSink {
  private let start = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 21)
  private var count = 0

  deinit { start.deallocate() }

  var bytes: UnsafeRawBufferPointer { .init(start: start, count: count) }

  func append(_ bytes: UnsafeRawBufferPointer) {
    precondition(count + bytes.count <= 1 << 21)
    UnsafeMutableRawPointer(start + count).copyMemory(
      from: bytes.baseAddress ?? UnsafeRawPointer(start), byteCount: bytes.count)
    count += bytes.count
  }

  func clear() { count = 0 }
}

final class Call: HTTP2Stream {
  var body: [UInt8] = []
}

/// The two sessions and what they have exchanged.
final class Bench {
  let start = MonotonicInstant(nanoseconds: 0)
  let batch = 32
  let rounds: Int
  let headers = ConstantHeaders(("content-type", "application/grpc"))
  let ok = ConstantHeaders(("grpc-status", "0"))
  let body: [UInt8] = [0, 0, 0, 0, 20] + [UInt8](repeating: 7, count: 20)
  let head = RequestHead(
    authority: Array("127.0.0.1:50051".utf8), path: Array("/grpc.examples.echo.Echo/UnaryEcho".utf8),
    constants: ConstantHeaders(("content-type", "application/grpc"), ("te", "trailers"), ("user-agent", "bench/1")))
  let client: HTTP2Session
  let server: HTTP2Session
  var answered = 0

  init(rounds: Int) throws {
    self.rounds = rounds
    client = try HTTP2Session(role: .client, makeStream: { Call() }, now: start)
    server = try HTTP2Session(role: .server, makeStream: { Call() }, now: start)
  }

  func ask() throws {
    for _ in 0..<batch { try client.request(head, stream: Call(), body: .whole(body)) }
  }

  func serve(_ bytes: UnsafeRawBufferPointer) throws {
    try server.receive(bytes, now: start)
    while let event = server.nextEvent() {
      switch event {
      case .data(let stream, let bytes):
        unsafeDowncast(stream, to: Call.self).body.append(contentsOf: bytes)
        stream.consume(bytes.count)
      case .end(let stream):
        try stream.respond(headers, body: unsafeDowncast(stream, to: Call.self).body, trailers: ok)
      default: break
      }
    }
  }

  func hear(_ bytes: UnsafeRawBufferPointer) throws {
    try client.receive(bytes, now: start)
    while let event = client.nextEvent() {
      switch event {
      case .data(let stream, let bytes): stream.consume(bytes.count)
      case .trailers: answered += 1
      default: break
      }
    }
  }

  func run() throws {
    let up = Output()
    let down = Output()
    var serverTime = UInt64(0)
    var clientTime = UInt64(0)
    for _ in 0..<rounds {
      let begin = spent()
      try ask()
      up.clear()
      client.produce(into: up, limit: 1 << 20)
      let asked = spent()
      try serve(up.bytes)
      down.clear()
      server.produce(into: down, limit: 1 << 20)
      while server.nextEvent() != nil {}
      let served = spent()
      try hear(down.bytes)
      serverTime += served - asked
      clientTime += (asked - begin) + (spent() - served)
    }
    let calls = UInt64(batch * rounds)
    print("calls answered: \(answered)")
    print("server ns of CPU per call: \(serverTime / calls)")
    print("client ns of CPU per call: \(clientTime / calls)")
  }
}

try Bench(rounds: CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000).run()

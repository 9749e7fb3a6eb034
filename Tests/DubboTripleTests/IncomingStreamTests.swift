import DubboCore
import Synchronization
import Testing

@testable import DubboTriple

@Suite struct IncomingStreamTests {
  private func framed(_ count: Int) -> [UInt8] {
    [0] + withUnsafeBytes(of: UInt32(count).bigEndian) { [UInt8]($0) } + [UInt8](repeating: 7, count: count)
  }

  /// A peer that sends as far as its window goes, and a reader that takes a message when it is told to.
  private final class Peer {
    private var rest: ArraySlice<UInt8>
    private(set) var window: Int

    init(_ bytes: [UInt8], window: Int) {
      rest = bytes[...]
      self.window = window
    }

    func send(to stream: inout IncomingStream, piece: Int) throws {
      while window > 0, !rest.isEmpty {
        let bytes = rest.prefix(min(piece, window))
        rest = rest.dropFirst(bytes.count)
        window -= bytes.count
        window += try bytes.withUnsafeBytes { try stream.receive($0) }
      }
    }

    func give(_ credit: Int) { window += credit }
    var isDone: Bool { rest.isEmpty }
  }

  @Test(arguments: [(100_000, 1_000), (100, 700), (1, 3), (3_000, 1), (900, 900)])
  func `messages of any size come through a window of any size when the reader is late`(
    sizes: (first: Int, window: Int)
  ) async throws {
    let taken = Mutex<[(Int, Bool)]>([])
    let pipe = MessagePipe { bytes, isAwaited in taken.withLock { $0.append((bytes + 5, isAwaited)) } }
    var stream = IncomingStream(pipe: pipe, limit: 200_000)
    let all = framed(sizes.first) + framed(2_000) + framed(3) + framed(2_000)
    let peer = Peer(all, window: sizes.window)
    for expected in [sizes.first, 2_000, 3, 2_000] {
      // The peer fills its window before the reader takes anything; then the reader has one message.
      try peer.send(to: &stream, piece: 500)
      guard pipe.queuedBytes > 0 else {
        Issue.record("the message of \(expected) bytes never came whole")
        return
      }
      #expect(try await pipe.next()?.count == expected)
      for (bytes, _) in taken.withLock({ taken in
        defer { taken = [] }
        return taken
      }) {
        peer.give(stream.take(bytes))
      }
    }
    #expect(peer.isDone)
  }

  @Test func `the taker of the last whole message is asked to tell at once when a part of the next is here`()
    async throws
  {
    let told = Mutex<[Bool]>([])
    let pipe = MessagePipe { _, isAwaited in told.withLock { $0.append(isAwaited) } }
    var stream = IncomingStream(pipe: pipe, limit: 1_000)
    let bytes = framed(10) + framed(20) + framed(300).prefix(100)
    #expect(try bytes.withUnsafeBytes { try stream.receive($0) } == 0)
    _ = try await pipe.next()
    _ = try await pipe.next()
    #expect(told.withLock { $0 } == [false, true])
    #expect(stream.take(15) == 15 + 25 + 100)
    #expect(stream.take(25) == 0)
  }

  @Test func `a reader that takes nothing gets no more than one window`() throws {
    let pipe = MessagePipe()
    var stream = IncomingStream(pipe: pipe, limit: 1_000)
    let peer = Peer((0..<1_000).flatMap { _ in framed(100) }, window: 4_000)
    try peer.send(to: &stream, piece: 1_000)
    #expect(peer.window == 0)
    #expect(pipe.queuedBytes <= 4_000)
  }
}

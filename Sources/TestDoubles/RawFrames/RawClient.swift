internal import DubboCore
internal import DubboIO
internal import Synchronization

/// A client made of hand-written frames: connects to a port of this machine and sends what it is given.
package final class RawClient: Sendable {
  /// The frames that come, in order; ends when the connection does.
  package let frames: AsyncStream<Frames.Frame>
  private let told: AsyncStream<Frames.Frame>.Continuation
  private let group: LoopGroup
  private let connection = Mutex<LoopBound<RawConnection>?>(nil)

  /// Connects and sends `greeting`: the preface, SETTINGS, and whatever is to follow at once.
  package init(
    to port: UInt16, greeting: [UInt8] = Frames.preface + Frames.settings(), isPolite: Bool = true
  ) async throws {
    group = try LoopGroup(count: 1, log: .silent)
    (frames, told) = AsyncStream.makeStream()
    let opening = Opening(self, port: port, greeting: greeting, isPolite: isPolite)
    try await withCheckedThrowingContinuation { continuation in
      opening.continuation.withLock { $0 = continuation }
      _ = group.next().submit(opening)
    }
  }

  package func send(_ bytes: [UInt8]) {
    guard let connection = connection.withLock({ $0 }) else { return }
    _ = connection.loop.submit(Sending(connection: connection, bytes: bytes))
  }

  package func stop() async { await group.shutdown() }

  private final class Sending: LoopWork {
    let connection: LoopBound<RawConnection>
    let bytes: [UInt8]

    init(connection: LoopBound<RawConnection>, bytes: [UInt8]) {
      self.connection = connection
      self.bytes = bytes
    }

    func run(on loop: EventLoop) { connection.onLoop.send(bytes) }
  }

  private final class Opening: LoopWork, ConnectHandler, Sendable {
    let continuation = Mutex<CheckedContinuation<Void, any Error>?>(nil)
    private let client: RawClient
    private let port: UInt16
    private let greeting: [UInt8]
    private let isPolite: Bool

    init(_ client: RawClient, port: UInt16, greeting: [UInt8], isPolite: Bool) {
      self.client = client
      self.port = port
      self.greeting = greeting
      self.isPolite = isPolite
    }

    func run(on loop: EventLoop) {
      loop.connect(
        to: .tcp(host: "127.0.0.1", port: port), deadline: loop.now.advanced(by: .seconds(10)), handler: self)
    }

    func connected(_ stream: ByteStream) {
      let told = client.told
      let connection = RawConnection(stream, number: 1, isPolite: isPolite) { _, event in
        switch event {
        case .opened: break
        case .frame(let frame): told.yield(frame)
        case .closed: told.finish()
        }
      }
      stream.handler = connection
      client.connection.withLock { $0 = LoopBound(connection, on: stream.loop) }
      connection.begin(greeting)
      continuation.withLock { $0.take() }?.resume()
    }

    func connectFailed(_ failure: IOFailure) { continuation.withLock { $0.take() }?.resume(throwing: failure) }
  }
}

internal import DubboCore
internal import DubboIO
internal import Synchronization

/// A server made of hand-written frames, on a free port of this machine.
package final class RawServer: Sendable {
  package let port: UInt16
  private let listener: Listener
  private let group: LoopGroup

  /// Accepts until `stop`. `script` runs on the loop and says what each connection does.
  package init(
    greeting: [UInt8] = Frames.settings(), isPolite: Bool = true, _ script: @escaping RawConnection.Script
  ) async throws {
    group = try LoopGroup(count: 1, log: .silent)
    let acceptor = Acceptor(greeting: greeting, isPolite: isPolite, script: script)
    listener = try await Listener(on: [.tcp(host: "127.0.0.1", port: 0)], group: group, acceptor: acceptor)
    port = listener.addresses.first?.port ?? 0
  }

  package func stop() async {
    await listener.stop()
    await group.shutdown()
  }

  private final class Acceptor: StreamAcceptor {
    private let greeting: [UInt8]
    private let isPolite: Bool
    private let script: RawConnection.Script
    private let count = Atomic<Int>(0)

    init(greeting: [UInt8], isPolite: Bool, script: @escaping RawConnection.Script) {
      self.greeting = greeting
      self.isPolite = isPolite
      self.script = script
    }

    func streamAccepted(_ stream: ByteStream) {
      let number = count.add(1, ordering: .relaxed).newValue
      let connection = RawConnection(stream, number: number, isPolite: isPolite, script: script)
      stream.handler = connection
      connection.begin(greeting)
    }
  }
}

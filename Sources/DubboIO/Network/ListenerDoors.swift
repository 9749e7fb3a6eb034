internal import DubboCore

/// The listening sockets of one listener, all on its accept loop.
///
/// `@unchecked Sendable`: `doors` is touched on the accept loop only.
final class ListenerDoors: @unchecked Sendable {
  let acceptLoop: EventLoop
  let group: LoopGroup
  let gate: ConnectionGate
  let configuration: ListenerConfiguration
  let acceptor: any StreamAcceptor
  private var doors: [ListenerDoor] = []

  init(
    acceptLoop: EventLoop, group: LoopGroup, gate: ConnectionGate, configuration: ListenerConfiguration,
    acceptor: any StreamAcceptor
  ) {
    self.acceptLoop = acceptLoop
    self.group = group
    self.gate = gate
    self.configuration = configuration
    self.acceptor = acceptor
  }

  func open(_ endpoints: [EndpointAddress]) async throws(IOFailure) -> [SocketAddress] {
    var bound: [SocketAddress] = []
    for endpoint in endpoints {
      let addresses = try await acceptLoop.addresses(of: endpoint, within: .seconds(10))
      do throws(IOFailure) {
        bound += try await acceptLoop.perform { () throws(IOFailure) in try self.openAll(addresses) }
      } catch {
        await close()
        throw error
      }
    }
    return bound
  }

  private func openAll(_ addresses: [SocketAddress]) throws(IOFailure) -> [SocketAddress] {
    var bound: [SocketAddress] = []
    var isFree = false
    for address in addresses {
      // All addresses of a name get the port that the system chose for the first.
      let wanted = isFree ? address.with(port: bound.first?.port ?? 0) : address
      let door = ListenerDoor(doors: self)
      bound.append(try door.open(at: wanted))
      doors.append(door)
      isFree = address.port == 0
    }
    return bound
  }

  /// A door has closed, by `close` or with its loop.
  func forget(_ door: ListenerDoor) { doors.removeAll { $0 === door } }

  func close() async {
    await withCheckedContinuation { continuation in
      // Refused by a loop that has ended, it is let go at once: its sockets are closed.
      _ = acceptLoop.submit(DoorsClosing(doors: self, continuation: continuation))
    }
  }

  fileprivate func closeAll(_ closing: DoorsClosing) {
    let closed = doors
    doors = []
    for door in closed { door.close(telling: closing) }
  }
}

/// Resumes its waiter when the last reference to it is gone: each door that closes holds one until it has closed.
private final class DoorsClosing: LoopWork {
  let doors: ListenerDoors
  let continuation: CheckedContinuation<Void, Never>

  init(doors: ListenerDoors, continuation: CheckedContinuation<Void, Never>) {
    self.doors = doors
    self.continuation = continuation
  }

  func run(on loop: EventLoop) { doors.closeAll(self) }

  deinit { continuation.resume() }
}

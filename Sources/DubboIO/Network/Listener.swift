internal import DubboCore
package import DubboCrypto

/// Who takes the connections of a listener.
package protocol StreamAcceptor: AnyObject, Sendable {
  /// Called on the stream's loop, which is another one for each connection in turn. Sets `stream.handler` before it
  /// returns; a stream without one is closed.
  func streamAccepted(_ stream: ByteStream)
}

package struct ListenerConfiguration: Sendable {
  package var limits: ConnectionLimits
  package var stream: StreamConfiguration
  /// Connections that the system keeps waiting for us.
  package var backlog: Int
  /// How connections are encrypted; nil: not at all.
  package var tls: TLSContextSource?

  package init(
    limits: ConnectionLimits = ConnectionLimits(), stream: StreamConfiguration = StreamConfiguration(),
    backlog: Int = 1024, tls: TLSContextSource? = nil
  ) {
    self.limits = limits
    self.stream = stream
    self.backlog = backlog
    self.tls = tls
  }
}

/// Accepts connections on one or several addresses and hands them to the loops of a group in turn. For any thread.
///
/// One loop accepts: measured, that serves more than a listening socket for each loop (SO_REUSEPORT), which leaves the
/// distribution to a hash.
package final class Listener: Sendable {
  package let gate: ConnectionGate
  /// The addresses as bound, with the ports that the system chose.
  package let addresses: [SocketAddress]
  private let doors: ListenerDoors

  /// Binds and listens; connections are accepted when this returns.
  ///
  /// - Parameter endpoints: host names are looked up, and every address of theirs is bound. Port 0 takes a free port,
  ///   the same one for all addresses of a name.
  package init(
    on endpoints: [EndpointAddress], group: LoopGroup, configuration: ListenerConfiguration = ListenerConfiguration(),
    acceptor: any StreamAcceptor
  ) async throws(IOFailure) {
    gate = ConnectionGate(limits: configuration.limits, descriptors: group.descriptors)
    let loop = group.next()
    doors = ListenerDoors(
      acceptLoop: loop, group: group, gate: gate, configuration: configuration, acceptor: acceptor)
    addresses = try await doors.open(endpoints)
  }

  /// Stops accepting and closes the listening sockets; connections stay. Returns when the addresses are free again.
  /// The second call does no harm.
  package func stop() async { await doors.close() }
}

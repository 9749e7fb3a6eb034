internal import DubboCore
package import DubboIO

/// What a test may do to the machines of a network. A machine is a loop and all that lives on it.
extension SimulatedNetwork {
  /// The machine's connections break and nobody can connect to it until `restart`.
  ///
  /// - Parameter silently: as when the power goes: its peers hear nothing, and a peer that sends something after the
  ///   restart is told that nobody knows the connection. Otherwise they are reset at once, as when a process dies.
  package func crash(_ loop: EventLoop, silently: Bool = false) {
    guard let backend = backend(of: loop) else { return }
    backend.state = silently ? .dark : .down
    for socket in backend.sockets { socket.breakOff(silently: silently) }
  }

  /// The machine can be connected to again.
  package func restart(_ loop: EventLoop) { backend(of: loop)?.state = .up }

  /// For a while nothing comes to the machine and nothing from it, and comes then, as when a switch reboots.
  package func freeze(_ loop: EventLoop, for duration: Duration) {
    guard let backend = backend(of: loop) else { return }
    backend.frozenUntil = max(backend.frozenUntil, now.advanced(by: duration).nanoseconds)
  }

  /// Whoever still trusts a connection that broke silently learns of it.
  package func resetBrokenConnections() {
    for backend in backends {
      for socket in backend.sockets where socket.isCut { socket.learnOfBreak() }
    }
  }
}

package import DubboCore
internal import DubboCrypto

/// Who gets a new connection. On the loop, one of the two, once, unless the attempt was cancelled; perhaps before
/// `connect` returns.
package protocol ConnectHandler: AnyObject {
  /// Sets `stream.handler`, or calls `stream.begin()` later, when it has one.
  func connected(_ stream: ByteStream)
  func connectFailed(_ failure: IOFailure)
}

extension EventLoop {
  /// Tries all addresses of `endpoint` until one answers or `deadline` has come. Loop only.
  ///
  /// - Parameter names: what is known of the endpoint's name from earlier attempts, and told of this one's look-up.
  /// - Parameter tls: nil for a connection in clear. The handshake comes after `connected`, and its failure closes the
  ///   stream.
  @discardableResult
  package func connect(
    to endpoint: EndpointAddress, deadline: MonotonicInstant, configuration: StreamConfiguration = .init(),
    names: NameMemory? = nil, tls: CallerTLS? = nil, handler: any ConnectHandler
  ) -> ConnectAttempt {
    let attempt = ConnectAttempt(
      to: endpoint, deadline: deadline, configuration: configuration, names: names, tls: tls, on: self,
      handler: handler)
    attempt.start()
    return attempt
  }
}

/// One attempt to reach an endpoint: the look-up of its name, the race of its addresses, one deadline over both.
/// Loop-confined; it lives until it has ended.
package final class ConnectAttempt: LoopResource {
  private let endpoint: EndpointAddress
  private let deadline: MonotonicInstant
  private let configuration: StreamConfiguration
  private let names: NameMemory?
  private let tls: CallerTLS?
  private let loop: EventLoop
  private var handler: (any ConnectHandler)?
  private var race = ConnectRace([])
  private var lookup: NameLookup?
  private var candidates: [ConnectCandidate] = []
  private var deadlineToken = DeadlineToken.none
  private var headStart = DeadlineToken.none
  var resourceIndex = -1

  init(
    to endpoint: EndpointAddress, deadline: MonotonicInstant, configuration: StreamConfiguration, names: NameMemory?,
    tls: CallerTLS?, on loop: EventLoop, handler: any ConnectHandler
  ) {
    self.endpoint = endpoint
    self.deadline = deadline
    self.configuration = configuration
    self.names = names
    self.tls = tls
    self.loop = loop
    self.handler = handler
  }

  fileprivate func start() {
    assert(loop.isCurrent, "a connection is opened on its loop")
    loop.add(self)
    guard handler != nil else { return }
    deadlineToken = loop.deadlines.arm(self, at: deadline)
    if let literal = endpoint.literal {
      begin(with: [literal])
    } else if case .tcp(let host, let port) = endpoint {
      let lookup = NameLookup(of: host, port: port, until: lookupLimit, on: loop, owner: self)
      if handler != nil, candidates.isEmpty { self.lookup = lookup }
    }
  }

  /// Where addresses of an earlier time are at hand, half of the time is left to try them.
  private var lookupLimit: MonotonicInstant {
    let limit = min(deadline, loop.now.advanced(by: .seconds(10)))
    guard let names, !names.known.addresses.isEmpty else { return limit }
    return min(limit, loop.now.advanced(by: loop.now.duration(to: deadline) / 2))
  }

  private func begin(with addresses: [SocketAddress]) {
    race = ConnectRace(addresses)
    tryNext()
  }

  private func tryNext() {
    while handler != nil, let address = race.next() {
      let candidate = ConnectCandidate(attempt: self, address: address)
      do throws(IOFailure) {
        candidate.socket = try loop.backend.connect(to: address, owner: candidate)
        candidates.append(candidate)
        if race.hasMore {
          headStart = loop.deadlines.arm(self, at: loop.now.advanced(by: ConnectRace.headStart))
        }
        return
      } catch {
        note(error, at: address)
      }
    }
    if race.isLost { end()?.connectFailed(race.failure(connectingTo: endpoint)) }
  }

  private func note(_ failure: IOFailure, at address: SocketAddress) {
    var failure = failure
    failure.subject = address.description
    race.failed(failure)
  }

  fileprivate func failed(_ candidate: ConnectCandidate, _ failure: IOFailure) {
    guard let index = candidates.firstIndex(where: { $0 === candidate }) else { return }
    candidates.remove(at: index)
    candidate.drop()
    note(failure, at: candidate.address)
    loop.deadlines.cancel(headStart)
    tryNext()
  }

  fileprivate func won(_ candidate: ConnectCandidate) {
    guard let index = candidates.firstIndex(where: { $0 === candidate }) else { return }
    candidates.remove(at: index)
    guard let socket = candidate.socket, let handler = end() else { return candidate.drop() }
    let stream = ByteStream(
      loop: loop, peer: candidate.address, configuration: configuration,
      admission: ConnectionAdmission(descriptors: loop.descriptors))
    stream.socket = socket
    socket.owner = stream
    do throws(IOFailure) {
      if let tls { try stream.secure(socket, tls.contexts.current, serverName: tls.serverName) }
    } catch {
      stream.close(.failed(error))
      return handler.connectFailed(error)
    }
    handler.connected(stream)
    if stream.handler != nil { stream.begin() }
  }

  /// The handler hears no more. Any number of times. Loop only.
  package func cancel() { _ = end() }

  func loopEnds() { end()?.connectFailed(.loopHasEnded("connect to", on: endpoint.description)) }

  /// Lets go of everything; the handler is given to the first who asks.
  private func end() -> (any ConnectHandler)? {
    guard let handler else { return nil }
    self.handler = nil
    loop.deadlines.cancel(deadlineToken)
    loop.deadlines.cancel(headStart)
    lookup?.cancel()
    lookup = nil
    for candidate in candidates { candidate.drop() }
    candidates = []
    loop.remove(self)
    return handler
  }
}

extension ConnectAttempt: DeadlineHandler, ResolutionOwner {
  package func deadlineReached(_ token: DeadlineToken) {
    guard token == deadlineToken else { return tryNext() }
    let waited = lookup == nil ? "the other side did not answer in time" : "the name servers did not answer in time"
    end()?.connectFailed(IOFailure(.timedOut, "connect to", on: endpoint.description, reason: waited))
  }

  package func resolved(_ result: Result<[SocketAddress], IOFailure>) {
    lookup = nil
    names?.note(result)
    switch result {
    case .success(let addresses): begin(with: addresses)
    case .failure(let failure):
      // What was right before may still be; the resolver's trouble is not the provider's.
      guard let known = names?.known.addresses, !known.isEmpty else {
        end()?.connectFailed(failure)
        return
      }
      begin(with: known)
    }
  }
}

/// One address of an attempt, being tried.
private final class ConnectCandidate: SocketOwner {
  let address: SocketAddress
  var socket: (any StreamSocket)?
  private var attempt: ConnectAttempt?

  init(attempt: ConnectAttempt, address: SocketAddress) {
    self.attempt = attempt
    self.address = address
  }

  func drop() {
    attempt = nil
    socket?.owner = nil
    socket?.close(reset: false)
    socket = nil
  }

  func socketConnected() {
    let attempt = self.attempt
    self.attempt = nil
    attempt?.won(self)
  }
  func socketFailed(_ failure: IOFailure) {
    let attempt = self.attempt
    self.attempt = nil
    attempt?.failed(self, failure)
  }
  func socketReceived(_ bytes: UnsafeRawBufferPointer) {}
  func socketReachedEnd() {}
  func socketWrote() {}
  func socketShutDown() {}
  func socketClosed() {}
}

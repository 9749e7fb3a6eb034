internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// A place for one connection to a provider: the calls that wait for it, the connection while there is one, and the
/// next when it is gone. Confined to its loop; what it does is decided by `ConnectionLife`.
final class ConnectionSlot {
  private let address: EndpointAddress
  private let target: CallTarget
  private let loop: EventLoop
  private let shared: SlotAvailability
  private let log: Log
  private var life: ConnectionLife
  private var generator: SeededGenerator
  private var current: ClientConnection?
  private var attempt: ConnectAttempt?
  private var waiting: ContiguousArray<ClientCall> = []
  /// Those who want to hear how the present attempt ends.
  private var openings: [() -> Void] = []
  private var lastTrouble = ""
  private var restEnd = DeadlineToken.none
  /// Nil for an address without a name.
  private let names: NameMemory?
  private var nameTimer = DeadlineToken.none
  private var closing: (() -> Void)?
  /// Connections that are open in whatever state.
  private var connections: ContiguousArray<ClientConnection> = []
  /// What those that are closed have seen.
  private var past = ConnectionMetrics()

  init(address: EndpointAddress, target: CallTarget, loop: EventLoop, shared: SlotAvailability, log: Log) {
    self.address = address
    self.target = target
    self.loop = loop
    self.shared = shared
    self.log = log
    life = ConnectionLife(backoff: target.settings.backoff)
    names = NameMemory(of: address, maximumAge: target.settings.nameAge, on: loop)
    generator = SeededGenerator(seed: target.settings.seed ?? UInt64.random(in: .min ... .max))
  }

  // MARK: Calls

  func start(_ call: ClientCall) {
    guard call.begin(on: loop) else { return }
    switch life.callArrives(now: loop.now) {
    case .send: send(call)
    case .wait: enqueue(call)
    case .connect:
      enqueue(call)
      connect()
    case .refuse:
      call.finish(
        DubboError(
          .unavailable, "\(target.name) can't be reached and rests before the next attempt: \(lastTrouble)",
          reason: .connection, progress: .notSent))
    case .refuseClosed:
      call.finish(
        DubboError(.unavailable, "the endpoint \(target.name) is closed", reason: .shutdown, progress: .notSent))
    }
  }

  private func send(_ call: ClientCall) {
    guard let current, current.availableStreams > 0 else { return enqueue(call) }
    do throws(HTTP2Refusal) {
      try current.send(call, target.head(call.invocation, now: loop.now))
    } catch {
      switch error {
      case .noStreamAvailable, .closed: enqueue(call)
      case .invalidHeader(let field):
        refuse(call, .invalidArgument, "the call's metadata can't be sent: \(field)")
      case .headerListTooLarge(let size, let limit):
        refuse(call, .resourceExhausted, "the call's metadata has \(size) bytes, and the limit is \(limit)")
      case .outOfOrder: refuse(call, .internal, "the call was sent twice")
      }
    }
  }

  private func refuse(_ call: ClientCall, _ code: StatusCode, _ sentence: String) {
    call.finish(DubboError(code, sentence, reason: .limit, progress: .notSent))
  }

  private func enqueue(_ call: ClientCall) {
    if waiting.count >= target.settings.client.maxWaitingCalls { waiting.removeAll { $0.isOver } }
    guard waiting.count < target.settings.client.maxWaitingCalls else {
      return refuse(call, .resourceExhausted, "\(waiting.count) calls wait for \(target.name) already")
    }
    waiting.append(call)
  }

  /// Sends those that waited, the oldest first, as far as there is room.
  private func sendWaiting() {
    guard !waiting.isEmpty else { return }
    var line: ContiguousArray<ClientCall> = []
    swap(&line, &waiting)
    for (index, call) in line.enumerated() where !call.isOver {
      guard let current, current.availableStreams > 0 else {
        waiting = ContiguousArray(line[index...]) + waiting
        return
      }
      send(call)
    }
  }

  private func failWaiting(_ trouble: String) {
    var line: ContiguousArray<ClientCall> = []
    swap(&line, &waiting)
    for call in line {
      call.finish(
        DubboError(
          .unavailable, "\(target.name) can't be reached: \(trouble)", reason: .connection, progress: .notSent))
    }
  }

  // MARK: The connection

  /// Connects without a call, if nobody has yet; `done` is called when there is a connection, or cannot be one now.
  func open(_ done: @escaping () -> Void) {
    switch life.callArrives(now: loop.now) {
    case .send, .refuse, .refuseClosed: done()
    case .wait: openings.append(done)
    case .connect:
      openings.append(done)
      connect()
    }
  }

  private func connect() {
    publish()
    attempt = loop.connect(
      to: address, deadline: loop.currentTime().advanced(by: target.settings.connectTimeout),
      configuration: StreamConfiguration(writeStallTimeout: target.settings.client.writeStall), names: names,
      tls: target.tls, handler: self)
  }

  /// Looks at the name again when what is known of it is too old, as long as there is a connection.
  private func watchName() {
    loop.deadlines.cancel(nameTimer)
    guard let names, current != nil, names.known.nextLook < .distantFuture else { return }
    nameTimer = loop.deadlines.arm(self, at: names.known.nextLook)
  }

  private func refreshName() {
    guard let names, current != nil else { return }
    names.refresh { [weak self] in
      guard let self, let connection = current else { return }
      if !names.known.addresses.contains(connection.peer) {
        log.info("a provider's name has other addresses now", ["peer": "\(target.name)"])
        connection.leave()
        connectionLeaves(connection, isOurWill: true)
      }
      watchName()
    }
  }

  func connectionReady(_ connection: ClientConnection) {
    guard connection === current else { return }
    life.connected()
    publish()
    sendWaiting()
  }

  /// A call was answered on it, or is being served.
  func hasServed(_ connection: ClientConnection) {
    if connection === current { life.served() }
  }

  func roomMade(on connection: ClientConnection) {
    guard connection === current else { return }
    sendWaiting()
  }

  /// The connection takes no more calls, by the peer's will or ours: the next one goes to a new connection.
  func connectionLeaves(_ connection: ClientConnection, isOurWill: Bool = false) {
    guard connection === current else { return }
    current = nil
    if isOurWill || hasFailedNobody(connection) { life.served() }
    life.connectionLost(now: loop.now, using: &generator)
    reconnectForWaiting("the connection went away before the call could be sent")
  }

  func connectionEnded(_ connection: ClientConnection, trouble: String) {
    if connections.contains(where: { $0 === connection }) {
      connections.removeAll { $0 === connection }
      past.addClosed(connection.session)
    }
    if connection === current {
      current = nil
      lastTrouble = trouble
      if hasFailedNobody(connection) { life.served() }
      life.connectionLost(now: loop.now, using: &generator)
      reconnectForWaiting(trouble)
    }
    finishClosing()
  }

  /// Nobody has called on it, nor wanted to: its end says nothing about whether the provider serves.
  private func hasFailedNobody(_ connection: ClientConnection) -> Bool {
    connection.isUnused && waiting.isEmpty
  }

  private func reconnectForWaiting(_ trouble: String) {
    waiting.removeAll { $0.isOver }
    if !waiting.isEmpty {
      switch life.callArrives(now: loop.now) {
      case .connect: connect()
      case .refuse, .refuseClosed: failWaiting(trouble)
      case .send, .wait: break
      }
    }
    publish()
  }

  var metrics: ConnectionMetrics {
    var sum = past
    for connection in connections { sum.add(connection.session) }
    return sum
  }

  /// Tells whoever opened the connection, and the cluster, and tells that again when a rest is over: it calls nobody who is not available, so that no call
  /// would come here to find out.
  private func publish() {
    shared.value = life.availability(now: loop.now)
    loop.deadlines.cancel(restEnd)
    if case .resting(let end) = life.state, end > loop.now { restEnd = loop.deadlines.arm(self, at: end) }
    guard life.state != .connecting, !openings.isEmpty else { return }
    let done = openings
    openings = []
    for done in done { done() }
  }

  // MARK: The end

  /// No new calls; `done` is called when those that run have ended and the connections are closed.
  func close(_ done: @escaping () -> Void) {
    guard closing == nil else { return done() }
    closing = done
    life.close()
    loop.deadlines.cancel(nameTimer)
    names?.stop()
    publish()
    attempt?.cancel()
    attempt = nil
    failWaiting("the endpoint was closed")
    current?.leave()
    finishClosing()
  }

  private func finishClosing() {
    guard connections.isEmpty, let closing else { return }
    self.closing = {}
    closing()
  }
}

extension ConnectionSlot: DeadlineHandler {
  func deadlineReached(_ token: DeadlineToken) {
    if token == nameTimer { refreshName() } else { publish() }
  }
}

extension ConnectionSlot: ConnectHandler {
  func connected(_ stream: ByteStream) {
    attempt = nil
    do {
      let deadline = loop.now.advanced(by: target.settings.connectTimeout)
      let connection = try ClientConnection(stream: stream, slot: self, target: target, until: deadline)
      current = connection
      connections.append(connection)
      stream.handler = connection
      stream.begin()
      connection.touch()
      watchName()
    } catch {
      stream.close(.closed("\(error)"))
      connectFailed("\(error)")
    }
  }

  func connectFailed(_ failure: IOFailure) {
    attempt = nil
    connectFailed(failure.description)
  }

  private func connectFailed(_ trouble: String) {
    lastTrouble = trouble
    life.attemptFailed(now: loop.currentTime(), using: &generator)
    publish()
    log.debug("a connection attempt failed", ["peer": "\(target.name)", "reason": "\(trouble)"])
    failWaiting(trouble)
  }
}

internal import DubboCore
internal import DubboIO

/// One end of a simulated connection. Bytes travel in pieces of random size and with random delay, in order; a full
/// buffer makes the writer wait; closing with unread input resets the other end, as TCP does.
final class SimulatedSocket: StreamSocket {
  private(set) var backend: SimulatedBackend
  var owner: (any SocketOwner)?
  let localAddress: SocketAddress? = nil
  private(set) var isClosed = false
  /// The other end is gone and this one does not know.
  private(set) var isCut = false
  private var resetsAtClose = false
  private var other: SimulatedSocket?
  private var network: SimulatedNetwork { backend.network }

  // What comes in.
  private var arrived: [UInt8] = []
  private var underWay = 0
  private var lastArrival: UInt64 = 0
  private var isReading = false
  private var endHasArrived = false
  private var endWasTold = false

  // What goes out.
  private var writing: UnsafeRawBufferPointer?

  init(on backend: SimulatedBackend, owner: (any SocketOwner)?) {
    self.backend = backend
    self.owner = owner
    backend.add(self)
  }

  func move(to backend: SimulatedBackend) {
    self.backend.remove(self)
    self.backend = backend
    backend.add(self)
  }

  func pair(with other: SimulatedSocket) {
    self.other = other
    other.other = self
  }

  // MARK: Reading

  func startReading() {
    isReading = true
    network.schedule(on: backend, after: 0) { self.hand() }
  }

  func stopReading() { isReading = false }

  private func hand() {
    while isReading, !isClosed, !arrived.isEmpty {
      let size = network.draw(1...min(arrived.count, network.weather.largestPiece))
      let piece = Array(arrived.prefix(size))
      arrived.removeFirst(size)
      piece.withUnsafeBytes { owner?.socketReceived($0) }
    }
    // A writer that waits goes on when there is room worth a piece, as TCP's windows do.
    if let other, other.writing != nil, arrived.count + underWay <= network.weather.socketBuffer / 2 {
      network.schedule(on: other.backend, after: 0) { other.goOnWriting() }
    }
    if endHasArrived, arrived.isEmpty, underWay == 0, isReading, !isClosed, !endWasTold {
      endWasTold = true
      owner?.socketReachedEnd()
    }
  }

  /// Brings something here after what is under way.
  private func bring(_ action: @escaping (SimulatedSocket) -> Void) {
    let frozenUntil = max(backend.frozenUntil, other?.backend.frozenUntil ?? 0)
    lastArrival = max(lastArrival + 1, network.now.nanoseconds + network.drawLatency(), frozenUntil)
    land(at: lastArrival, on: backend, action)
  }

  private func land(at instant: UInt64, on sent: SimulatedBackend, _ action: @escaping (SimulatedSocket) -> Void) {
    network.schedule(on: sent, at: instant) { [self] in
      // Another loop may have adopted this end meanwhile.
      guard sent === backend else { return land(at: instant, on: backend, action) }
      guard !isClosed else { return }
      action(self)
      hand()
    }
  }

  // MARK: Writing

  private func send(_ bytes: UnsafeRawBufferPointer) -> Int {
    if isCut { return sendToNobody(bytes.count) }
    guard let other, !other.isClosed else { return bytes.count }
    let room = max(0, network.weather.socketBuffer - other.arrived.count - other.underWay)
    guard room > 0, bytes.count > 0 else { return 0 }
    let size = network.draw(1...min(room, bytes.count))
    var piece = Array(bytes.prefix(size))
    network.carry(&piece)
    other.underWay += size
    other.bring { [piece] socket in
      socket.underWay -= size
      socket.arrived += piece
    }
    return size
  }

  /// The machine that was there is dark, or up again and knows nothing of this connection.
  private func sendToNobody(_ count: Int) -> Int {
    if let other, other.backend.state != .dark { learnOfBreak() }
    return count
  }

  func tryWrite(_ bytes: UnsafeRawBufferPointer) throws(IOFailure) -> Int { isClosed ? 0 : send(bytes) }

  func write(_ bytes: UnsafeRawBufferPointer) throws(IOFailure) {
    writing = bytes
    network.schedule(on: backend, after: 0) { self.goOnWriting() }
  }

  private func goOnWriting() {
    guard let bytes = writing, !isClosed else { return }
    let sent = send(bytes)
    if sent == bytes.count {
      writing = nil
      owner?.socketWrote()
    } else if sent > 0 {
      writing = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      network.schedule(on: backend, after: 1_000) { self.goOnWriting() }
    }
  }

  var unwrittenBytes: Int { writing?.count ?? 0 }

  // MARK: Ending

  func shutDownWriting() throws(IOFailure) {
    other?.bring { $0.endHasArrived = true }
    network.schedule(on: backend, after: 0) { if !self.isClosed { self.owner?.socketShutDown() } }
  }

  func close(reset: Bool) {
    guard !isClosed else { return }
    isClosed = true
    writing = nil
    backend.remove(self)
    let isReset = reset || resetsAtClose || !arrived.isEmpty || underWay > 0
    if !isCut, other?.isCut != true { tellOfClose(isReset) }
    network.schedule(on: backend, after: 0) { [self] in
      let owner = self.owner
      self.owner = nil
      other = nil
      owner?.socketClosed()
    }
  }

  private func tellOfClose(_ isReset: Bool) {
    other?.bring { socket in
      if isReset {
        socket.fail(.init(.init(rawValue: "ECONNRESET"), "read", reason: "connection reset by peer"))
      } else {
        socket.endHasArrived = true
      }
    }
  }

  func fail(_ failure: IOFailure) { owner?.socketFailed(failure) }

  /// This end's machine breaks down.
  func breakOff(silently: Bool) {
    guard !isClosed else { return }
    if silently { other?.isCut = true } else { resetsAtClose = true }
    if owner == nil { return close(reset: true) }
    network.schedule(on: backend, after: 0) { [self] in
      if !isClosed { fail(.init(.init(rawValue: "ECONNRESET"), "read", reason: "the machine broke down")) }
    }
  }

  /// The other end's machine says that it does not know the connection.
  func learnOfBreak() {
    lastArrival = max(lastArrival + 1, network.now.nanoseconds + network.drawLatency())
    network.schedule(on: backend, at: lastArrival) { [self] in
      if !isClosed { fail(.init(.init(rawValue: "ECONNRESET"), "read", reason: "connection reset by peer")) }
    }
  }
}

final class SimulatedListenSocket: ListenSocket {
  let backend: SimulatedBackend
  let localAddress: SocketAddress
  private var owner: (any ListenSocketOwner)?
  private var waiting: [AcceptedSocket] = []
  private var isAccepting = false

  init(on backend: SimulatedBackend, at address: SocketAddress, owner: any ListenSocketOwner) {
    self.backend = backend
    localAddress = address
    self.owner = owner
  }

  func arrived(_ socket: SimulatedSocket) {
    let accepted = AcceptedSocket(
      descriptor: backend.network.nextDescriptor(), peer: .ipv4(address: 0x7f00_0001, port: 1))
    backend.network.accepted[accepted.descriptor] = socket
    waiting.append(accepted)
    backend.network.schedule(on: backend, after: 0) { self.tell() }
  }

  private func tell() {
    if isAccepting, !waiting.isEmpty { owner?.acceptReady() }
  }

  func startAccepting() {
    isAccepting = true
    backend.network.schedule(on: backend, after: 0) { self.tell() }
  }

  func stopAccepting() { isAccepting = false }

  func accept() throws(IOFailure) -> AcceptedSocket? { waiting.isEmpty ? nil : waiting.removeFirst() }

  func refuse(_ accepted: AcceptedSocket) {
    backend.network.accepted.removeValue(forKey: accepted.descriptor)?.close(reset: true)
  }

  func close() {
    isAccepting = false
    backend.network.listeners[localAddress] = nil
    for accepted in waiting { refuse(accepted) }
    waiting = []
    backend.network.schedule(on: backend, after: 0) { [self] in
      let owner = self.owner
      self.owner = nil
      owner?.listenSocketClosed()
    }
  }
}

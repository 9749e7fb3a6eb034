internal import DubboCore
internal import DubboCrypto

/// A socket that speaks TLS over another one: whoever uses it sees the connection's plain bytes. What is written before
/// the handshake is done waits for its end. Loop-confined.
///
/// A handshake that fails, and a dialogue that breaks, is `socketFailed`; how long a handshake may take is for the user
/// to say. Writing is `TLSSocketWriting`.
final class TLSSocket: StreamSocket {
  let socket: any StreamSocket
  let session: TLSSession
  let loop: EventLoop
  private let peer: String
  var owner: (any SocketOwner)?
  private(set) var isEstablished = false
  private(set) var isClosed = false
  var isBroken = false
  private var endWasTold = false
  private var isReading = false
  private var isDelivering = false
  var isWaitingForTurn = false
  /// Many that connect at once leave room in each turn for those who are connected.
  private static let handshakesPerTurn = 8

  /// Ciphertext that the system has not been asked to write.
  let outgoing: OutputBuffer
  /// Ciphertext that the system is writing.
  var blockInFlight: OutputBlock?
  /// What `write` was given and is not encrypted yet. Valid until the owner hears `socketWrote` or `socketClosed`.
  var unencrypted: UnsafeRawBufferPointer?
  /// What `tryWrite` was given last is encrypted, though it said that it took nothing.
  var hasEncrypted = false
  /// The owner waits for `socketWrote`.
  var ownerWaits = false
  var isShuttingDown = false

  /// Becomes the owner of `socket`.
  ///
  /// - Parameter serverName: nil for the server's side.
  init(
    over socket: any StreamSocket, _ context: TLSContext, serverName: String?, peer: SocketAddress, on loop: EventLoop
  ) throws(IOFailure) {
    self.socket = socket
    self.loop = loop
    self.peer = peer.description
    outgoing = OutputBuffer(slabs: loop.slabs)
    do throws(TLSFailure) {
      session = try TLSSession(context, serverName: serverName)
    } catch {
      throw IOFailure(error, with: peer.description)
    }
    socket.owner = self
  }

  deinit { giveBackBlock() }

  var localAddress: SocketAddress? { socket.localAddress }

  // MARK: Reading

  func startReading() {
    guard !isClosed else { return }
    isReading = true
    socket.startReading()
    if !isEstablished {
      // A client speaks first.
      advance {}
    } else if !isDelivering, session.hasIncoming {
      // What came before the pause is handed over, but not inside whatever called this.
      goOnNextTurn()
    }
  }

  func stopReading() {
    isReading = false
    if !isClosed { socket.stopReading() }
  }

  /// Takes the session a step further and sends what it has to say to that.
  private func advance(_ step: () throws(TLSFailure) -> Void) {
    guard !isClosed, !isBroken else { return }
    do throws(TLSFailure) {
      try step()
      if !isEstablished {
        guard loop.handshakes.take(in: loop.turnNumber, limit: Self.handshakesPerTurn) else { return goOnNextTurn() }
        if try session.handshake() {
          isEstablished = true
          send()
          if unencrypted != nil { goOnWriting() }
        }
      }
      if isEstablished, !isClosed { try deliver() }
      if !isClosed { send() }
    } catch {
      fail(error)
    }
  }

  private func goOnNextTurn() {
    guard !isWaitingForTurn else { return }
    isWaitingForTurn = true
    _ = loop.deadlines.arm(self, at: loop.now)
  }

  /// Hands over what can be decrypted, in pieces as large as those of a plain socket.
  private func deliver() throws(TLSFailure) {
    guard !isDelivering else { return }
    isDelivering = true
    let slab = loop.slabs.take()
    defer {
      loop.slabs.give(slab, capacity: SlabPool.slabSize)
      isDelivering = false
    }
    while isReading, !isClosed {
      var count = 0
      var reading = TLSSession.Reading.nothing
      repeat {
        reading = try session.read(into: .init(start: slab + count, count: SlabPool.slabSize - count))
        if case .bytes(let more) = reading { count += more }
      } while reading != .nothing && reading != .ended && SlabPool.slabSize - count >= TLSSession.recordSize
      if count > 0 { owner?.socketReceived(UnsafeRawBufferPointer(start: slab, count: count)) }
      if reading == .ended { return tellEnd() }
      if reading == .nothing { return }
    }
  }

  private func tellEnd() {
    guard !endWasTold, !isClosed else { return }
    endWasTold = true
    owner?.socketReachedEnd()
  }

  /// The alert for the other side leaves if the system takes it at once.
  func fail(_ failure: TLSFailure) {
    send()
    isBroken = true
    owner?.socketFailed(IOFailure(failure, with: peer))
  }

  // MARK: Ending

  func close(reset: Bool) {
    guard !isClosed else { return }
    if !reset, isEstablished, !isBroken, !isShuttingDown {
      session.shutDown()
      send()
    }
    isClosed = true
    socket.close(reset: reset)
  }
}

extension TLSSocket: SocketOwner {
  func socketConnected() {}

  func socketReceived(_ bytes: UnsafeRawBufferPointer) {
    // In records' sizes, so that the session's memory stays as small as one.
    var rest = bytes
    while !rest.isEmpty, !isClosed, !isBroken {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(TLSSession.recordSize))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      advance { () throws(TLSFailure) in try session.feed(piece) }
    }
  }

  /// HTTP/2 says itself whether it is complete, so that an end without TLS's own is no more than an end.
  func socketReachedEnd() {
    guard !isClosed, !isBroken else { return }
    if isEstablished { return tellEnd() }
    fail(TLSFailure(.broken, "the other side closed the connection during the TLS handshake"))
  }

  func socketShutDown() { owner?.socketShutDown() }

  func socketFailed(_ failure: IOFailure) {
    if !isBroken { owner?.socketFailed(failure) }
  }

  func socketClosed() {
    isClosed = true
    giveBackBlock()
    unencrypted = nil
    let owner = self.owner
    self.owner = nil
    owner?.socketClosed()
  }
}

extension TLSSocket: DeadlineHandler {
  func deadlineReached(_ token: DeadlineToken) {
    isWaitingForTurn = false
    advance {}
  }
}

extension ByteStream {
  /// Has the stream speak TLS over `socket` from its first byte on.
  func secure(_ socket: any StreamSocket, _ context: TLSContext, serverName: String? = nil) throws(IOFailure) {
    let secured = try TLSSocket(over: socket, context, serverName: serverName, peer: peer, on: loop)
    secured.owner = self
    self.socket = secured
  }
}

extension IOFailure.Code {
  package static let tls = Self(rawValue: "TLS")
}

extension IOFailure {
  fileprivate init(_ failure: TLSFailure, with peer: String) {
    self.init(.tls, "speak TLS with", on: peer, reason: failure.reason, advice: failure.advice)
  }
}

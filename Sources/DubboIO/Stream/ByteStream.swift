package import DubboCore
internal import DubboCrypto

/// One connection as bytes: TCP or a unix socket.
///
/// What the peer sends goes to the handler; what the handler appends to `output` leaves in one write at the end of the
/// turn. What the system does not take at once is written behind the scenes, one write at a time, and nothing new is
/// asked of the handler meanwhile. Loop-confined; it stays alive until it is closed, whoever holds it.
///
/// By phase of life: reading in `StreamReading`, writing in `StreamWriting`, the end in `StreamEnding`.
package final class ByteStream: LoopResource {
  package let loop: EventLoop
  package let peer: SocketAddress
  /// What will be written next. Append in `streamFlush`, or at any time before `markDirty()`.
  package let output: OutputBuffer
  package var handler: (any ByteStreamHandler)?
  package let configuration: StreamConfiguration

  enum Phase {
    case open
    /// `finish()`: what is left is being written.
    case finishing
    /// Our direction is ended: what comes is thrown away until the peer ends too.
    case lingering
    case closing
    case closed
  }
  var phase = Phase.open
  var hasBegun = false
  var socket: (any StreamSocket)?
  var peerHasEnded = false
  var isReadingPaused = false
  var isDirty = false
  var blockInFlight: OutputBlock?
  var unwrittenAtLastLook = 0
  var closeReason = StreamCloseReason.finished
  var stallDeadline = DeadlineToken.none
  var idleDeadline = DeadlineToken.none
  var lingerDeadline = DeadlineToken.none
  var lastActivity: MonotonicInstant
  /// The slot that this connection takes in the limits, given back when it is closed.
  var admission: ConnectionAdmission?
  var resourceIndex = -1

  init(loop: EventLoop, peer: SocketAddress, configuration: StreamConfiguration, admission: ConnectionAdmission?) {
    self.loop = loop
    self.peer = peer
    self.configuration = configuration
    self.admission = admission
    output = OutputBuffer(slabs: loop.slabs)
    lastActivity = loop.now
    loop.add(self)
  }

  package var local: SocketAddress? { socket?.localAddress }

  /// Who the other side has shown to be; nil without TLS, before its handshake is done, and without a certificate.
  package var peerCertificate: PeerCertificate? { (socket as? TLSSocket)?.session.peerCertificate }

  /// False once the end was begun by `finish`, `close` or a failure.
  package var isOpen: Bool { phase == .open }

  /// Begins to read, or closes a stream without a handler. The loop does so for a stream that has its handler when it
  /// is handed out.
  package func begin() {
    guard !hasBegun, phase != .closing, phase != .closed else { return }
    guard handler != nil else { return close(.closed("nobody took the connection")) }
    hasBegun = true
    if !isReadingPaused || phase != .open { socket?.startReading() }
    if let idle = configuration.idleTimeout {
      idleDeadline = loop.deadlines.arm(self, at: loop.now.advanced(by: idle))
    }
  }
}

extension ByteStream: DeadlineHandler {
  package func deadlineReached(_ token: DeadlineToken) {
    if token == stallDeadline {
      checkWriteProgress()
    } else if token == idleDeadline {
      checkActivity()
    } else if token == lingerDeadline {
      close(.finished)
    }
  }

  private func checkActivity() {
    guard let idle = configuration.idleTimeout, isOpen else { return }
    let due = lastActivity.advanced(by: idle)
    if due <= loop.now, !isWriting { return close(.idle) }
    idleDeadline = loop.deadlines.arm(self, at: max(due, loop.now.advanced(by: idle / 8)))
  }
}

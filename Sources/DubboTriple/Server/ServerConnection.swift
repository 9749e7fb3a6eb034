internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// One accepted connection: tells the protocol by its first bytes, then moves bytes between the stream and the HTTP/2
/// engine and events from the engine to the calls. Confined to its loop.
final class ServerConnection: ByteStreamHandler {
  let stream: ByteStream
  let loop: EventLoop
  let server: ServerSide
  let settings: TripleSettings
  private(set) var peer: Peer
  private let memory: CodecMemory
  private(set) var session: HTTP2Session?
  private var firstBytes: [UInt8] = []
  /// Calls whose methods wait until answers have left.
  private var held: [ServerCall] = []
  var watch: ConnectionWatch
  var timer = DeadlineToken.none
  var timerAt = MonotonicInstant.distantFuture
  private var isDraining = false
  /// Its place in the server's list of this loop.
  var index = -1
  /// Methods that have not returned, those of closed streams included.
  private(set) var runningCalls = 0

  init(stream: ByteStream, server: ServerSide, memory: CodecMemory, watch: ConnectionWatch) {
    self.stream = stream
    self.server = server
    self.memory = memory
    self.watch = watch
    loop = stream.loop
    settings = server.settings
    peer = Peer(address: stream.peer.description, localAddress: stream.local?.description ?? "")
    armTimer(at: loop.now.advanced(by: settings.server.http2.prefaceTimeout))
  }

  /// The routes of this moment.
  var routes: RouteTable { server.routes }

  // MARK: From the socket

  func streamReceived(_ bytes: UnsafeRawBufferPointer) {
    guard session == nil else { return receive(bytes) }
    firstBytes.append(contentsOf: bytes)
    let verdict = firstBytes.withUnsafeBytes { ProtocolSniffer.judge($0) }
    switch verdict {
    case .needsMore: return
    case .http2: beginHTTP2()
    case .http1:
      stream.output.append(HTTP1Refusal.response)
      stream.finish()
    case .tls: server.note(peer, "speaks TLS on a plaintext port"); stream.close(.closed("TLS on a plaintext port"))
    case .dubbo: server.note(peer, "speaks Dubbo's TCP protocol, not Triple"); stream.close(.closed("Dubbo TCP"))
    case .unknown: server.note(peer, "speaks no protocol that is known here"); stream.close(.closed("no protocol"))
    }
  }

  private func beginHTTP2() {
    do throws(HTTP2Failure) {
      let session = try HTTP2Session(
        role: .server, settings: settings.server.http2Settings, limits: server.limits, memory: memory,
        makeStream: { ServerCall() }, now: loop.now)
      self.session = session
      if let certificate = stream.peerCertificate {
        peer = Peer(address: peer.address, localAddress: peer.localAddress, certificate: certificate)
      }
      let bytes = firstBytes
      firstBytes = []
      bytes.withUnsafeBytes { receive($0) }
      armTimer(at: watch.next(hasCalls: true))
      if isDraining { drain() }
    } catch {
      stream.close(.closed(error.reason))
    }
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) {
    guard let session else { return }
    watch.heard(loop.now)
    // A failure is told by the `failed` event, too: what the engine still has to say is sent before the end.
    try? session.receive(bytes, now: loop.now)
    handleEvents(of: session)
    touch()
  }

  func streamReachedEnd() {
    // Nobody ends one direction of HTTP/2: the peer is gone, and so are its calls.
    stream.finish()
    endSession(.cancel)
  }

  func streamFlush() {
    guard let session else { return }
    session.produce(into: stream.output, limit: 65_536)
    handleEvents(of: session)
    if session.needsFlush {
      stream.markDirty()
    } else if session.isFinished {
      stream.finish()
    }
    armTimer(at: session.nextDeadline)
  }

  func streamDrained() {}

  func streamClosed(_ reason: StreamCloseReason) {
    loop.deadlines.cancel(timer)
    switch reason {
    case .writeStalled: server.note(peer, reason.description)
    case .failed(let failure) where failure.code == .tls: server.note(peer, failure.reason)
    default: break
    }
    endSession(.cancel)
    server.connectionEnded(self)
  }

  private func endSession(_ code: HTTP2ErrorCode) {
    guard let session else { return }
    session.close(code)
    handleEvents(of: session)
  }

  // MARK: Events

  func handleEvents(of session: HTTP2Session) {
    while let event = session.nextEvent() {
      switch event {
      case .headers(let stream, let endStream): call(stream).begin(on: self, endStream: endStream)
      case .data(let stream, let bytes): call(stream).receive(bytes)
      case .end(let stream), .trailers(let stream): call(stream).requestEnded()
      case .drained(let stream): call(stream).drained()
      case .closed(let stream, let code):
        call(stream).streamClosed(code)
        if let limit = stream.resetReason { server.note(peer, limit.description) }
        if !hasCalls(session) { watch.callsEnd(loop.now) }
      case .failed:
        if let failure = session.failure, failure.code != .noError { server.note(peer, failure.reason) }
      case .settings, .pong, .goAway: break
      }
    }
    if !held.isEmpty { release(session) }
    loop.startRequests()
  }

  private func call(_ stream: HTTP2Stream) -> ServerCall {
    // The session was told to make nothing else.
    unsafeDowncast(stream, to: ServerCall.self)
  }

  /// Has the call's method started when the bytes at hand are through: a stream that is reset in the same breath
  /// never starts one.
  func start(_ call: ServerCall) {
    loop.queue(call)
  }

  /// Whether `call` has to wait with its method: answers that the peer does not take are queued, and it gets no
  /// further ones until some have left.
  func holds(_ call: ServerCall) -> Bool {
    guard let session, session.isOverQueued else { return false }
    held.append(call)
    return true
  }

  private func release(_ session: HTTP2Session) {
    guard !session.isOverQueued || held.count > 2 * session.liveStreams else { return }
    var calls: [ServerCall] = []
    swap(&calls, &held)
    for call in calls where call.isLive && call.answer != .complete { loop.queue(call) }
  }

  /// A method begins.
  func began(_ call: ServerCall) {
    runningCalls += 1
    call.holdSlot()
  }

  /// A method has returned.
  func ended(_ call: ServerCall) {
    runningCalls -= 1
    call.releaseSlot()
    if let session, !hasCalls(session) { watch.callsEnd(loop.now) }
  }

  /// Has the output of a call leave at the end of the turn.
  func touch() {
    guard let session, session.needsFlush else { return }
    stream.markDirty()
  }

  /// The route that a call asks for. Found once for each path that the connection uses, and anew when services come
  /// or go.
  func route(of call: ServerCall) -> RouteTable.Route? {
    guard let target = call.target else { return nil }
    let table = server.routes
    if let known = target.resolution {
      // Only this method sets it.
      let resolved = unsafeDowncast(known, to: ResolvedRoute.self)
      if resolved.table === table { return resolved.route }
    }
    guard let route = table.route(for: target.path) else { return nil }
    target.resolution = ResolvedRoute(table: table, route: route)
    return route
  }

  private final class ResolvedRoute {
    let table: RouteTable
    let route: RouteTable.Route

    init(table: RouteTable, route: RouteTable.Route) {
      self.table = table
      self.route = route
    }
  }

  func unknownPath(_ path: [UInt8]) -> DubboError {
    let name = String(decoding: path.prefix(256), as: UTF8.self)
    if routes.hasService(of: path) { return DubboError(.unimplemented, "the service has no method \(name)") }
    return DubboError(.unimplemented, "no service answers to \(name) here")
  }

  // MARK: Metrics

  func add(to metrics: inout ConnectionMetrics) {
    metrics.add(session, runningMethods: runningCalls)
  }

  func addPast(to metrics: inout ConnectionMetrics) {
    metrics.addClosed(session)
  }

  // MARK: The end

  /// Tells the peer to go elsewhere; what runs goes on. The stream closes when all is done.
  func drain() {
    isDraining = true
    guard let session else {
      // No call can be under way.
      return stream.finish()
    }
    session.shutDownGracefully(now: loop.now)
    touch()
  }

  /// Ends what is left: the peer's calls fail with `UNAVAILABLE`.
  func abort(because reason: String = "the provider is shutting down") {
    guard let session else { return stream.close(.closed("the server has shut down")) }
    for open in session.openStreams {
      let call = call(open)
      call.fail(DubboError(.unavailable, reason, reason: .shutdown))
      call.worker?.cancel()
    }
    session.goAway()
    touch()
    stream.finish()
  }
}

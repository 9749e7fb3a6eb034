internal import DubboCore
internal import DubboCrypto

/// One listening socket: takes what waits, holds it against the limits, hands it to a loop of the group.
///
/// `@unchecked Sendable`: everything but `budgetIsFree` runs on the accept loop.
final class ListenerDoor: ListenSocketOwner, LoopResource, DeadlineHandler, BudgetWaiter, LoopWork, @unchecked Sendable
{
  private let doors: ListenerDoors
  private let loop: EventLoop
  private var socket: (any ListenSocket)?
  private var retry = DeadlineToken.none
  private var whenClosed: AnyObject?
  var resourceIndex = -1

  /// One door's share of a turn.
  private static let acceptsPerEvent = 64
  /// How long accepting rests when the system has nothing left to accept with.
  private static let rest = Duration.milliseconds(250)

  init(doors: ListenerDoors) {
    self.doors = doors
    loop = doors.acceptLoop
  }

  func open(at address: SocketAddress) throws(IOFailure) -> SocketAddress {
    guard !loop.isEnding else { throw .loopHasEnded("listen on", on: address.description) }
    let socket = try loop.backend.listen(at: address, backlog: doors.configuration.backlog, owner: self)
    self.socket = socket
    loop.add(self)
    socket.startAccepting()
    return socket.localAddress
  }

  func acceptReady() {
    for _ in 0..<Self.acceptsPerEvent {
      guard let socket else { return }
      if loop.descriptors.isExhausted {
        socket.stopAccepting()
        report(
          "descriptors", "accepting pauses: \(loop.descriptors.count) sockets are open, near the process's limit",
          "Raise `ulimit -n`, or lower the limit of connections.")
        return loop.descriptors.wait(self)
      }
      do throws(IOFailure) {
        guard let accepted = try socket.accept() else { return }
        hand(accepted, from: socket)
      } catch {
        // Out of descriptors or memory. What waits goes on waiting in the kernel.
        socket.stopAccepting()
        report(error.code.rawValue, "accepting pauses: \(error.reason)", error.advice)
        retry = loop.deadlines.arm(self, at: loop.now.advanced(by: Self.rest))
        return
      }
    }
  }

  private func hand(_ accepted: AcceptedSocket, from socket: any ListenSocket) {
    guard let admission = doors.gate.admit(accepted.peer) else {
      let limits = doors.gate.limits
      report(
        "refused", "a connection from \(accepted.peer) was refused",
        "The limits are \(limits.total) connections, \(limits.perAddress) from one address.")
      return socket.refuse(accepted)
    }
    let adoption = Adoption(
      accepted: accepted, admission: admission, configuration: doors.configuration.stream,
      tls: doors.configuration.tls, acceptor: doors.acceptor)
    guard doors.group.next().submit(adoption) else {
      admission.release()
      return socket.refuse(accepted)
    }
  }

  private func report(_ key: String, _ what: String, _ advice: String) {
    loop.pacer.log(loop.log, .warning, key: "accept " + key, now: loop.now, "\(what). \(advice)")
  }

  // MARK: Going on

  func deadlineReached(_ token: DeadlineToken) { socket?.startAccepting() }
  func budgetIsFree() { _ = loop.submit(self) }
  func run(on loop: EventLoop) { socket?.startAccepting() }

  // MARK: Ending

  /// `waiter` is held until the socket has closed.
  func close(telling waiter: AnyObject? = nil) {
    guard let socket else { return }
    whenClosed = waiter
    self.socket = nil
    loop.deadlines.cancel(retry)
    socket.close()
  }

  func listenSocketClosed() {
    loop.remove(self)
    // They hold each other until here.
    doors.forget(self)
    whenClosed = nil
  }

  func loopEnds() { close() }
}

/// An accepted connection on its way to the loop that will serve it.
private final class Adoption: LoopWork {
  let accepted: AcceptedSocket
  let admission: ConnectionAdmission
  let configuration: StreamConfiguration
  let tls: TLSContextSource?
  let acceptor: any StreamAcceptor

  init(
    accepted: AcceptedSocket, admission: ConnectionAdmission, configuration: StreamConfiguration,
    tls: TLSContextSource?, acceptor: any StreamAcceptor
  ) {
    self.accepted = accepted
    self.admission = admission
    self.configuration = configuration
    self.tls = tls
    self.acceptor = acceptor
  }

  func run(on loop: EventLoop) {
    let stream = ByteStream(loop: loop, peer: accepted.peer, configuration: configuration, admission: admission)
    do throws(IOFailure) {
      let socket = try loop.backend.adopt(accepted, owner: stream)
      stream.socket = socket
      if let tls { try stream.secure(socket, tls.current) }
    } catch {
      return stream.close(.failed(error))
    }
    // The loop began to end while the connection was on its way to it.
    if loop.isEnding { return stream.close(.loopEnded) }
    acceptor.streamAccepted(stream)
    stream.begin()
  }
}

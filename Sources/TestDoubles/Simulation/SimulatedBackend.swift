internal import DubboCore
internal import DubboIO
internal import Synchronization

/// The backend of a simulated loop: its calls become events of the network.
final class SimulatedBackend: LoopBackend {
  unowned let network: SimulatedNetwork
  unowned(unsafe) var loop: EventLoop?
  private let isWoken = Atomic<Bool>(false)
  private var alarmNumber = 0
  /// What has befallen the machine.
  enum State { case up, down, dark }
  var state = State.up
  /// Nothing passes before this moment.
  var frozenUntil: UInt64 = 0
  /// The ends of connections that are open here.
  private(set) var sockets: [SimulatedSocket] = []
  private var isKeptTurning = false

  init(network: SimulatedNetwork) { self.network = network }

  var now: MonotonicInstant { network.now }
  var coarseNanoseconds: UInt64 { network.now.nanoseconds }

  func wake() { isWoken.store(true, ordering: .releasing) }

  func takeWake() -> Bool { isWoken.load(ordering: .relaxed) && isWoken.exchange(false, ordering: .acquiring) }

  func add(_ socket: SimulatedSocket) { sockets.append(socket) }

  func remove(_ socket: SimulatedSocket) { sockets.removeAll { $0 === socket } }

  /// One event, and the turn that follows it.
  func deliver(_ action: () -> Void) {
    guard let loop else { return }
    loop.drive {
      loop.beginEvent()
      action()
      loop.turn()
    }
    if isKeptTurning { network.schedule(on: self, after: 1_000) {} }
  }

  func setAlarm(at instant: MonotonicInstant) {
    alarmNumber += 1
    let number = alarmNumber
    network.schedule(on: self, at: instant.nanoseconds) { [unowned self] in
      if number == alarmNumber { loop?.alarmRang() }
    }
  }

  func keepTurning(_ busy: Bool) { isKeptTurning = busy }

  func end() {
    isKeptTurning = false
    let ended = loop
    loop = nil
    ended?.threadLeft()
  }

  func connect(to address: SocketAddress, owner: any SocketOwner) throws(IOFailure) -> any StreamSocket {
    let socket = SimulatedSocket(on: self, owner: owner)
    guard !network.silent.contains(address) else { return socket }
    let target = network.listeners[address]?.backend
    let arrival = max(network.now.nanoseconds + network.drawLatency(), frozenUntil, target?.frozenUntil ?? 0)
    network.schedule(on: self, at: arrival) { [unowned self] in
      guard !socket.isClosed, target?.state != .dark else { return }
      guard let listener = network.listeners[address], listener.backend.state == .up else {
        return socket.fail(.init(.refused, "connect", reason: "nobody listens in the simulation"))
      }
      let other = SimulatedSocket(on: listener.backend, owner: nil)
      socket.pair(with: other)
      listener.arrived(other)
      socket.owner?.socketConnected()
    }
    return socket
  }

  func adopt(_ accepted: AcceptedSocket, owner: any SocketOwner) throws(IOFailure) -> any StreamSocket {
    guard let socket = network.accepted.removeValue(forKey: accepted.descriptor), !socket.isClosed else {
      throw IOFailure(.notFound, "adopt a connection", reason: "it was adopted or refused before")
    }
    socket.move(to: self)
    socket.owner = owner
    return socket
  }

  func listen(at address: SocketAddress, backlog: Int, owner: any ListenSocketOwner) throws(IOFailure)
    -> any ListenSocket
  {
    let bound = address.port == 0 ? address.with(port: network.nextPort()) : address
    guard network.listeners[bound] == nil else {
      throw IOFailure(.addressInUse, "listen on", on: bound.description, reason: "another listener has it")
    }
    let socket = SimulatedListenSocket(on: self, at: bound, owner: owner)
    network.listeners[bound] = socket
    return socket
  }

  func resolve(host: String, port: UInt16, owner: any ResolutionOwner) throws(IOFailure) {
    let addresses = network.names[host]?.map { $0.with(port: port) }
    network.lookups += 1
    let delay = UInt64(max(0, network.resolverDelay.saturatedNanoseconds))
    network.schedule(on: self, after: network.drawLatency() + delay) {
      if let addresses {
        owner.resolved(.success(addresses))
      } else {
        owner.resolved(.failure(.init(.nameNotFound, "look up", on: host, reason: "the simulation has no such name")))
      }
    }
  }

  func watch(folder: String, owner: any FolderSourceOwner) throws(IOFailure) -> any EventSource {
    throw IOFailure(.notFound, "watch", on: folder, reason: "a simulation has no folders")
  }
}

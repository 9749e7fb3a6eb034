internal import DubboCore
internal import DubboHTTP
internal import DubboIO
internal import Synchronization

/// What the connections of one listening address share: the routes, the settings, and the list of those that are open.
final class ServerSide: StreamAcceptor {
  let settings: TripleSettings
  let limits: HTTP2Limits
  let codings: MessageCodings
  private let log: Log
  private let pacer = LogPacer()
  private let table = Mutex(RouteTable([]))
  private let lists: [LoopBound<ConnectionList>]
  private let open = CountedWait()
  private let isDraining = Atomic<Bool>(false)

  /// The open connections of one loop, confined to it.
  final class ConnectionList {
    var connections: ContiguousArray<ServerConnection> = []
    let memory = CodecMemory()
    /// What those that are closed have seen.
    var past = ConnectionMetrics()
    /// Decides how old each connection may become.
    var generator: SeededGenerator

    init(seed: UInt64) {
      generator = SeededGenerator(seed: seed)
    }
  }

  init(settings: TripleSettings, loops: [EventLoop], log: Log) {
    self.settings = settings
    self.log = log
    limits = settings.server.http2.heldInRange
    codings = MessageCodings(settings.compressions, limit: settings.server.maxMessageSize)
    lists = loops.map { LoopBound(ConnectionList(seed: settings.seed ?? .random(in: .min ... .max)), on: $0) }
  }

  // MARK: Routes, from any thread

  var routes: RouteTable { table.withLock { $0 } }

  func add(_ services: [RouteTable.Service]) {
    table.withLock { $0 = RouteTable($0.services + services) }
  }

  /// Has another invoker carry out the service's calls.
  func replace(_ key: ServiceKey, path: String, with invoker: any Invoker) {
    table.withLock { table in
      var services = table.services
      for index in services.indices where services[index].key == key && services[index].path == path {
        services[index].invoker = invoker
      }
      table = RouteTable(services)
    }
  }

  func remove(_ key: ServiceKey, path: String) {
    table.withLock { table in table = RouteTable(table.services.filter { $0.key != key || $0.path != path }) }
  }

  // MARK: Connections, on their loops

  func streamAccepted(_ stream: ByteStream) {
    guard let list = list(of: stream.loop) else { return }
    let watch = ConnectionWatch(settings.server.periods(using: &list.generator), now: stream.loop.now)
    let connection = ServerConnection(stream: stream, server: self, memory: list.memory, watch: watch)
    stream.handler = connection
    connection.index = list.connections.count
    list.connections.append(connection)
    open.enter()
    if isDraining.load(ordering: .relaxed) { connection.drain() }
  }

  func connectionEnded(_ connection: ServerConnection) {
    guard let list = list(of: connection.loop), connection.index >= 0 else { return }
    if let last = list.connections.popLast(), last !== connection {
      list.connections[connection.index] = last
      last.index = connection.index
    }
    connection.index = -1
    connection.addPast(to: &list.past)
    open.leave()
  }

  private func list(of loop: EventLoop) -> ConnectionList? {
    lists.first { $0.loop === loop }?.onLoop
  }

  /// One line a minute for each trouble and peer address, without its port: a flood writes no log.
  func note(_ peer: Peer, _ trouble: String) {
    let host = peer.address.prefix { $0 != ":" }
    pacer.log(
      log, .warning, key: "\(host) \(trouble)", now: .now, "a peer was turned away: \(trouble)",
      ["peer": "\(peer.address)"])
  }

  func metrics() async -> ConnectionMetrics {
    var sum = ConnectionMetrics()
    for list in lists {
      sum += await measured(on: list.loop) {
        var metrics = list.onLoop.past
        for connection in list.onLoop.connections { connection.add(to: &metrics) }
        return metrics
      }
    }
    return sum
  }

  // MARK: The end

  /// Sends every peer elsewhere and returns when all connections are closed, at the latest after `grace` and a moment
  /// more: then what still ran was ended with `UNAVAILABLE`.
  func drain(grace: Duration, clock: any DubboClock) async {
    isDraining.store(true, ordering: .relaxed)
    tell(.drain)
    if await isEmpty(within: grace, clock) { return }
    tell(.abort)
    if await isEmpty(within: .seconds(3), clock) { return }
    tell(.close)
    _ = await isEmpty(within: .seconds(3), clock)
  }

  private func isEmpty(within limit: Duration, _ clock: any DubboClock) async -> Bool {
    do {
      try await withDeadline(clock.now.advanced(by: limit), clock: clock) { try await self.open.untilZero() }
      return true
    } catch {
      return false
    }
  }

  private func tell(_ order: ConnectionOrder.Order) {
    for list in lists { _ = list.loop.submit(ConnectionOrder(order, to: list)) }
  }
}

/// What all connections of a loop are told to do.
private final class ConnectionOrder: LoopWork {
  enum Order { case drain, abort, close }

  private let order: Order
  private let list: LoopBound<ServerSide.ConnectionList>

  init(_ order: Order, to list: LoopBound<ServerSide.ConnectionList>) {
    self.order = order
    self.list = list
  }

  func run(on loop: EventLoop) {
    for connection in list.onLoop.connections {
      switch order {
      case .drain: connection.drain()
      case .abort: connection.abort()
      case .close: connection.stream.close(.closed("the server has shut down"))
      }
    }
  }
}

extension ServerLimits {
  /// When a connection is asked for signs of life, rests and is too old.
  fileprivate func periods(using generator: inout some RandomNumberGenerator) -> ConnectionWatch.Periods {
    ConnectionWatch.Periods(
      silence: Period(keepaliveInterval), answer: Period(keepaliveTimeout), asksWhenIdle: true,
      idle: Period(idleTimeout),
      age: Period(maxConnectionAge.map { $0 * Double.random(in: 0.9...1.1, using: &generator) }),
      grace: Period(maxConnectionAgeGrace))
  }
}

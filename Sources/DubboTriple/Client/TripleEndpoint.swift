internal import DubboCore
internal import DubboHTTP
internal import DubboIO
internal import Synchronization

/// One provider as its callers see it: calls share the address's connections, which are made when the first call
/// comes, or with `connect`, and kept. For any thread.
final class TripleEndpoint: Endpoint {
  let url: DubboURL
  private let slots: [ConnectionSlotPort]
  private let turn = Atomic<UInt>(0)
  private let onClose: @Sendable (TripleEndpoint) -> Void

  init(
    url: DubboURL, settings: TripleSettings, group: LoopGroup, log: Log,
    onClose: @escaping @Sendable (TripleEndpoint) -> Void
  ) throws {
    self.url = url
    self.onClose = onClose
    let address: EndpointAddress
    if let path = url["unix.path"] {
      address = .unix(path: path)
    } else {
      guard !url.host.isEmpty else {
        throw DubboError(
          .invalidArgument, "\(url) names no host to call; write tri://host:port", reason: .configuration,
          progress: .notSent)
      }
      address = .tcp(host: url.host, port: url.port ?? 50_051)
    }
    let target = try CallTarget(url: url, settings: settings)
    slots = (0..<url.connectionCount).map { _ in
      ConnectionSlotPort(address: address, target: target, loop: group.next(), log: log)
    }
  }

  var availability: Availability {
    var best = Availability.unavailable
    for slot in slots {
      switch slot.availability {
      case .ready: return .ready
      case .idle: best = .idle
      case .unavailable: break
      }
    }
    return best
  }

  func invoke(_ invocation: Invocation) async throws -> Reply {
    do {
      return try await attempt(invocation)
    } catch let error as DubboError where error.progress == .refused && !invocation.hasStream {
      // The peer said that it did not begin: safe for every method, and at once for the first time (gRPC's
      // "transparent retry").
      return try await attempt(invocation)
    }
  }

  private func attempt(_ invocation: Invocation) async throws -> Reply {
    let slot = nextSlot()
    switch invocation.body {
    case .message(let message): return try await slot.unary(invocation, message)
    case .exchange(let exchange): return try await slot.stream(invocation, exchange)
    case .inbound:
      throw DubboError(
        .internal, "a provider's stream can't be sent on as it is; call with an exchange", progress: .notSent)
    }
  }

  func connect() async {
    for slot in slots {
      await slot.connect()
      // What keeps one from connecting keeps the others, too.
      guard slot.availability == .ready else { return }
    }
  }

  private func nextSlot() -> ConnectionSlotPort {
    guard slots.count > 1 else { return slots[0] }
    return slots[Int(turn.wrappingAdd(1, ordering: .relaxed).oldValue % UInt(slots.count))]
  }

  func metrics() async -> ConnectionMetrics {
    var sum = ConnectionMetrics()
    for slot in slots { sum += await slot.metrics() }
    return sum
  }

  func close() async {
    for slot in slots { await slot.close() }
    onClose(self)
  }
}

extension Invocation {
  fileprivate var hasStream: Bool {
    if case .message = body { return false }
    return true
  }
}

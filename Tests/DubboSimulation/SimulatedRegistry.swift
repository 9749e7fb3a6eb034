import DubboCore
import DubboRegistry

/// A registry that tells of changes late, and not at all, too little or nothing while it is in trouble.
///
/// `@unchecked Sendable`: see `World`.
final class SimulatedRegistry: Registry, @unchecked Sendable {
  enum Trouble: CaseIterable {
    case unreachable, forgetful, partial
  }

  let url: DubboURL
  private let world: World
  private let feed = SnapshotFeed()
  private let bell = Doorbell()
  private var providers: [DubboURL] = []
  private(set) var trouble: Trouble?

  init(_ number: Int, _ world: World) {
    self.world = world
    url = DubboURL(
      scheme: "sim", host: "registry-\(number)",
      parameters: ["file-cache": "false", "empty-protection-delay": "\(world.plan.emptyProtection)"])
  }

  func set(_ trouble: Trouble?) {
    world.tell("\(url.host): trouble \(trouble.map { "\($0)" } ?? "is over")")
    self.trouble = trouble
    bell.ring()
  }

  func register(_ provider: DubboURL) async throws {
    try await answer()
    if !providers.contains(provider) { providers.append(provider) }
    bell.ring()
  }

  func unregister(_ provider: DubboURL) async throws {
    try await answer()
    providers.removeAll { $0 == provider }
    bell.ring()
  }

  /// Registers as often as it takes.
  func insist(on provider: DubboURL) async {
    while !Task.isCancelled {
      do { return try await register(provider) } catch { await world.pause(50...200) }
    }
  }

  private func answer() async throws {
    await world.pause(0...10)
    if trouble == .unreachable {
      throw DubboError(.unavailable, "the registry cannot be reached", reason: .connection, progress: .notSent)
    }
  }

  func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    defer { bell.ring() }
    return feed.subscribe(to: service)
  }

  func run() async throws {
    while !Task.isCancelled {
      await bell.wait()
      await world.pause(0...world.plan.registryLag)
      switch trouble {
      case nil: feed.publish(providers, for: Methods.interface)
      case .unreachable: feed.report(trouble: "the registry cannot be reached", for: Methods.interface)
      case .forgetful: feed.publish([], for: Methods.interface)
      case .partial: feed.publish(Array(providers.prefix(providers.count / 2)), for: Methods.interface)
      }
    }
  }
}

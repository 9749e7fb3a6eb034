public import DubboCore

/// Where providers make themselves known and consumers find them.
///
/// A registry of your own needs these four members and one line in the catalog:
///
///     catalog.register("mine", for: Registries.self) { url, context in MyRegistry(url) }
///
/// after which every `mine://…` URL means it. All members may be called from any task at any time.
public protocol Registry: Sendable {
  /// The URL that this registry was made from.
  var url: DubboURL { get }

  /// Makes `provider` known, and keeps it known for as long as `run()` runs: a registration that the registry loses
  /// is made again. Returns when it is visible to consumers. Registering the same URL twice is registering it once.
  ///
  /// Throws `DubboError` when the registry cannot be reached or refuses; then nothing is registered.
  func register(_ provider: DubboURL) async throws

  /// Takes `provider` back. Returns when the registry no longer lists it; unknown URLs are ignored.
  func unregister(_ provider: DubboURL) async throws

  /// The providers of `service`, as full snapshots: the present one first, then the newest after each change. A slow
  /// reader misses those in between, never the last. Ends when the registry stops; reading ends when the reader's
  /// task is cancelled, and with it the subscription.
  ///
  /// Snapshots may hold providers of other groups and versions of the same interface: matching is the directory's.
  func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot>

  /// The override rules about `service` that the registry holds in the form of URLs (Dubbo's category `configurators`):
  /// all of them at first, then all again after each change. Nil, unless a registry says otherwise, for one that holds no
  /// such rules; a config center is where they are kept now.
  func configurators(of service: ServiceKey) -> AsyncStream<[DubboURL]>?

  /// Keeps registrations alive and subscriptions fed until its task is cancelled, then takes back what is still
  /// registered. Called once; survives the loss of the registry.
  func run() async throws
}

extension Registry {
  public func configurators(of service: ServiceKey) -> AsyncStream<[DubboURL]>? { nil }
}

/// All that a registry knows of one service at one time.
public struct RegistrySnapshot: Sendable, Hashable {
  /// Grows with each change that this registry has seen of the service.
  public var version: UInt64
  /// The URLs of all its providers.
  public var providers: [DubboURL]
  /// Why the registry cannot tell the present state, for people; `providers` are then the last that were known.
  /// Nil when all is well.
  public var trouble: String?

  public init(version: UInt64, providers: [DubboURL], trouble: String? = nil) {
    self.version = version
    self.providers = providers
    self.trouble = trouble
  }
}

/// The extension point of registries: their names are URL schemes.
public enum Registries: ExtensionPoint {
  public typealias Factory = @Sendable (_ url: DubboURL, _ context: RegistryContext) async throws -> any Registry
  public static let name = "registry"
}

/// What a registry gets from the application that makes it.
public struct RegistryContext: Sendable {
  public var clock: any DubboClock
  public var log: Log

  public init(clock: any DubboClock = SystemClock(), log: Log = Log(label: "registry")) {
    self.clock = clock
    self.log = log
  }
}

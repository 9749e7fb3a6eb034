public import DubboCore
internal import Synchronization

/// The registry that needs no server: `file:///tmp/dubbo`. Providers on one machine keep leases in a folder, consumers
/// watch it.
///
/// A provider that is killed is gone at the next look where its process number tells, and when its lease runs out
/// otherwise. What lies in the folder by mistake is skipped, counted and reported once. Parameters, in milliseconds:
/// `lease` (3000), `heartbeat` (700), `poll` (200).
public final class FileRegistry: Registry {
  public let url: DubboURL
  private let options: FileRegistryOptions
  private let context: RegistryContext
  private let keeper: LeaseKeeper
  private let feed: SnapshotFeed
  private let configuratorFeed: ConfiguratorFeed
  private let bell = Doorbell()
  private let malformed = Mutex<[String: Int]>([:])

  /// Throws `DubboError` when the URL does not name a folder or a parameter is wrong. Touches no file.
  public init(url: DubboURL, context: RegistryContext = RegistryContext()) throws {
    self.url = url
    self.context = context
    options = try FileRegistryOptions(url)
    keeper = LeaseKeeper(options, identity: UInt64.random(in: 1...UInt64.max))
    let bell = self.bell
    feed = SnapshotFeed { bell.ring() }
    configuratorFeed = ConfiguratorFeed { bell.ring() }
  }

  public func register(_ provider: DubboURL) async throws {
    do {
      try await onWorker { try await self.keeper.publish(provider) }
    } catch let error as SystemFailure {
      throw DubboError(
        .unavailable,
        "cannot register \(provider.address) in \(url): \(error). Give the process a folder that it may write to.",
        reason: .configuration, cause: error)
    }
    bell.ring()
  }

  public func unregister(_ provider: DubboURL) async throws {
    do {
      try await onWorker { try await self.keeper.withdraw(provider) }
    } catch let error as SystemFailure {
      throw DubboError(.unavailable, "cannot unregister \(provider.address) from \(url): \(error)", cause: error)
    }
    bell.ring()
  }

  public func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    feed.subscribe(to: service)
  }

  public func configurators(of service: ServiceKey) -> AsyncStream<[DubboURL]>? {
    configuratorFeed.subscribe(to: service)
  }

  /// How many files in the watched folders are no leases.
  public var malformedCount: Int {
    malformed.withLock { $0.values.reduce(0, +) }
  }

  public func run() async throws {
    await onWorker {
      await withDiscardingTaskGroup { group in
        group.addTask { await self.keepLeases() }
        await self.watch()
      }
      await self.keeper.withdrawAll()
      self.feed.finish()
      self.configuratorFeed.finish()
    }
  }

  private func keepLeases() async {
    let pacer = LogPacer()
    while (try? await context.clock.sleep(for: options.heartbeat)) != nil {
      if let failure = await keeper.beat() {
        pacer.log(
          context.log, .warning, key: "beat", now: context.clock.now,
          "cannot keep a registration alive; consumers will lose it", ["registry": url, "error": "\(failure)"])
      }
    }
  }

  private func watch() async {
    var scanners: [String: LeaseScanner] = [:]
    let host = Processes.host()
    while !Task.isCancelled {
      let start = context.clock.now
      var looked: [String: LeaseScanner] = [:]
      var configurators: [String: [DubboURL]] = [:]
      for interface in watched {
        var scanner =
          scanners[interface]
          ?? LeaseScanner(folder: options.folder(of: interface), host: host, poll: options.poll)
        configurators[interface] = look(&scanner, interface)
        looked[interface] = scanner
      }
      scanners = looked
      configuratorFeed.publish(configurators)
      // A folder with thousands of leases is looked into less often, so that this stays a twentieth of one core.
      let pause = max(options.poll, start.duration(to: context.clock.now) * 20)
      await bell.wait(until: context.clock.now.advanced(by: pause), context.clock)
    }
  }

  /// The interfaces whose folders somebody wants to know of. Rules about every service have a folder of their own.
  private var watched: Set<String> {
    let ruled = configuratorFeed.topics
    return Set(feed.topics + ruled + (ruled.isEmpty ? [] : [ConfiguratorFeed.everyInterface]))
  }

  /// Looks into one folder and hands on the providers in it; returns the override rules.
  private func look(_ scanner: inout LeaseScanner, _ interface: String) -> [DubboURL] {
    let outcome = scanner.look(now: context.clock.now) { path, reason in
      context.log.warning("skipped a file that is no provider's lease", ["file": path, "reason": reason])
    }
    malformed.withLock { $0[interface] = scanner.malformed.count }
    switch outcome {
    case .providers(let urls):
      feed.publish(urls.filter { !$0.isConfigurator }, for: interface)
      return urls.filter(\.isConfigurator)
    case .trouble(let reason):
      feed.report(trouble: reason, for: interface)
      return []
    }
  }
}

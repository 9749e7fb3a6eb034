public import DubboCore
internal import Synchronization

/// A registry inside this process: a value that several applications share, for tests and for services that call
/// each other without a network.
public final class InMemoryRegistry: Registry {
  public let url: DubboURL
  private let feed: SnapshotFeed
  private let configuratorFeed = ConfiguratorFeed()
  private let state = Mutex(State())

  private struct State {
    // Both by interface.
    var providers: [String: [DubboURL]] = [:]
    var configurators: [String: [DubboURL]] = [:]
  }

  public convenience init() {
    self.init(url: DubboURL(scheme: "memory", host: "localhost"))
  }

  package init(url: DubboURL) {
    self.url = url
    feed = SnapshotFeed()
  }

  public func register(_ provider: DubboURL) async throws {
    change(provider) { list in
      if !list.contains(provider) { list.append(provider) }
    }
  }

  public func unregister(_ provider: DubboURL) async throws {
    change(provider) { list in list.removeAll { $0 == provider } }
  }

  public func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    let stream = feed.subscribe(to: service)
    state.withLock { feed.publish($0.providers[service.interface] ?? [], for: service.interface) }
    return stream
  }

  public func configurators(of service: ServiceKey) -> AsyncStream<[DubboURL]>? {
    let stream = configuratorFeed.subscribe(to: service)
    state.withLock { configuratorFeed.publish($0.configurators) }
    return stream
  }

  /// Only waits: providers stay until they are unregistered.
  public func run() async throws {
    await untilCancelled()
  }

  /// Who provides what at the moment.
  public var registered: [DubboURL] {
    state.withLock { state in state.providers.keys.sorted().flatMap { state.providers[$0] ?? [] } }
  }

  private func change(_ url: DubboURL, _ edit: (inout [DubboURL]) -> Void) {
    let interface = ServiceKey(url).interface
    state.withLock { state in
      if url.isConfigurator {
        edit(&state.configurators[interface, default: []])
        configuratorFeed.publish(state.configurators)
      } else {
        edit(&state.providers[interface, default: []])
        feed.publish(state.providers[interface] ?? [], for: interface)
      }
    }
  }
}

/// Returns when the task is cancelled.
package func untilCancelled() async {
  let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
  for await _ in stream {}
  continuation.finish()
}

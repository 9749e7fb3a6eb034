public import DubboCore
internal import Synchronization

/// A registry inside this process: a value that several applications share, for tests and for services that call
/// each other without a network.
public final class InMemoryRegistry: Registry {
  public let url: DubboURL
  private let feed: SnapshotFeed
  private let providers: Mutex<[String: [DubboURL]]>

  public convenience init() {
    self.init(url: DubboURL(scheme: "memory", host: "localhost"))
  }

  package init(url: DubboURL) {
    self.url = url
    let providers = Mutex<[String: [DubboURL]]>([:])
    self.providers = providers
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
    providers.withLock { feed.publish($0[service.interface] ?? [], for: service.interface) }
    return stream
  }

  /// Only waits: providers stay until they are unregistered.
  public func run() async throws {
    await untilCancelled()
  }

  /// Who provides what at the moment.
  public var registered: [DubboURL] {
    providers.withLock { all in all.keys.sorted().flatMap { all[$0] ?? [] } }
  }

  private func change(_ provider: DubboURL, _ edit: (inout [DubboURL]) -> Void) {
    let interface = ServiceKey(provider).interface
    providers.withLock { all in
      edit(&all[interface, default: []])
      feed.publish(all[interface] ?? [], for: interface)
    }
  }
}

/// Returns when the task is cancelled.
package func untilCancelled() async {
  let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
  for await _ in stream {}
  continuation.finish()
}

public import DubboCore
internal import Synchronization

/// A config center inside this process, for tests and for rules that the program itself makes.
public final class InMemoryConfigCenter: ConfigCenter {
  public let url = DubboURL(scheme: "memory", host: "localhost")
  private let feed = ConfigFeed()
  private let contents = Mutex<[ConfigKey: String]>([:])

  public init() {}

  public func watch(_ key: ConfigKey) -> AsyncStream<ConfigState> {
    let states = feed.values(of: key)
    contents.withLock { feed.publish(ConfigState(content: $0[key]), for: key) }
    return states
  }

  public func publish(_ content: String, for key: ConfigKey) async throws {
    set(content, for: key)
  }

  public func remove(_ key: ConfigKey) async throws {
    set(nil, for: key)
  }

  /// Only waits.
  public func run() async throws {
    await untilCancelled()
  }

  private func set(_ content: String?, for key: ConfigKey) {
    contents.withLock { contents in
      contents[key] = content
      feed.publish(ConfigState(content: content), for: key)
    }
  }
}

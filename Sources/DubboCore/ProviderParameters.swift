// How much of the load a provider takes and how it is reached.

/// `weight`: The provider's share of the load beside others; 0: none.
public enum WeightKey: URLParameterKey {
  public static let name = "weight"
  public static let defaultValue: Int = 100
}

/// `warmup`: How long a new provider takes to reach its whole weight.
public enum WarmupKey: URLParameterKey {
  public static let name = "warmup"
  public static let defaultValue: Duration = .seconds(600)
}

/// `connections`: Connections to one address.
public enum ConnectionsKey: URLParameterKey {
  public static let name = "connections"
  public static let defaultValue: Int = 1
}

/// `ssl-enabled`: True: the provider is reached over TLS only.
public enum TLSEnabledKey: URLParameterKey {
  public static let name = "ssl-enabled"
  public static let defaultValue: Bool = false
}

/// `check`: True: starting fails when the registry is not there, and a call waits for a provider until its deadline. False:
/// the application starts without the registry, and a call fails at once while the registry lists nobody.
public enum CheckKey: URLParameterKey {
  public static let name = "check"
  public static let defaultValue: Bool = true
}

/// `lazy`: False: a reference looks for its providers as soon as it is made, and is connected to them before its first call,
/// to those that come later, too: eight at a time, and 512 connections of an application in all, of more providers to some
/// that are drawn by lot. One that cannot be reached fails nothing. True: all of that is done by calls.
public enum LazyKey: URLParameterKey {
  public static let name = "lazy"
  public static let defaultValue: Bool = true
}

extension DubboURL {
  /// `weight`: The provider's share of the load beside others; 0: none.
  public var weight: Int {
    get { self[WeightKey.self] }
    set { self[WeightKey.self] = newValue }
  }

  /// `warmup`: How long a new provider takes to reach its whole weight.
  public var warmup: Duration {
    get { self[WarmupKey.self] }
    set { self[WarmupKey.self] = newValue }
  }

  /// `connections`: Connections to one address.
  public var connections: Int {
    get { self[ConnectionsKey.self] }
    set { self[ConnectionsKey.self] = newValue }
  }

  /// `connections`, held within what is sensible.
  package var connectionCount: Int { min(max(connections, 1), 64) }

  /// `check`: True: the registry must be there at the start, and calls wait for a provider.
  public var check: Bool {
    get { self[CheckKey.self] }
    set { self[CheckKey.self] = newValue }
  }
}

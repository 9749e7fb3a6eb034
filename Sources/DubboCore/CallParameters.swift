// How calls are made. Each may be set for one method: `greet.timeout=500`.

/// `timeout`: How long a call may take in all.
public enum TimeoutKey: URLParameterKey {
  public static let name = "timeout"
  public static let defaultValue: Duration = .seconds(3)
}

/// `retries`: How many further providers a failed call may try.
public enum RetriesKey: URLParameterKey {
  public static let name = "retries"
  public static let defaultValue: Int = 2
}

/// `cluster.availablecheck`: False: a provider that cannot be reached is chosen like any other.
public enum AvailableCheckKey: URLParameterKey {
  public static let name = "cluster.availablecheck"
  public static let defaultValue: Bool = true
}

/// `loadbalance`: The name of the load balance.
public enum LoadBalanceKey: URLParameterKey {
  public static let name = "loadbalance"
  public static let defaultValue: String = "random"
}

/// `cluster`: The name of the cluster strategy.
public enum ClusterKey: URLParameterKey {
  public static let name = "cluster"
  public static let defaultValue: String = "failover"
}

/// `sticky`: True: calls stay with one provider while it is available.
public enum StickyKey: URLParameterKey {
  public static let name = "sticky"
  public static let defaultValue: Bool = false
}

/// `idempotent`: True: running the method twice does no more than running it once.
public enum IdempotentKey: URLParameterKey {
  public static let name = "idempotent"
  public static let defaultValue: Bool = false
}

/// `actives`: Calls that a consumer may have under way; 0: any number.
public enum ActivesKey: URLParameterKey {
  public static let name = "actives"
  public static let defaultValue: Int = 0
}

/// `executes`: Calls that a provider may run at once; 0: any number.
public enum ExecutesKey: URLParameterKey {
  public static let name = "executes"
  public static let defaultValue: Int = 0
}

/// `forks`: Providers that the forking strategy calls at once.
public enum ForksKey: URLParameterKey {
  public static let name = "forks"
  public static let defaultValue: Int = 2
}

/// `failbacktasks`: Calls that the failback strategy may keep for later.
public enum FailbackTasksKey: URLParameterKey {
  public static let name = "failbacktasks"
  public static let defaultValue: Int = 100
}

/// `broadcast.fail.percent`: How many of a hundred providers may fail before a broadcast stops.
public enum BroadcastFailPercentKey: URLParameterKey {
  public static let name = "broadcast.fail.percent"
  public static let defaultValue: Int = 100
}

/// `merger`: How the mergeable strategy joins the replies of groups.
public enum MergerKey: URLParameterKey {
  public static let name = "merger"
  public static let defaultValue: String? = nil
}

/// `hash.arguments`: Which arguments place a call on the ring of the consistent hash.
public enum HashArgumentsKey: URLParameterKey {
  public static let name = "hash.arguments"
  public static let defaultValue: [Int] = [0]
}

/// `hash.nodes`: Points that a provider has on the ring of the consistent hash.
public enum HashNodesKey: URLParameterKey {
  public static let name = "hash.nodes"
  public static let defaultValue: Int = 160
}

/// `token`: What a call must carry to be served.
public enum TokenKey: URLParameterKey {
  public static let name = "token"
  public static let defaultValue: String? = nil
}

extension DubboURL {
  /// `timeout`: How long a call may take in all.
  public var timeout: Duration {
    get { self[TimeoutKey.self] }
    set { self[TimeoutKey.self] = newValue }
  }

  /// `retries`: How many further providers a failed call may try.
  public var retries: Int {
    get { self[RetriesKey.self] }
    set { self[RetriesKey.self] = newValue }
  }

  /// `loadbalance`: The name of the load balance.
  public var loadBalance: String {
    get { self[LoadBalanceKey.self] }
    set { self[LoadBalanceKey.self] = newValue }
  }

  /// `cluster`: The name of the cluster strategy.
  public var cluster: String {
    get { self[ClusterKey.self] }
    set { self[ClusterKey.self] = newValue }
  }

  /// `sticky`: True: calls stay with one provider while it is available.
  public var isSticky: Bool {
    get { self[StickyKey.self] }
    set { self[StickyKey.self] = newValue }
  }

  /// `idempotent`: True: running the method twice does no more than running it once.
  public var isIdempotent: Bool {
    get { self[IdempotentKey.self] }
    set { self[IdempotentKey.self] = newValue }
  }
}

public import DubboCore

extension ExtensionCatalog {
  /// Makes the load balances, cluster strategies and mergers of this module known, by Dubbo's names for Java and Go.
  public mutating func registerClusterExtensions() {
    register("random", for: LoadBalances.self) { _ in RandomLoadBalance() }
    // Go's name for a draw by Walker's alias tables, which is how `random` draws.
    register("aliasmethod", for: LoadBalances.self) { _ in RandomLoadBalance() }
    register(PowerOfTwoChoices.name, for: LoadBalances.self) { _ in PowerOfTwoChoices() }
    register("roundrobin", for: LoadBalances.self) { _ in RoundRobin() }
    // Go's name for turns that interleave by weight; the smooth round robin gives the same shares, better mixed.
    register("interleavedweightedroundrobin", for: LoadBalances.self) { _ in RoundRobin() }
    register("leastactive", for: LoadBalances.self) { _ in LeastActive() }
    register("shortestresponse", for: LoadBalances.self) { _ in ShortestResponse() }
    register("consistenthash", for: LoadBalances.self) { ConsistentHash($0) }
    register("consistenthashing", for: LoadBalances.self) { ConsistentHash($0) }
    register("adaptive", for: LoadBalances.self) { Adaptive($0) }

    for name in ["protobuf", "true", "default"] { register(name, for: Mergers.self) { ProtobufMerger() } }

    register("failover", for: Clusters.self) { FailoverCluster($0) }
    register("failfast", for: Clusters.self) { FailfastCluster($0) }
    register("failsafe", for: Clusters.self) { FailsafeCluster($0) }
    register("failback", for: Clusters.self) { FailbackCluster($0) }
    register("forking", for: Clusters.self) { ForkingCluster($0) }
    register("broadcast", for: Clusters.self) { BroadcastCluster($0) }
    register("available", for: Clusters.self) { AvailableCluster($0) }
    register("mergeable", for: Clusters.self) { MergeableCluster($0) }
    register("adaptiveService", for: Clusters.self) { try AdaptiveServiceCluster($0) }
    // Java's name and Go's.
    for name in ZoneAwareCluster.names { register(name, for: Clusters.self) { ZoneAwareCluster($0) } }
  }
}

// What routing and choosing cost, in CPU time, which a busy machine changes less than the wall's.
//
//   swift run -c release dubbo-cluster-benchmark

import DubboCluster

try await Choices.run("p2c", PowerOfTwoChoices()) { _ in 300_000 }
try await Choices.run("random", RandomLoadBalance()) { _ in 300_000 }
try await Choices.run("consistenthash", ConsistentHash(Sample.consumer)) { _ in 30_000 }
// These look at every provider.
try await Choices.run("leastactive", LeastActive()) { 1_000_000 / ($0 + 100) }
try await Choices.run("shortestresponse", ShortestResponse()) { 1_000_000 / ($0 + 100) }
try await Choices.run("roundrobin", RoundRobin()) { 300_000 / ($0 + 100) }
try await Updates.run()

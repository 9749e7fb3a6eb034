// What routing and choosing cost, in CPU time, which a busy machine changes less than the wall's.
//
//   swift run -c release dubbo-cluster-benchmark

import DubboCluster

try await Choices.run("p2c", PowerOfTwoChoices(), calls: 300_000)
try await Choices.run("random", RandomLoadBalance(), calls: 300_000)
try await Choices.run("consistenthash", ConsistentHash(Sample.consumer), calls: 30_000)
try await Choices.run("leastactive", LeastActive(), calls: 10_000)
try await Choices.run("shortestresponse", ShortestResponse(), calls: 10_000)
try await Choices.run("roundrobin", RoundRobin(), calls: 10_000)
try await Updates.run()

// Runs seeds of the simulation of the cluster, one after the other in one thread.
//
//   dubbo-simulation SEEDS [FIRST]     stops at the first seed that breaks an invariant, and says how to see it again
//   dubbo-simulation --story SEED      one seed, with everything that happens
//   dubbo-simulation --digests SEEDS [FIRST]    with what tells one run from another, for each seed

import DubboSimulation

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

var arguments = Array(CommandLine.arguments.dropFirst())
let tellsStory = arguments.first == "--story"
let tellsDigests = arguments.first == "--digests"
if tellsStory || tellsDigests { arguments.removeFirst() }
let numbers = arguments.compactMap { UInt64($0) }
guard numbers.count == arguments.count, (1...2).contains(numbers.count) else {
  print("usage: dubbo-simulation SEEDS [FIRST] | --story SEED | --digests SEEDS [FIRST]")
  exit(2)
}
let seeds: Range<UInt64>
if tellsStory {
  seeds = numbers[0]..<numbers[0] + 1
} else {
  let first = numbers.count > 1 ? numbers[1] : 1
  seeds = first..<first + numbers[0]
}

let start = ContinuousClock.now
var totals = Totals()
for seed in seeds {
  let outcome = Simulation.run(seed: seed, tellsStory: tellsStory)
  for line in outcome.story { print(line) }
  if tellsDigests { print(seed, String(outcome.digest, radix: 16)) }
  totals.add(outcome)
  guard outcome.violations.isEmpty else {
    print("seed \(seed) broke the rules after \(seed - seeds.lowerBound + 1) seeds:")
    for violation in outcome.violations.prefix(20) { print("  \(violation)") }
    print("see it again: dev/simulate --story \(seed)")
    exit(1)
  }
}
print("\(seeds.count) seeds from \(seeds.lowerBound), no violation: \(totals), \(start.duration(to: .now))")

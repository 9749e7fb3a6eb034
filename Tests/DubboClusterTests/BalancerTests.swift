import DubboCore
import Testing

@testable import DubboCluster

@Suite struct RoundRobinTests {
  private func weighted(_ weights: [Int]) -> Roster {
    roster(weights.enumerated().map { FakeEndpoint($0.offset + 1, parameters: ["weight": "\($0.element)"]) })
  }

  @Test func `turns are mixed as nginx mixes them`() {
    let list = weighted([5, 1, 1])
    let balance = RoundRobin()
    let turns = (0..<7).compactMap { _ in balance.select(from: list, for: .unary(), context())?.url.host.last }
    #expect(String(turns) == "1121311")
  }

  @Test(arguments: [[1, 1, 1], [3, 2, 1], [100, 50, 0], [7, 11, 13]])
  func `a full cycle is exact`(weights: [Int]) {
    let list = weighted(weights)
    let balance = RoundRobin()
    var counts = [Int](repeating: 0, count: weights.count)
    for _ in 0..<weights.reduce(0, +) {
      guard let chosen = balance.select(from: list, for: .unary(), context()) else { continue }
      counts[list.candidates.firstIndex { $0 === chosen } ?? 0] += 1
    }
    #expect(counts == weights)
  }

  @Test func `each method has turns of its own, and a new list goes on where the old one was`() {
    let endpoints = (1...2).map { FakeEndpoint($0) }
    let candidates = endpoints.map { Candidate($0) }
    let balance = RoundRobin()
    func next(_ method: String, _ candidates: [Candidate]) -> Character? {
      balance.select(from: Roster(candidates, wallMilliseconds: 0), for: .unary(method), context())?.url.host.last
    }
    #expect(next("a", candidates) == "1")
    #expect(next("b", candidates) == "1")
    #expect(next("a", candidates) == "2")
    #expect(next("a", candidates.map { $0.with(url: $0.url.with("x", "1")) }) == "1")
    #expect(next("a", candidates) == "2")
  }
}

extension RoundRobinTests {
  @Test func `a weight that changes begins anew, and who was away for a minute is forgotten`() {
    let clock = StillClock()
    let candidates = [5, 1].enumerated().map {
      Candidate(FakeEndpoint($0.offset + 1, parameters: ["weight": "\($0.element)"]))
    }
    let balance = RoundRobin()
    func next(_ candidates: [Candidate]) -> Character? {
      balance.select(from: Roster(candidates, wallMilliseconds: 0), for: .unary(), context(clock))?.url.host.last
    }
    // Both new at weight 5: what the first had taken under its old weight no longer counts against it.
    let equal = [candidates[0], candidates[1].with(url: candidates[1].url.with("weight", "5"))]
    #expect(String((0..<3).compactMap { _ in next(candidates) }) == "111")
    #expect(String((0..<4).compactMap { _ in next(equal) }) == "2121")
    // Away for less than a minute the second keeps what it had not got, away for more it starts like anybody.
    let third = Candidate(FakeEndpoint(3, parameters: ["weight": "5"]))
    _ = next([equal[0], third])
    clock.advance(by: .seconds(61))
    _ = next([equal[0], third])
    let turns = String((0..<6).compactMap { _ in next(equal + [third]) })
    #expect(Set(turns) == ["1", "2", "3"] && turns.prefix(3).count { $0 == "2" } == 1, "\(turns)")
  }

  @Test func `services of several groups at one address have turns of their own`() {
    let list = roster((1...3).map { FakeEndpoint(1, parameters: ["group": "g\($0)"]) })
    let balance = RoundRobin()
    let groups = (0..<6).compactMap { _ in balance.select(from: list, for: .unary(), context())?.url.group }
    #expect(groups == ["g1", "g2", "g3", "g1", "g2", "g3"])
  }

  @Test(arguments: ["aliasmethod", "interleavedweightedroundrobin", "roundrobin", "random"])
  func `whatever Go calls it, the shares follow the weights`(name: String) throws {
    var catalog = ExtensionCatalog()
    catalog.registerClusterExtensions()
    let balance = try catalog.factory(name, for: LoadBalances.self)(DubboURL(scheme: "consumer", host: "h"))
    #expect(isClose(shares(balance, weighted([1, 3, 6])), [0.1, 0.3, 0.6]))
  }
}

@Suite struct LeastActiveTests {
  @Test func `the one with fewest calls under way is taken, whatever its weight`() {
    let list = roster([FakeEndpoint(1, parameters: ["weight": "1000"]), FakeEndpoint(2), FakeEndpoint(3)])
    list.candidates[0].numbers.begin()
    list.candidates[2].numbers.begin()
    #expect(shares(LeastActive(), list, count: 100) == [0, 1, 0])
  }

  @Test func `among equals the weights decide`() {
    let list = roster(
      [1, 3, 6].enumerated().map { FakeEndpoint($0.offset + 1, parameters: ["weight": "\($0.element)"]) })
    #expect(isClose(shares(LeastActive(), list), [0.1, 0.3, 0.6]))
    let equal = roster((1...4).map { FakeEndpoint($0) })
    #expect(isClose(shares(LeastActive(), equal), [0.25, 0.25, 0.25, 0.25]))
  }
}

@Suite struct ShortestResponseTests {
  private let clock = StillClock()

  @Test func `among those that are alike the weights decide, and unknown ones are tried`() {
    let list = roster(
      [1, 3, 6].enumerated().map { FakeEndpoint($0.offset + 1, parameters: ["weight": "\($0.element)"]) }, clock)
    #expect(isClose(shares(ShortestResponse(), list, count: 20_000, .unary(), context(clock)), [0.1, 0.3, 0.6]))
    feed(list.candidates[0], .milliseconds(1))
    #expect(shares(ShortestResponse(), list, count: 100, .unary(), context(clock))[0] == 0)
  }

  private func feed(_ candidate: Candidate, _ duration: Duration, count: Int = 10) {
    for _ in 0..<count {
      candidate.numbers.begin()
      candidate.numbers.end(since: clock.now, now: clock.now.advanced(by: duration), .answered)
    }
  }

  @Test func `the average times the calls under way decides`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    feed(list.candidates[0], .milliseconds(10))
    feed(list.candidates[1], .milliseconds(30))
    #expect(shares(ShortestResponse(), list, count: 100, .unary(), context(clock)) == [1, 0])
    for _ in 0..<3 { list.candidates[0].numbers.begin() }
    #expect(shares(ShortestResponse(), list, count: 100, .unary(), context(clock)) == [0, 1])
  }

  @Test func `after thirty seconds the past no longer counts`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    let balance = ShortestResponse()
    feed(list.candidates[0], .milliseconds(1), count: 1_000)
    feed(list.candidates[1], .milliseconds(20), count: 1_000)
    #expect(shares(balance, list, count: 10, .unary(), context(clock)) == [1, 0])
    clock.advance(by: .seconds(31))
    _ = balance.select(from: list, for: .unary(), context(clock))
    feed(list.candidates[0], .milliseconds(50), count: 5)
    feed(list.candidates[1], .milliseconds(20), count: 5)
    #expect(shares(balance, list, count: 10, .unary(), context(clock)) == [0, 1])
  }
}

@Suite struct ConsistentHashTests {
  private let consumer = DubboURL(scheme: "consumer", host: "h")

  private func keyed(_ key: String) -> Invocation {
    var invocation = Invocation.unary()
    invocation.hashKey = key
    return invocation
  }

  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
  ])
  func `MD5 is that of RFC 1321`(text: String, digest: String) {
    let words = MD5.words(text.utf8)
    let bytes = words.indices.flatMap { index in
      (0..<4).map { UInt8(truncatingIfNeeded: words[index] >> UInt32($0 * 8)) }
    }
    #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == digest)
  }

  /// Computed by Dubbo's algorithm in another language: for each address and i in 0..<40, MD5 of `address` and `i`.
  @Test(arguments: [
    ("", 1), ("a", 1), ("user-1", 3), ("user-2", 1), ("user-3", 1), ("order:42", 4), ("你好", 1), ("0", 2), ("1", 2),
    ("2", 3), ("3", 2), ("4", 1),
  ])
  func `the choice for a key is Dubbo's`(key: String, host: Int) {
    let list = roster((1...5).map { FakeEndpoint($0) })
    let chosen = ConsistentHash(consumer).select(from: list, for: keyed(key), context())
    #expect(chosen?.url.host == "10.0.0.\(host)")
  }

  @Test func `the same key always goes to the same provider and keys spread`() {
    let list = roster((1...10).map { FakeEndpoint($0) })
    let balance = ConsistentHash(consumer)
    var counts = [String: Int]()
    for number in 0..<5_000 {
      let first = balance.select(from: list, for: keyed("key-\(number)"), context())
      let second = balance.select(from: list, for: keyed("key-\(number)"), context())
      #expect(first === second)
      counts[first?.address ?? "", default: 0] += 1
    }
    #expect(counts.count == 10)
    #expect(counts.values.allSatisfy { $0 > 250 && $0 < 900 })
  }

  @Test func `case 56: when one of ten leaves only its keys move`() {
    let all = (1...10).map { FakeEndpoint($0) }
    let before = roster(all)
    let after = roster(Array(all.dropLast()))
    let balance = ConsistentHash(consumer)
    for number in 0..<2_000 {
      let old = balance.select(from: before, for: keyed("\(number)"), context())?.address
      let new = balance.select(from: after, for: keyed("\(number)"), context())?.address
      if old != "10.0.0.10:50051" { #expect(old == new) }
    }
  }

  @Test func `of addresses on one point the last one has it among those that are meant`() {
    // One address three times: every point is shared.
    let ring = HashRing(addresses: ["a:1", "a:1", "a:1", "b:1"], nodes: 4)
    let keys = (0..<50).map { Array("\($0)".utf8) }
    #expect(Set(keys.map { ring.index(for: $0) }) == [2, 3])
    #expect(Set(keys.map { ring.index(for: $0) { $0 != 2 } }) == [1, 3])
    #expect(keys.allSatisfy { ring.index(for: $0) { $0 == 0 } == 0 })
    #expect(keys.allSatisfy { ring.index(for: $0) { _ in false } == nil })
  }

  @Test func `arguments and nodes are set per method`() {
    let balance = ConsistentHash(
      DubboURL(
        scheme: "consumer", host: "h",
        parameters: ["hash.arguments": "1", "other.hash.arguments": "0,1", "hash.nodes": "8"]))
    let list = roster((1...5).map { FakeEndpoint($0) })
    func choose(_ method: String, _ arguments: [String]) -> String? {
      var invocation = Invocation.unary(method)
      invocation.attributes[ArgumentTexts.self] = arguments
      return balance.select(from: list, for: invocation, context())?.address
    }
    let choices = (0..<50).map { choose("greet", ["\($0)", "same"]) }
    #expect(Set(choices).count == 1)
    #expect(Set((0..<50).map { choose("other", ["\($0)", "same"]) }).count > 1)
  }

  @Test func `without values the message is the key`() {
    let list = roster((1...5).map { FakeEndpoint($0) })
    let balance = ConsistentHash(consumer)
    let choices = (0..<50).map { number in
      var invocation = Invocation.unary()
      invocation.body = .message([UInt8(number)])
      return balance.select(from: list, for: invocation, context())?.address
    }
    #expect(Set(choices).count == 5)
  }
}

@Suite struct AdaptiveTests {
  private let clock = StillClock()
  private let balance = Adaptive(DubboURL(scheme: "consumer", host: "h", parameters: ["timeout": "1000"]))

  private func report(_ candidate: Candidate, _ text: String) {
    balance.learn(from: Reply(trailers: ["lb_adaptive": text]), of: candidate, method: "greet", context(clock))
  }

  @Test func `providers are asked for their load`() {
    var invocation = Invocation.unary()
    balance.prepare(&invocation)
    #expect(invocation.metadata["lb_adaptive"] == "mem,load")
  }

  @Test func `the smaller reported load wins`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    report(list.candidates[0], "curTime:1,load:80")
    report(list.candidates[1], "load: 20 ,mem:5")
    #expect(shares(balance, list, count: 100, .unary(), context(clock)) == [0, 1])
  }

  @Test func `one that has not been heard of for twice the timeout is tried`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    report(list.candidates[0], "load:80")
    clock.advance(by: .seconds(3))
    report(list.candidates[1], "load:1")
    #expect(shares(balance, list, count: 100, .unary(), context(clock)) == [1, 0])
  }

  @Test func `success makes a load lighter and weights decide between equals`() {
    let list = roster(
      [1, 3].enumerated().map { FakeEndpoint($0.offset + 1, parameters: ["weight": "\($0.element)"]) }, clock)
    #expect(isClose(shares(balance, list, count: 20_000, .unary(), context(clock)), [0.25, 0.75]))
    for candidate in list.candidates { report(candidate, "load:50") }
    for _ in 0..<10 {
      list.candidates[0].numbers.begin()
      list.candidates[0].numbers.end(since: clock.now, now: clock.now, .answered)
    }
    #expect(shares(balance, list, count: 100, .unary(), context(clock)) == [1, 0])
  }

  @Test(arguments: ["", "load", "load:", "load:x", "load:-5", "load:inf", ":::"])
  func `a report that makes no sense is none`(text: String) {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    report(list.candidates[0], text)
    #expect(isClose(shares(balance, list, count: 20_000, .unary(), context(clock)), [0.5, 0.5]))
  }
}

@Suite struct BuiltInExtensionsTests {
  @Test(arguments: [
    "random", "roundrobin", "leastactive", "shortestresponse", "consistenthash", "adaptive", "p2c", "consistenthashing",
    "aliasmethod", "interleavedweightedroundrobin",
  ])
  func `every load balance of Dubbo is known by its name and takes the only candidate`(name: String) throws {
    var catalog = ExtensionCatalog()
    catalog.registerClusterExtensions()
    let url = DubboURL(scheme: "consumer", host: "h", parameters: ["loadbalance": name, "greet.loadbalance": "random"])
    let table = try BalanceTable(url, catalog: catalog)
    let list = roster([FakeEndpoint(1)])
    #expect(table["other"].select(from: list, for: .unary("other"), context()) === list.candidates[0])
    #expect(table["greet"] is RandomLoadBalance)
    #expect(table["other"].select(from: roster([]), for: .unary("other"), context()) == nil)
  }

  @Test func `an unknown load balance is an error that lists the known ones`() {
    var catalog = ExtensionCatalog()
    catalog.registerClusterExtensions()
    let url = DubboURL(scheme: "consumer", host: "h", parameters: ["loadbalance": "best"])
    let error = #expect(throws: UnknownExtension.self) { try BalanceTable(url, catalog: catalog) }
    #expect(error?.known.contains("p2c") == true)
  }
}

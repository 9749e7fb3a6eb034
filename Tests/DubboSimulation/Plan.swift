import DubboCore

/// What a seed decides before anything happens.
struct Plan: Sendable {
  /// In calm weather nothing breaks: providers restart one at a time and in order, registries and rules change. Then
  /// every call must succeed from the first. In a storm anything may break, and calls may fail until it is over.
  var isCalm: Bool
  var machines: Int
  var registries: Int
  var cluster: String
  var loadBalance: String
  var isSticky: Bool
  var callers: Int
  var roundsInWeather: Int
  /// How long things happen.
  var weather: Duration
  /// The longest that a registry takes to tell of a change, in milliseconds.
  var registryLag: Int
  var emptyProtection: Int
  var clientLoops: Int
  /// Whether calls with streams move much data, slowly read.
  var movesMuchData: Bool
  var latency: ClosedRange<Int64>
  var largestPiece: Int
  var socketBuffer: Int
  /// How long a task that could go on waits for a thread: long on a machine that has too much to do.
  var hesitation: ClosedRange<Int64>

  private static let balances = [
    "random", "p2c", "roundrobin", "leastactive", "shortestresponse", "consistenthash", "adaptive",
  ]
  private static let clusters = ["failfast", "failsafe", "failback", "forking", "broadcast", "available", "mergeable"]

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    func chance(_ percent: Int) -> Bool { draw(0...99) < percent }
    isCalm = chance(35)
    machines = isCalm ? draw(2...4) : draw(1...4)
    registries = chance(25) ? 2 : 1
    cluster = isCalm || chance(60) ? "failover" : Self.clusters[draw(0...Self.clusters.count - 1)]
    loadBalance = Self.balances[draw(0...Self.balances.count - 1)]
    isSticky = chance(15)
    callers = draw(2...8)
    roundsInWeather = draw(1...8)
    weather = .milliseconds(draw(500...4_000))
    registryLag = draw(1...500)
    emptyProtection = draw(1...60) * 500
    clientLoops = chance(25) ? 2 : 1
    movesMuchData = chance(6)
    latency = chance(30) ? 1_000_000...20_000_000 : 20_000...400_000
    largestPiece = chance(10) && !movesMuchData ? draw(40...400) : 65_536
    hesitation = chance(25) ? 0...2_000_000 : 0...20_000
    socketBuffer = chance(10) && !movesMuchData ? draw(1...8) * 1_024 : 65_536
  }
}

internal import DubboCore

/// The weight parameters of a provider's URL, read once.
struct Weighting: Sendable {
  /// Weights beyond this are held to it, so that sums over any number of providers fit.
  static let largest = 1_000_000

  let base: Int
  /// Weights that `method.weight` sets apart.
  let ofMethods: [String: Int]
  /// Milliseconds since 1970; 0: unknown, so no warm-up.
  let startedAt: Int64
  let warmupMilliseconds: Int64

  init(_ url: DubboURL) {
    func bounded(_ weight: Int) -> Int { min(max(weight, 0), Self.largest) }
    base = bounded(url.weight)
    let suffix = ".\(WeightKey.name)"
    var ofMethods: [String: Int] = [:]
    for element in url.parameters where element.name.hasSuffix(suffix) {
      if let weight = Int(element.value) { ofMethods[String(element.name.dropLast(suffix.count))] = bounded(weight) }
    }
    self.ofMethods = ofMethods
    let timestamp = Int64(max(0, url.timestamp))
    // Go's providers write seconds; no provider has been running since 1973.
    startedAt = timestamp < 100_000_000_000 ? timestamp * 1_000 : timestamp
    warmupMilliseconds = url.warmup.saturatedNanoseconds / 1_000_000
  }

  /// A new provider starts at weight 1 and grows to its whole weight over its warm-up.
  func weight(method: String, wallMilliseconds: Int64) -> Int {
    let full = ofMethods.isEmpty ? base : ofMethods[method] ?? base
    guard full > 0, startedAt > 0 else { return full }
    let (uptime, overflow) = wallMilliseconds.subtractingReportingOverflow(startedAt)
    guard !overflow else { return full }
    if uptime < 0 { return 1 }
    guard uptime > 0, uptime < warmupMilliseconds else { return full }
    let grown = Int(Double(uptime) / (Double(warmupMilliseconds) / Double(full)))
    return min(max(grown, 1), full)
  }

  /// Whether the weight still changes with time.
  func isWarmingUp(wallMilliseconds: Int64) -> Bool {
    guard startedAt > 0 else { return false }
    let (uptime, overflow) = wallMilliseconds.subtractingReportingOverflow(startedAt)
    return !overflow && uptime < warmupMilliseconds
  }
}

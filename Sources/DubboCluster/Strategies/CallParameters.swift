internal import DubboCore

/// The parameters of a consumer's URL that every call reads, decoded once.
struct CallParameters: Sendable {
  struct Values: Sendable {
    var retries: Int
    /// Whether providers that cannot be reached are passed over.
    var avoidsUnavailable: Bool
    var isIdempotent: Bool
    var isSticky: Bool
    var forks: Int
    var broadcastFailPercent: Int
    var merger: String?
  }

  private let general: Values
  private let ofMethods: [String: Values]

  init(_ url: DubboURL) {
    func values(_ method: String?) -> Values {
      func value<Key: URLParameterKey>(_ key: Key.Type) -> Key.Value {
        method.map { url[key, method: $0] } ?? url[key]
      }
      return Values(
        retries: Self.bounded(retries: value(RetriesKey.self)),
        avoidsUnavailable: value(AvailableCheckKey.self), isIdempotent: value(IdempotentKey.self),
        isSticky: value(StickyKey.self), forks: min(max(1, value(ForksKey.self)), 100),
        broadcastFailPercent: min(max(0, value(BroadcastFailPercentKey.self)), 100), merger: value(MergerKey.self))
    }
    general = values(nil)
    let suffixes = [
      RetriesKey.name, AvailableCheckKey.name, IdempotentKey.name, StickyKey.name, ForksKey.name,
      BroadcastFailPercentKey.name, MergerKey.name,
    ].map { ".\($0)" }
    var ofMethods: [String: Values] = [:]
    for element in url.parameters {
      guard let suffix = suffixes.first(where: element.name.hasSuffix) else { continue }
      let method = String(element.name.dropLast(suffix.count))
      ofMethods[method] = values(method)
    }
    self.ofMethods = ofMethods
  }

  /// No call is tried more often than this, whatever anybody says.
  static func bounded(retries: Int) -> Int { min(max(0, retries), 100) }

  subscript(method: String) -> Values {
    ofMethods.isEmpty ? general : ofMethods[method] ?? general
  }
}

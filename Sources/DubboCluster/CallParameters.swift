internal import DubboCore

/// The parameters of a consumer's URL that every call reads, decoded once.
struct CallParameters: Sendable {
  struct Values: Sendable {
    var retries: Int
    var isIdempotent: Bool
    var isSticky: Bool
    var forks: Int
  }

  private let general: Values
  private let ofMethods: [String: Values]

  init(_ url: DubboURL) {
    func values(_ method: String?) -> Values {
      func value<Key: URLParameterKey>(_ key: Key.Type) -> Key.Value {
        method.map { url[key, method: $0] } ?? url[key]
      }
      return Values(
        retries: min(max(0, value(RetriesKey.self)), 100), isIdempotent: value(IdempotentKey.self),
        isSticky: value(StickyKey.self), forks: min(max(1, value(ForksKey.self)), 100))
    }
    general = values(nil)
    let names = [RetriesKey.name, IdempotentKey.name, StickyKey.name, ForksKey.name]
    var ofMethods: [String: Values] = [:]
    for element in url.parameters {
      guard let dot = element.name.lastIndex(of: "."),
        names.contains(String(element.name[element.name.index(after: dot)...]))
      else { continue }
      let method = String(element.name[..<dot])
      ofMethods[method] = values(method)
    }
    self.ofMethods = ofMethods
  }

  subscript(method: String) -> Values {
    ofMethods.isEmpty ? general : ofMethods[method] ?? general
  }
}

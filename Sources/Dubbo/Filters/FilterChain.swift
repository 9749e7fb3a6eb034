internal import DubboCore

/// The filters that a URL asks for, the outermost first, in Dubbo's notation: names in their order, `default` for the
/// built-in ones, `-name` to leave one out, `-default` to leave them all out. Without `default` the built-in ones come
/// first.
struct FilterChain {
  let filters: [any Filter]

  init(_ url: DubboURL, side: Side, _ application: DubboApplication) throws {
    let names = Self.names(url[side == .consumer ? "filter" : "service.filter"] ?? url["filter"] ?? "")
    let context = FilterContext(
      url: url, side: side, application: application.name, clock: application.clock, log: application.log)
    filters = try names.map { try application.extensions.factory($0, for: Filters.self)(context) }
  }

  /// What every call passes unless the URL says otherwise.
  static let builtIn = ["context", "timeout"]

  static func names(_ text: String) -> [String] {
    let words = text.split(separator: ",").map { String($0.trimmingBlanks()) }.filter { !$0.isEmpty }
    let removed = Set(words.filter { $0.hasPrefix("-") }.map { String($0.dropFirst()) })
    var names = words.filter { !$0.hasPrefix("-") }
    if !names.contains("default"), !removed.contains("default") { names.insert("default", at: 0) }
    var chosen: [String] = []
    for name in names.flatMap({ $0 == "default" ? Self.builtIn : [$0] })
    where !removed.contains(name) && !chosen.contains(name) {
      chosen.append(name)
    }
    return chosen
  }
}

internal import DubboCluster
internal import DubboCore

/// The filters that a URL asks for, the outermost first, in Dubbo's notation: names in their order, `default` for the
/// built-in ones, `-name` to leave one out, `-default` to leave them all out. Without `default` the built-in ones come
/// first.
struct FilterChain {
  /// In their order, without names of Dubbo for Go where Dubbo for Java has another.
  let names: [String]
  let filters: [any Filter]

  init(
    _ url: DubboURL, side: Side, _ application: DubboApplication, memory: FilterMemory = FilterMemory()
  ) throws {
    let url = Self.inOneSpelling(url)
    let own = url[side == .consumer ? "reference.filter" : "service.filter"]
    names = Self.names(own ?? url["filter"] ?? "", builtIn: Self.builtIn(for: url, side))
    let context = FilterContext(
      url: url, side: side, application: application.name, clock: application.clock, log: application.log,
      memory: memory)
    // A name that nobody knows is told before any filter has looked at what those before it have counted.
    let factories = try names.map { try application.extensions.factory($0, for: Filters.self) }
    filters = try factories.map { try $0(context) }
  }

  /// The filters around `invoker`, where there are any.
  func around(_ invoker: any Invoker) -> any Invoker {
    filters.isEmpty ? invoker : FilteredInvoker(filters, around: invoker)
  }

  /// What filters do beside the calls.
  var background: [any BackgroundWork] { filters.compactMap { $0 as? any BackgroundWork } }

  /// What calls pass unless the URL says otherwise. What a parameter of the URL turns on is not even in the chain without
  /// it.
  static func builtIn(for url: DubboURL, _ side: Side) -> [String] {
    func isOn(_ parameter: String) -> Bool {
      url.parameters.contains { element in
        (element.name == parameter || element.name.hasSuffix(".\(parameter)"))
          && !["", "0", "false"].contains(element.value.lowercased())
      }
    }
    switch side {
    case .consumer:
      return ["context"] + (isOn("actives") ? ["activelimit"] : []) + ["timeout"]
    case .provider:
      let asked = [
        ("token", "token"), ("accesslog", "accesslog"), ("tps", "tps"), ("executes", "executelimit"),
        ("adaptive-service", "padasvc"),
      ]
      return ["context", "echo", "loadreport"] + asked.filter { isOn($0.0) }.map(\.1) + ["timeout"]
    }
  }

  static func names(_ text: String, builtIn: [String]) -> [String] {
    let words = text.split(separator: ",").map { String($0.trimmingBlanks()) }.filter { !$0.isEmpty }
    let removed = Set(words.filter { $0.hasPrefix("-") }.map { oneSpelling(String($0.dropFirst())) })
    var names = words.filter { !$0.hasPrefix("-") }.map(oneSpelling)
    if !names.contains("default"), !removed.contains("default") { names.insert("default", at: 0) }
    // A built-in one that is named stands where it is named.
    let rest = builtIn.filter { !names.contains($0) }
    var chosen: [String] = []
    for name in names.flatMap({ $0 == "default" ? rest : [$0] })
    where !removed.contains(name) && !chosen.contains(name) {
      chosen.append(name)
    }
    return chosen
  }

  private static func oneSpelling(_ name: String) -> String {
    switch name {
    case "execute": "executelimit"
    case "active", "active-limit": "activelimit"
    case "consumercontext": "context"
    case "profiler-server": "loadreport"
    default: name
    }
  }

  /// `url` with Java's names for the parameters that Go calls otherwise.
  private static func inOneSpelling(_ url: DubboURL) -> DubboURL {
    var url = url
    for element in url.parameters {
      for (other, name) in [
        ("tps.limit.rate", "tps"), ("tps.limit.interval", "tps.interval"), ("execute.limit", "executes"),
      ] where element.name == other || element.name.hasSuffix(".\(other)") {
        let full = String(element.name.dropLast(other.count)) + name
        if url[full] == nil { url[full] = element.value }
      }
    }
    return url
  }
}

internal import DubboCore

/// A parameter of a service's URL, for the whole service and for those of its methods that say otherwise
/// (`greet.executes=5`): decoded once, for it is asked at every call.
struct PerMethod<Key: URLParameterKey>: Sendable {
  /// What holds for methods that say nothing.
  let general: Key.Value
  /// What methods say.
  let own: [String: Key.Value]

  init(_ url: DubboURL, _ key: Key.Type) {
    general = url[key]
    let suffix = ".\(Key.name)"
    var own: [String: Key.Value] = [:]
    for parameter in url.parameters where parameter.name.hasSuffix(suffix) {
      own[String(parameter.name.dropLast(suffix.count))] = Key.Value(parameterText: parameter.value)
    }
    self.own = own
  }

  subscript(method: String) -> Key.Value {
    own.isEmpty ? general : own[method] ?? general
  }
}

internal import DubboCore

extension DubboURL {
  /// What a rule's key means in a URL: one of its parts, else a parameter.
  func fact(_ key: String) -> String? {
    switch key {
    case "host": host
    case "port": port.map(String.init)
    case "protocol": scheme
    case "path": path.isEmpty ? nil : path
    case "username": user
    case "password": nil
    default: parameters[key]
    }
  }
}

internal import DubboCore

/// `token`: a provider serves only calls that carry the `token` of its URL, which consumers learn from the registry: what
/// keeps those out who call past it. Not a password: whoever may read the registry knows it.
struct TokenFilter: BracketFilter {
  private let token: [UInt8]
  private let side: Side

  init(_ context: FilterContext) {
    token = Array((context.url[TokenKey.self] ?? "").utf8)
    side = context.side
  }

  func begin(_ invocation: inout Invocation) throws {
    guard !token.isEmpty else { return }
    let carried = invocation.metadata.firstValue(of: "token")
    switch side {
    case .consumer:
      if carried == nil { invocation.metadata.add(String(decoding: token, as: UTF8.self), for: TokenKey.name) }
    case .provider:
      guard let carried, Self.areEqual(invocation.metadata.block[carried], token) else {
        throw DubboError(
          .permissionDenied,
          "\(invocation.method.service) wants a token, and the call carries \(carried == nil ? "none" : "another one"); "
            + "call it through its registry, or add ?token=… to its address")
      }
    }
  }

  /// In a time that does not tell how much of the token was right.
  private static func areEqual(_ left: ArraySlice<UInt8>, _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension DubboURL {
  /// `token=true` and `token=default` stand for a text that nobody knows beforehand: `made`.
  mutating func settleToken(_ made: String) {
    switch self[TokenKey.name]?.lowercased() {
    case "true", "default": self[TokenKey.name] = made
    case "false", "": self[TokenKey.name] = nil
    default: break
    }
  }
}

public import DubboCore

/// `consistenthash`: calls with the same arguments go to the same provider, and when providers come or go few calls
/// move. The choice for a key is Java's: the same MD5 ring of 160 points for each `host:port`.
///
/// The key is the text of the arguments that `hash.arguments` names (the first by default) where the stub knows them
/// as values (`Invocation.hashKey` sets one for any call), else the bytes of the message.
public struct ConsistentHash: LoadBalance {
  private struct Settings: Sendable {
    var nodes: Int
    var arguments: [Int]
  }

  private enum RingKey: RosterCacheKey {
    typealias Value = HashRing
  }

  private let general: Settings
  private let ofMethods: [String: Settings]

  /// - Parameter consumer: its `hash.nodes` and `hash.arguments`, each also per method.
  public init(_ consumer: DubboURL) {
    func settings(_ method: String?) -> Settings {
      let nodes = method.map { consumer[HashNodesKey.self, method: $0] } ?? consumer[HashNodesKey.self]
      let arguments = method.map { consumer[HashArgumentsKey.self, method: $0] } ?? consumer[HashArgumentsKey.self]
      return Settings(nodes: min(max(nodes, 4), 10_000), arguments: arguments)
    }
    general = settings(nil)
    var ofMethods: [String: Settings] = [:]
    for element in consumer.parameters {
      for suffix in [".\(HashNodesKey.name)", ".\(HashArgumentsKey.name)"] where element.name.hasSuffix(suffix) {
        let method = String(element.name.dropLast(suffix.count))
        ofMethods[method] = settings(method)
      }
    }
    self.ofMethods = ofMethods
  }

  public func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    guard roster.count > 1 else { return roster.candidates.first }
    let settings = ofMethods.isEmpty ? general : ofMethods[invocation.method.name] ?? general
    let ring = roster.cached(RingKey.self, variant: String(settings.nodes)) { roster in
      HashRing(addresses: roster.candidates.map(\.address), nodes: settings.nodes)
    }
    return ring.index(for: Self.key(invocation, settings)).map { roster.candidates[$0] }
  }

  private static func key(_ invocation: Invocation, _ settings: Settings) -> [UInt8] {
    if let texts = invocation.attributes[ArgumentTexts.self] {
      return settings.arguments.flatMap { texts.indices.contains($0) ? Array(texts[$0].utf8) : [] }
    }
    if case .message(let bytes) = invocation.body, settings.arguments.contains(0) { return bytes }
    return []
  }
}

extension Invocation {
  /// What the consistent hash places this call by, as the text of its first argument; nil when nothing is set.
  public var hashKey: String? {
    get { attributes[ArgumentTexts.self]?.first }
    set { attributes[ArgumentTexts.self] = newValue.map { [$0] } }
  }
}

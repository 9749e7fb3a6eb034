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

  enum RingKey: RosterCacheKey {
    typealias Value = HashRing
  }

  private let general: Settings
  private let ofMethods: [String: Settings]
  /// The sizes of the rings that calls need.
  private let sizes: [Int]

  /// A list that is shorter than its whole by more than this has a ring of its own: in that of the whole most points
  /// would have to be passed over.
  private static let longestWalk = 64

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
    sizes = Array(Set([general.nodes] + ofMethods.values.map(\.nodes)))
  }

  public func prepare(_ roster: Roster) {
    for nodes in sizes { _ = Self.ring(of: roster, nodes) }
  }

  public func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    guard roster.count > 1 else { return roster.candidates.first }
    let settings = ofMethods.isEmpty ? general : ofMethods[invocation.method.name] ?? general
    let key = Self.key(invocation, settings)
    if let whole = roster.whole, whole.roster.count <= roster.count * Self.longestWalk {
      let place = Self.ring(of: whole.roster, settings.nodes).index(for: key, where: whole.members.contains)
      return place.map { whole.roster.candidates[$0] }
    }
    return Self.ring(of: roster, settings.nodes).index(for: key).map { roster.candidates[$0] }
  }

  private static func ring(of roster: Roster, _ nodes: Int) -> HashRing {
    roster.cached(RingKey.self, variant: String(nodes)) { roster in
      HashRing(addresses: roster.candidates.map(\.address), nodes: nodes)
    }
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

/// A name for a value that travels with an invocation inside one process, never on the wire.
public protocol AttributeKey: Sendable {
  associatedtype Value: Sendable
}

/// Values that filters, routers and balancers attach to an invocation, each under a key type of its own.
///
/// The values that hold for every call of a reference are set once and shared; a call pays only for what it adds.
public struct Attributes: Sendable {
  private var entries: [(key: ObjectIdentifier, value: any Sendable)] = []

  public init() {}

  /// The value under `key`, or nil. Assigning nil removes it.
  public subscript<Key: AttributeKey>(key: Key.Type) -> Key.Value? {
    get {
      let identifier = ObjectIdentifier(key)
      return entries.first { $0.key == identifier }?.value as? Key.Value
    }
    set {
      let identifier = ObjectIdentifier(key)
      entries.removeAll { $0.key == identifier }
      if let newValue { entries.append((identifier, newValue)) }
    }
  }

  /// Whether there is a value under the key of this type: for what each call is asked and few have, as taking a value is dear.
  package func hasValue(under key: ObjectIdentifier) -> Bool {
    entries.contains { $0.key == key }
  }

  /// Takes the values of `other`, which win over those under the same keys.
  public mutating func merge(_ other: Attributes) {
    guard !other.entries.isEmpty else { return }
    entries.removeAll { mine in other.entries.contains { $0.key == mine.key } }
    entries += other.entries
  }
}

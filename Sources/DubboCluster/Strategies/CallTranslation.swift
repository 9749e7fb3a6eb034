package import DubboCore

/// Puts one call to providers that want its messages in different serializations.
///
/// Whoever writes the messages sets it on the invocation; each attempt of a cluster asks it for the provider that was
/// chosen. Calls whose messages are in one format wherever they go have none.
package protocol CallTranslation: Sendable {
  /// Whether the provider at this URL can be sent `invocation`.
  func reaches(_ provider: DubboURL, with invocation: Invocation) -> Bool

  /// `invocation` as the provider at this URL reads it, and the name of the serialization that its reply is then in; nil
  /// where the caller knows that. Throws a `DubboError` with nothing sent where it cannot be put so.
  func translated(
    _ invocation: Invocation, for provider: DubboURL
  ) throws -> (invocation: Invocation, serialization: String?)
}

extension Reply {
  /// What a reply to a translated call is in. No peer can send a header of this name.
  package var serialization: String? {
    get { headers[":serialization"] }
    set { headers[":serialization"] = newValue }
  }
}

/// The translation of an invocation.
package enum CallTranslationKey: AttributeKey {
  package typealias Value = any CallTranslation
}

extension Invocation {
  /// Nil for a call whose messages are in one format wherever it goes.
  var translation: (any CallTranslation)? {
    guard attributes.hasValue(under: ObjectIdentifier(CallTranslationKey.self)) else { return nil }
    return attributes[CallTranslationKey.self]
  }

  /// Those of `candidates` that can be sent this; all of them when it is none, so that an attempt says why.
  func reachable(among candidates: [Candidate]) -> [Candidate] {
    guard let translation else { return candidates }
    let reachable = candidates.filter { translation.reaches($0.url, with: self) }
    return reachable.isEmpty ? candidates : reachable
  }
}

extension ClusterContext {
  /// Has the messages of a stream written for the provider that is first in turn: what is recorded of it for one attempt
  /// is sent again with the next.
  func settleTranslation(of invocation: Invocation) async throws {
    guard let translation = invocation.translation else { return }
    let roster = try await directory.list(invocation)
    let selection = selection(for: invocation, options(invocation.method.name))
    guard let first = selection.next(from: roster, for: invocation, tried: []) else { return }
    _ = try translation.translated(invocation, for: first.url)
  }
}

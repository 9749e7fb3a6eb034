package import DubboYAML

/// The mesh rules of one application: how its providers fall into subsets (`DestinationRule`), and which subset a call
/// goes to (`VirtualService`).
package struct MeshRules: Sendable, Hashable {
  /// Providers with all of these parameters.
  struct Subset: Sendable, Hashable {
    var name: String
    var labels: [String: String]
  }

  /// What a `VirtualService` says of some services.
  struct Route: Sendable, Hashable {
    /// Empty: any.
    var services: [StringMatch]
    /// The first that means a call counts.
    var details: [Detail]
  }

  /// One way of calls.
  struct Detail: Sendable, Hashable {
    var name: String
    /// Which calls are meant, all of it; empty: every one.
    var when: [ConditionExpression.Pair]
    /// Nil, as when nothing is said: calls go anywhere.
    var destinations: [Destination]
    /// Whether a call fails when nobody is there for it.
    var isForced: Bool
  }

  struct Destination: Sendable, Hashable {
    /// The subset, and those that take its place when it has no provider.
    var subsets: [String]
    var weight: Int
  }

  /// The application that provides.
  var application: String
  var subsets: [Subset]
  var routes: [Route]

  /// Reads the documents of one application's rule; what is wrong stands in the readers' diagnostics, and then there is
  /// none.
  package static func read(_ documents: [YAMLReader], application: String) -> MeshRules? {
    var rules = MeshRules(application: application, subsets: [], routes: [])
    var isSound = true
    for document in documents where !document.isNull {
      if !MeshReader.read(document, into: &rules) { isSound = false }
    }
    return isSound ? rules : nil
  }

  /// The ways of calls of `interface`: of the first route that is about it.
  func details(of interface: String) -> [Detail] {
    routes.first { $0.services.isEmpty || $0.services.contains { $0.fits(interface) } }?.details ?? []
  }
}

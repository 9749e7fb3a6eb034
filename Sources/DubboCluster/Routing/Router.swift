public import DubboCore

/// A router of your own: of the providers that the rules have left, it says which may take a call.
///
/// Rules are compiled when they change and their results kept; a router of your own is asked for every call, so its
/// cost is every call's.
public protocol Router: Sendable {
  /// For `explain` and logs.
  var name: String { get }

  /// The candidates of `candidates` that may take `invocation`, in any order; all of them to have no say, none to
  /// forbid the call.
  ///
  /// - Parameter consumer: the consumer's URL.
  func route(_ candidates: [Candidate], for invocation: Invocation, consumer: DubboURL) -> [Candidate]
}

/// The extension point of routers; the name is what `router=` says. The URL is the consumer's.
public enum Routers: ExtensionPoint {
  public typealias Factory = @Sendable (DubboURL) throws -> any Router
  public static let name = "router"
}

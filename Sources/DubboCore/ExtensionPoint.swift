/// A place where an application can put a part of its own: registries, load balances, filters…
///
/// The type that conforms is the key under which an `ExtensionCatalog` keeps the point's factories, so each floor
/// declares its points without the catalog knowing them:
///
///     public enum LoadBalances: ExtensionPoint {
///       public typealias Factory = @Sendable (DubboURL) throws -> any LoadBalance
///       public static let name = "loadbalance"
///     }
///     catalog.register("mine", for: LoadBalances.self) { url in MyLoadBalance(url) }
///     let balance = try catalog.factory("mine", for: LoadBalances.self)(url)
public protocol ExtensionPoint {
  /// What makes one extension, as a function type.
  associatedtype Factory: Sendable
  /// The point's name in errors and in `extension-type=`; also the URL parameter that chooses one by name.
  static var name: String { get }
}

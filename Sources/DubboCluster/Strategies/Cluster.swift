public import DubboCore

/// The extension point of cluster strategies: how one call becomes attempts at one or several providers. The name is
/// what `cluster=` says.
///
/// A strategy is an `Invoker` over a `ClusterContext`; made once per reference.
public enum Clusters: ExtensionPoint {
  public typealias Factory = @Sendable (ClusterContext) throws -> any Invoker
  public static let name = "cluster"
}

/// What every cluster strategy works with.
public struct ClusterContext: Sendable {
  /// The providers of one registry by themselves.
  public struct Part: Sendable {
    /// The registry's URL: `preferred`, `zone`, `weight`.
    public let registry: DubboURL
    public let context: ClusterContext

    public init(registry: DubboURL, context: ClusterContext) {
      self.registry = registry
      self.context = context
    }
  }

  /// Where the candidates come from.
  public let directory: any Directory
  /// The consumer's URL: retries, sticky and the rest, each also per method.
  public let url: DubboURL
  public internal(set) var balances: BalanceTable
  public let choice: ChoiceContext
  /// Shared by all calls of the reference.
  public let budget: SharedRetryBudget
  public let outliers: OutlierPolicy
  /// Shared by all calls of an application.
  public let replays: ReplayMemory
  public let log: Log
  /// Where strategies look up what they are told by name.
  public let catalog: ExtensionCatalog
  /// One for each registry where the strategy keeps registries apart; `directory` is then that of the first.
  public let parts: [Part]
  private let parameters: LiveReading<CallParameters>
  private let sticky = StickyChoices()

  /// - Parameter balance: for all methods for which `balances` has no other.
  public init(
    directory: any Directory, url: DubboURL, balances: BalanceTable, choice: ChoiceContext = ChoiceContext(),
    budget: SharedRetryBudget = SharedRetryBudget(), outliers: OutlierPolicy = OutlierPolicy(),
    replays: ReplayMemory = ReplayMemory(), log: Log = Log(label: "dubbo.cluster"),
    catalog: ExtensionCatalog = ExtensionCatalog(), parts: [Part] = []
  ) {
    self.directory = directory
    self.url = url
    self.balances = balances
    self.choice = choice
    self.budget = budget
    self.outliers = outliers
    self.replays = replays
    self.log = log
    self.catalog = catalog
    self.parts = parts
    parameters = LiveReading(url) { CallParameters($0) }
  }

  var clock: any DubboClock { choice.clock }

  /// What the consumer's URL and the override rules say about a method.
  func options(_ method: String) -> CallParameters.Values {
    parameters.value(directory.snapshot)[method]
  }

  func selection(for invocation: Invocation, _ options: CallParameters.Values) -> Selection {
    var choice = choice
    choice.avoidsUnavailable = options.avoidsUnavailable
    return Selection(
      balance: balances[invocation.method.name], context: choice, sticky: options.isSticky ? sticky : nil,
      translation: invocation.translation)
  }
}

/// The load balance of a reference, and of those of its methods that have one of their own.
public struct BalanceTable: Sendable {
  private let general: any LoadBalance
  private let ofMethods: [String: any LoadBalance]

  public init(_ general: any LoadBalance, ofMethods: [String: any LoadBalance] = [:]) {
    self.general = general
    self.ofMethods = ofMethods
  }

  /// What `url` says with `loadbalance` and `method.loadbalance`, by the names that `catalog` knows.
  public init(_ url: DubboURL, catalog: ExtensionCatalog) throws {
    general = try catalog.factory(url.loadBalance, for: LoadBalances.self)(url)
    let suffix = ".\(LoadBalanceKey.name)"
    var ofMethods: [String: any LoadBalance] = [:]
    for element in url.parameters where element.name.hasSuffix(suffix) {
      ofMethods[String(element.name.dropLast(suffix.count))] = try catalog.factory(
        element.value, for: LoadBalances.self)(url)
    }
    self.ofMethods = ofMethods
  }

  /// Makes what any of the balances needs for `roster`.
  func prepare(_ roster: Roster) {
    general.prepare(roster)
    for balance in ofMethods.values { balance.prepare(roster) }
  }

  public subscript(method: String) -> any LoadBalance {
    ofMethods.isEmpty ? general : ofMethods[method] ?? general
  }
}

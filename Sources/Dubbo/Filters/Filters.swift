public import DubboCore

/// The extension point of filters. `filter=` on a consumer's and `service.filter=` on a provider's URL choose them by
/// name.
public enum Filters: ExtensionPoint {
  public typealias Factory = @Sendable (FilterContext) throws -> any Filter
  public static let name = "filter"
}

/// What a filter gets when it is made: once per client and once per service that is provided, anew after each change that
/// an override rule makes to it.
public struct FilterContext: Sendable {
  /// The service's URL, the consumer's or the provider's.
  public var url: DubboURL
  public var side: Side
  public var application: String
  public var clock: any DubboClock
  public var log: Log
  /// What is to outlive the filter; the same for all that follow each other.
  public var memory: FilterMemory

  public init(
    url: DubboURL, side: Side, application: String, clock: any DubboClock, log: Log,
    memory: FilterMemory = FilterMemory()
  ) {
    self.url = url
    self.side = side
    self.application = application
    self.clock = clock
    self.log = log
    self.memory = memory
  }
}

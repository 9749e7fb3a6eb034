public import DubboCore

/// The extension point of filters. `filter=` on a consumer's and `service.filter=` on a provider's URL choose them by
/// name.
public enum Filters: ExtensionPoint {
  public typealias Factory = @Sendable (FilterContext) throws -> any Filter
  public static let name = "filter"
}

/// What a filter gets when it is made: once per service that is provided, and once per client.
public struct FilterContext: Sendable {
  /// The service's URL, the consumer's or the provider's.
  public var url: DubboURL
  public var side: Side
  public var application: String
  public var clock: any DubboClock
  public var log: Log

  public init(url: DubboURL, side: Side, application: String, clock: any DubboClock, log: Log) {
    self.url = url
    self.side = side
    self.application = application
    self.clock = clock
    self.log = log
  }
}

/// An invoker of one provider, known by its URL.
public protocol Endpoint: Invoker {
  /// Where the provider is and what it says of itself.
  var url: DubboURL { get }
  /// Whether a call has a chance now. A cluster prefers those that are not `unavailable`.
  var availability: Availability { get }
  /// Opens what a first call would open, ahead of it. Returns when that is done or has failed, which `availability` tells and
  /// nothing else, or when the task is cancelled. Does nothing unless an endpoint says otherwise.
  func connect() async
  /// Lets running calls end, then closes what the endpoint holds. The second time it does nothing.
  func close() async
}

extension Endpoint {
  public func connect() async {}
}

/// Whether an endpoint can take a call.
public enum Availability: Sendable, Hashable {
  /// Connected.
  case ready
  /// Not connected, and the next call will try.
  case idle
  /// The last attempts to connect failed, and it is too early for the next.
  case unavailable
}

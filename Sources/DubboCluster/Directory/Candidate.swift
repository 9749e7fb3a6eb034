public import DubboCore

/// One provider as the cluster sees it: its URL, the way to it, and what has been measured.
///
/// A provider is wrapped once. When only its URL changes, a new candidate takes over the endpoint and the numbers.
public final class Candidate: Sendable {
  // What balancers look at comes first, so that it lies in one cache line: of ten thousand none is in the cache.
  public let numbers: ProviderNumbers
  public let endpoint: any Endpoint
  /// The provider's URL, override rules counted in.
  public let url: DubboURL
  /// `host:port`.
  public let address: String
  /// What tells it from others at the same address.
  let identity: String
  let weighting: Weighting
  /// What the provider wants to see in every call; nil for nothing.
  let token: String?

  public init(url: DubboURL, endpoint: any Endpoint, numbers: ProviderNumbers = ProviderNumbers()) {
    self.url = url
    self.endpoint = endpoint
    self.numbers = numbers
    address = url.address
    identity = url.providerIdentity
    weighting = Weighting(url)
    token = url[TokenKey.self]
  }

  public convenience init(_ endpoint: any Endpoint) {
    self.init(url: endpoint.url, endpoint: endpoint)
  }

  /// The same provider with another URL.
  public func with(url: DubboURL) -> Candidate {
    Candidate(url: url, endpoint: endpoint, numbers: numbers)
  }

  /// Whether a call should rather go here than to a candidate that is not usable.
  public func isUsable(now: MonotonicInstant) -> Bool {
    endpoint.availability != .unavailable && !numbers.isEjected(now: now)
  }

  /// The provider's share of the load for `method` at the wall clock's `wallMilliseconds`, warm-up counted in.
  public func weight(method: String, wallMilliseconds: Int64) -> Int {
    weighting.weight(method: method, wallMilliseconds: wallMilliseconds)
  }
}

extension DubboURL {
  /// What tells one provider from another: where it is, and which of the services there it is; an application may have
  /// a service in several groups and versions on one port.
  package var providerIdentity: String { "\(scheme)://\(address)/\(group ?? "")/\(version ?? "")" }
}

extension Candidate: CustomStringConvertible {
  public var description: String { address }
}

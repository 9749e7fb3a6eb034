package import DubboCore

/// What is known of the addresses of a name: the last good answer of the resolver, and when to ask again. Pure: answers
/// and time come in.
package struct KnownAddresses: Sendable {
  /// How soon the resolver is asked again after it has failed.
  package static let retry = Duration.seconds(30)

  /// Of the last good answer; empty before the first.
  package private(set) var addresses: [SocketAddress] = []
  /// When the answer is too old, or a failure long enough ago.
  package private(set) var nextLook = MonotonicInstant.distantFuture
  private let maximumAge: Duration?

  /// - Parameter maximumAge: nil: an answer counts until a connection is to be made.
  package init(maximumAge: Duration?) {
    self.maximumAge = maximumAge
  }

  package mutating func resolved(_ result: Result<[SocketAddress], IOFailure>, now: MonotonicInstant) {
    // A resolver that knows nobody, or does not answer, makes no address wrong.
    if case .success(let found) = result, !found.isEmpty {
      addresses = found
      nextLook = maximumAge.map { now.advanced(by: max($0, .seconds(1))) } ?? .distantFuture
    } else {
      nextLook = maximumAge.map { now.advanced(by: min(max($0, .seconds(1)), Self.retry)) } ?? .distantFuture
    }
  }
}

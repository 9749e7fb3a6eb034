internal import DubboCore

/// The addresses of one endpoint's name, for all connections that are made to it one after another. Each looks the name up
/// anew; when that fails, or takes too long, the addresses of the last time are tried. Loop-confined.
package final class NameMemory {
  private static let lookupLimit = Duration.seconds(10)

  package private(set) var known: KnownAddresses
  private let endpoint: EndpointAddress
  private let loop: EventLoop
  private var lookup: NameLookup?
  private var onAnswer: (() -> Void)?

  /// Nil for an endpoint that has no name.
  package init?(of endpoint: EndpointAddress, maximumAge: Duration?, on loop: EventLoop) {
    guard endpoint.literal == nil else { return nil }
    known = KnownAddresses(maximumAge: maximumAge)
    self.endpoint = endpoint
    self.loop = loop
  }

  /// Looks the name up beside the connection that there is; `onAnswer` is called when `known` is up to date, or the look-up
  /// has failed. Does nothing while one is under way.
  package func refresh(_ onAnswer: @escaping () -> Void) {
    guard self.onAnswer == nil, case .tcp(let host, let port) = endpoint else { return }
    self.onAnswer = onAnswer
    let lookup = NameLookup(
      of: host, port: port, until: loop.now.advanced(by: Self.lookupLimit), on: loop, owner: self)
    if self.onAnswer != nil { self.lookup = lookup }
  }

  /// Nobody hears of a look-up that is under way.
  package func stop() {
    lookup?.cancel()
    lookup = nil
    onAnswer = nil
  }

  func note(_ result: Result<[SocketAddress], IOFailure>) {
    known.resolved(result, now: loop.currentTime())
  }
}

extension NameMemory: ResolutionOwner {
  package func resolved(_ result: Result<[SocketAddress], IOFailure>) {
    lookup = nil
    note(result)
    let onAnswer = self.onAnswer
    self.onAnswer = nil
    onAnswer?()
  }
}

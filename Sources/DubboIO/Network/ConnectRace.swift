/// Which of a name's addresses to try when: both families in turn, the resolver's first choice first, the next one as
/// soon as an attempt fails or has been silent for a while. After RFC 8305. Knows no socket and no clock.
struct ConnectRace {
  /// How long an attempt may be silent before the next address is tried beside it.
  static let headStart = Duration.milliseconds(250)

  private(set) var addresses: [SocketAddress]
  private var tried = 0
  private(set) var running = 0
  private(set) var failures: [IOFailure] = []

  init(_ resolved: [SocketAddress]) {
    let isFirstV6 = resolved.first?.isIPv6 ?? false
    let first = resolved.filter { $0.isIPv6 == isFirstV6 }
    let second = resolved.filter { $0.isIPv6 != isFirstV6 }
    addresses = []
    for index in 0..<max(first.count, second.count) {
      if index < first.count { addresses.append(first[index]) }
      if index < second.count { addresses.append(second[index]) }
    }
  }

  /// The address to try now; nil when all were.
  mutating func next() -> SocketAddress? {
    guard tried < addresses.count else { return nil }
    defer {
      tried += 1
      running += 1
    }
    return addresses[tried]
  }

  /// One of those that `next` gave has failed.
  mutating func failed(_ failure: IOFailure) {
    running -= 1
    failures.append(failure)
  }

  var isLost: Bool { running == 0 && tried == addresses.count }
  var hasMore: Bool { tried < addresses.count }

  /// All failures as one.
  func failure(connectingTo endpoint: EndpointAddress) -> IOFailure {
    guard let first = failures.first else {
      return IOFailure(.nameNotFound, "connect to", on: endpoint.description, reason: "there is no address to try")
    }
    var sum = first
    sum.operation = "connect to"
    sum.subject = endpoint.description
    if failures.count > 1 {
      sum.reason = failures.map { "\($0.subject): \($0.reason)" }.joined(separator: "; ")
    }
    return sum
  }
}

extension SocketAddress {
  fileprivate var isIPv6: Bool {
    if case .ipv6 = self { return true }
    return false
  }
}

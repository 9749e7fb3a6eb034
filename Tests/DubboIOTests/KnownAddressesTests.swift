import DubboCore
import Testing

@testable import DubboIO

@Suite struct KnownAddressesTests {
  private let start = MonotonicInstant(nanoseconds: 1_000)
  private let failure = IOFailure(.nameNotFound, "look up", on: "x", reason: "no")

  private func addresses(_ hosts: String...) -> [SocketAddress] {
    hosts.compactMap { SocketAddress(ip: $0, port: 1) }
  }

  @Test func `the last good answer counts until the next, whatever fails in between`() {
    var known = KnownAddresses(maximumAge: .seconds(300))
    #expect(known.addresses.isEmpty && known.nextLook == .distantFuture)
    known.resolved(.failure(failure), now: start)
    #expect(known.addresses.isEmpty)
    known.resolved(.success(addresses("10.0.0.1")), now: start)
    #expect(known.nextLook == start.advanced(by: .seconds(300)))
    let later = start.advanced(by: .seconds(300))
    for result in [.failure(failure), .success([])] as [Result<[SocketAddress], IOFailure>] {
      known.resolved(result, now: later)
      #expect(known.addresses == addresses("10.0.0.1"))
      #expect(known.nextLook == later.advanced(by: .seconds(30)))
    }
    known.resolved(.success(addresses("10.0.0.2", "10.0.0.3")), now: later)
    #expect(known.addresses == addresses("10.0.0.2", "10.0.0.3"))
  }

  @Test(arguments: [(Duration.zero, 1), (.seconds(5), 5), (.seconds(60), 60)])
  func `the resolver is asked once a second at most`(age: Duration, seconds: Int) {
    var known = KnownAddresses(maximumAge: age)
    known.resolved(.success(addresses("10.0.0.1")), now: start)
    #expect(known.nextLook == start.advanced(by: .seconds(seconds)))
    known.resolved(.failure(failure), now: start)
    #expect(known.nextLook == start.advanced(by: .seconds(min(seconds, 30))))
  }

  @Test func `without an age nobody asks again`() {
    var known = KnownAddresses(maximumAge: nil)
    known.resolved(.success(addresses("10.0.0.1")), now: start)
    known.resolved(.failure(failure), now: start)
    #expect(known.nextLook == .distantFuture)
  }
}

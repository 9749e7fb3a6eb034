import DubboCore
import Synchronization
import TestDoubles
import Testing

@testable import Dubbo

@Suite final class LoadReportFilterTests: Sendable {
  private let clock = VirtualClock()
  private let measured = Mutex(0)

  private func filter(_ percent: Double?) -> LoadReportFilter {
    let context = FilterContext(
      url: DubboURL(scheme: "tri", host: "h"), side: .provider, application: "a", clock: clock, log: .silent)
    return LoadReportFilter(context) { [self] in
      measured.withLock { $0 += 1 }
      return percent
    }
  }

  /// The answer to a call with `metadata`.
  private func answer(_ filter: LoadReportFilter, _ metadata: Metadata, _ error: (any Error)? = nil) throws -> String? {
    let method = MethodDescriptor(service: "s", name: "m", kind: .unary)
    let server = ServerContext(
      method: method, metadata: metadata, peer: Peer(address: "a", localAddress: "b"), deadline: nil)
    var invocation = Invocation(method: method, body: .message([]), metadata: metadata, server: server)
    try filter.begin(&invocation)
    filter.end(invocation, error)
    return server.responseTrailers["lb_adaptive"]
  }

  @Test func `the load is measured once a second and told to who asks`() throws {
    let filter = filter(12.5)
    for _ in 0..<10 {
      #expect(try answer(filter, ["lb_adaptive": "mem,load"]) == "curTime:1700000000000,load:12.5")
    }
    #expect(measured.withLock { $0 } == 1)
    clock.advance(by: .seconds(1))
    _ = try answer(filter, ["lb_adaptive": "mem,load"])
    #expect(measured.withLock { $0 } == 2)
  }

  @Test func `nobody is told who does not ask, nor with an error, nor what the system does not say`() throws {
    #expect(try answer(filter(12.5), ["other": "mem,load"]) == nil)
    #expect(try answer(filter(12.5), [:]) == nil)
    #expect(try answer(filter(12.5), ["lb_adaptive": "load"], CancellationError()) == nil)
    #expect(try answer(filter(nil), ["lb_adaptive": "load"]) == nil)
  }

  @Test func `this machine says its load`() throws {
    let percent = try #require(SystemLoad.percent)
    #expect(percent >= 0)
  }
}

import Testing

@testable import Dubbo

struct FilterChainTests {
  @Test(arguments: [
    ("", ["context", "timeout"]), ("default", ["context", "timeout"]), ("audit", ["context", "timeout", "audit"]),
    ("audit,default", ["audit", "context", "timeout"]), ("default,-timeout,audit", ["context", "audit"]),
    ("-default", []), ("-default, audit", ["audit"]), ("audit,audit, ,timeout", ["context", "timeout", "audit"]),
  ])
  func `filters are chosen by name as Dubbo does`(text: String, names: [String]) {
    #expect(FilterChain.names(text) == names)
  }

  @Test func `timeouts are read per method`() {
    let timeouts = Timeouts(
      DubboURL(scheme: "consumer", host: "", path: "s", parameters: ["timeout": "500", "slow.timeout": "9000"]))
    let fast = MethodDescriptor(service: "s", name: "fast", kind: .unary)
    let slow = MethodDescriptor(service: "s", name: "slow", kind: .unary)
    #expect(timeouts.of(fast) == .milliseconds(500))
    #expect(timeouts.of(slow) == .seconds(9))
  }
}

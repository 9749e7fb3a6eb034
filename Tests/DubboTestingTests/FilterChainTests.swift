import Testing

@testable import Dubbo

struct FilterChainTests {
  @Test(arguments: [
    ("", ["context", "timeout"]), ("default", ["context", "timeout"]), ("audit", ["context", "timeout", "audit"]),
    ("audit,default", ["audit", "context", "timeout"]), ("default,-timeout,audit", ["context", "audit"]),
    ("-default", []), ("-default, audit", ["audit"]), ("audit,audit, ", ["context", "timeout", "audit"]),
    ("timeout,audit,default", ["timeout", "audit", "context"]), ("audit,timeout", ["context", "audit", "timeout"]),
    ("-consumercontext", ["timeout"]), ("execute,-default,active", ["executelimit", "activelimit"]),
  ])
  func `filters are chosen by name as Dubbo does`(text: String, names: [String]) {
    #expect(FilterChain.names(text, builtIn: ["context", "timeout"]) == names)
  }

  @Test(arguments: [
    (Side.consumer, "", ["context", "timeout"]), (.provider, "", ["context", "echo", "loadreport", "timeout"]),
    (.consumer, "actives=5", ["context", "activelimit", "timeout"]), (.consumer, "actives=0", ["context", "timeout"]),
    (.consumer, "greet.actives=5&filter=-timeout", ["context", "activelimit"]),
    (.consumer, "reference.filter=-default&filter=echo", []),
    (
      .provider, "token=t&accesslog=true&tps=5&executes=5",
      ["context", "echo", "loadreport", "token", "accesslog", "tps", "executelimit", "timeout"]
    ),
    (
      .provider, "tps.limit.rate=5&greet.execute.limit=5",
      ["context", "echo", "loadreport", "tps", "executelimit", "timeout"]
    ),
    (.provider, "token=t&service.filter=default,-token,-echo,-profiler-server", ["context", "timeout"]),
    (.provider, "adaptive-service=true", ["context", "echo", "loadreport", "padasvc", "timeout"]),
    (.provider, "executes=5&filter=-execute", ["context", "echo", "loadreport", "timeout"]),
  ])
  func `a parameter brings its filter`(side: Side, parameters: String, names: [String]) throws {
    let url = try DubboURL("tri://h/s?\(parameters)")
    #expect(try FilterChain(url, side: side, DubboApplication(name: "a", log: .silent)).names == names)
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

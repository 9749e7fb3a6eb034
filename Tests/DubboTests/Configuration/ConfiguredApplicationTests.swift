import Synchronization
import Testing

@testable import Dubbo

private struct Clock: CodableService {
  static let serviceName = "org.example.Clock"
  var methods: [CodableMethod] { [.unary("time") { "noon" }] }
}

private struct PassingFilter: Filter {
  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    try await next(invocation)
  }
}

/// As a generator makes them.
private struct Stubbed: RoutableService {
  static let serviceName = "org.example.Greeter"
  var dubboMethods: [MethodRegistration] { [] }
}

/// Keeps what is logged at warning and above.
private final class Warnings: LogHandler {
  private let stored = Mutex<[String]>([])
  let minimumLevel = LogLevel.warning
  var lines: [String] { stored.withLock { $0 } }

  func handle(_ event: LogEvent) {
    stored.withLock { $0.append(([event.message] + event.fields.all.map(\.value)).joined(separator: " ")) }
  }
}

@Suite struct ConfiguredApplicationTests {
  @Test func `a file makes a provider and a consumer that find each other`() async throws {
    let text = """
      dubbo:
        application: { name: clocks, owner: me }
        protocols: { tri: { host: 127.0.0.1, port: 0 }, other: { name: tri, host: localhost, port: 0 } }
        registries:
          first: { address: 'memory://first' }
          second: { address: 'memory://second' }
        provider:
          services:
            ClockProvider:
              { version: 2.0.0, group: test, protocol: tri, registry-ids: second, weight: 50, methods: { time: { timeout: 9s } } }
        consumer:
          references: { Clock: { version: 2.0.0, group: test, registry-ids: second, timeout: 30s } }
      """
    try await withApplication(text) { running in
      #expect(running.name == "clocks")
      let url = try #require(running.exported.first)
      #expect(running.exported.count == 1)
      #expect(url.group == "test" && url.version == "2.0.0" && url["weight"] == "50" && url["owner"] == "me")
      #expect(url["time.timeout"] == "9000")
      let time = try await running.reference(to: Clock.serviceName).invoke("time", returning: String.self)
      #expect(time == "noon")
      let elsewhere = running.reference(to: Clock.serviceName, version: "3.0.0", parameters: ["timeout": "1"])
      let error = await #expect(throws: DubboError.self) { try await elsewhere.invoke("time", returning: String.self) }
      #expect(error?.code == .deadlineExceeded || error?.code == .unavailable)
    }
  }

  @Test func `a reference with an address and a direct route need no registry`() async throws {
    let provider = "dubbo: { protocol: { name: tri, host: 127.0.0.1, port: 0 } }"
    try await withApplication(provider) { provider in
      let address = try #require(provider.exported.first).address
      let consumers = [
        "dubbo: { consumer: { timeout: 30s, references: { Clock: { url: 'tri://\(address)' } } } }",
        "dubbo: { consumer: { timeout: 30s }, routers: { consumer: [ { service: org.example.Clock, url: '\(address)' } ] } }",
      ]
      for consumer in consumers {
        let app = try DubboApplication(configuration: DubboConfiguration(yaml: consumer), log: .silent)
        let time = try await app.run { running in
          try await running.reference(to: Clock.serviceName).invoke(
            "time", returning: String.self, options: CallOptions(timeout: .seconds(30)))
        }
        #expect(time == "noon")
      }
    }
  }

  @Test func `what the code says goes before what the entry says`() async throws {
    let text = """
      dubbo:
        protocol: { name: tri, host: 127.0.0.1, port: 0 }
        provider: { services: { Clock: { version: 1.0.0, weight: 50 } } }
      """
    var app = try DubboApplication(configuration: DubboConfiguration(yaml: text), log: .silent)
    app.provide(Clock(), group: "mine", parameters: ["weight": "7"])
    try await app.run { running in
      let url = try #require(running.exported.first)
      #expect(url.group == "mine" && url.version == "1.0.0" && url["weight"] == "7")
    }
  }

  @Test func `what was read wrongly or not used is said when the application starts`() async throws {
    let warnings = Warnings()
    let text = """
      dubbo:
        protocol: { name: tri, host: 127.0.0.1, port: 0, prot: 1 }
        provider: { services: { Cluck: {} } }
      """
    var app = try DubboApplication(
      configuration: DubboConfiguration(yaml: text, file: "c.yaml"), log: Log(label: "t", handler: warnings))
    app.provide(Clock())
    try await app.run { _ in }
    #expect(warnings.lines.count == 2)
    #expect(warnings.lines.first?.hasPrefix("configuration: c.yaml:2:52: warning: dubbo.protocol.prot: ") == true)
    #expect(warnings.lines.last == "the configuration has a service that the program does not provide Cluck")
  }

  @Test func `what needs an extension that is not there gets a sentence, and certificates that are not there an error`()
    throws
  {
    let configuration = try DubboConfiguration(yaml: FollowedFilesTests.rust, file: "r.yaml")
    let app = try DubboApplication(configuration: configuration, log: .silent)
    let problems = configuration.problems(with: app.extensions).map(\.description)
    #expect(
      problems.contains {
        $0.hasPrefix(
          "r.yaml: warning: the registry 'demoNacos' cannot be used: no registry is called \"nacos\": known are ")
      })
    let error = try #require(throws: ConfigurationError.self) {
      try DubboApplication(
        configuration: DubboConfiguration(yaml: "dubbo: { tls: { tls-cert-file: a, tls-key-file: b } }"))
    }
    #expect(
      error.problems.contains { $0.severity == .error && $0.message.contains("TLS of the server cannot be used") })
  }

  @Test func `what the sections say holds for services and references without an entry`() async throws {
    let text = """
      dubbo:
        protocol: { name: tri, host: 127.0.0.1, port: 0 }
        registry: { address: 'memory://sections' }
        provider: { weight: 7, group: g, services: { Other: { weight: 9 } } }
        consumer: { timeout: 70ms, group: g, loadbalance: nope }
      """
    try await withApplication(text) { running in
      let url = try #require(running.exported.first)
      #expect(url.group == "g" && url["weight"] == "7")
      let refused = await #expect(throws: DubboError.self) {
        try await running.reference(to: Clock.serviceName).invoke("time", returning: String.self)
      }
      #expect(refused?.message.contains("no loadbalance is called \"nope\"") == true)
      let parameters: URLParameters = ["loadbalance": "random"]
      let time = try await running.reference(to: Clock.serviceName, parameters: parameters).invoke(
        "time", returning: String.self, options: CallOptions(timeout: .seconds(30)))
      #expect(time == "noon")
    }
  }

  @Test func `what is said twice is told`() throws {
    let text = """
      dubbo:
        provider: { services: { A: { interface: a.B }, B: { interface: a.B, group: g }, C: { interface: a.B }, D: {}, E: {} } }
        consumer: { references: { F: { interface: a.B, methods: [ { name: m }, { name: n }, { name: m } ] }, G: { interface: a.B } } }
      """
    let remarks = try DubboConfiguration(yaml: text).remarks
    #expect(
      remarks.map(\.message) == [
        "dubbo.provider.services.C: this never counts, for 'A' is about the same interface, group and version",
        "dubbo.consumer.references.F.methods[2]: the method 'm' stands here again; what is said twice counts as it is said here",
        "dubbo.consumer.references.G: this never counts, for 'F' is about the same interface, group and version",
      ])
  }

  @Test func `a reference that names a protocol finds only providers that speak it`() async throws {
    let text = """
      dubbo:
        protocol: { name: tri, host: 127.0.0.1, port: 0 }
        registry: { address: 'memory://spoken' }
        consumer: { references: { Clock: { protocol: dubbo, check: false } } }
      """
    let problems = try DubboConfiguration(yaml: text).problems(with: .builtIn).map(\.message)
    #expect(problems == ["the reference 'Clock' is for providers that speak dubbo, and this program speaks tri"])
    try await withApplication(text) { running in
      let error = await #expect(throws: DubboError.self) {
        try await running.reference(to: Clock.serviceName).invoke("time", returning: String.self)
      }
      #expect(error?.message.contains("found 1 that speak tri and not dubbo") == true)
    }
  }

  @Test func `a generated service is served in protobuf whatever the file says of all services`() throws {
    let text = "dubbo: { provider: { serialization: json, services: { Greeter: { serialization: json } } } }"
    var app = try DubboApplication(configuration: DubboConfiguration(yaml: text), log: .silent)
    app.provide(Stubbed(), parameters: ["serialization": "json"])
    app.provide(Clock())
    #expect(app.services.map { $0.parameters["serialization"] } == [nil, "json"])
    let problems = try DubboConfiguration(yaml: "dubbo: { provider: { serialization: hessian2 } }").problems(
      with: .builtIn)
    #expect(
      problems.map(\.message) == [
        "dubbo.provider.serialization: no serialization is called \"hessian2\": known are json. "
          + "Register it in the application's ExtensionCatalog."
      ])
  }

  @Test func `names that no extension has are told with the nearest or all known ones`() throws {
    let configuration = try DubboConfiguration(
      yaml: """
        dubbo:
          provider: { services: { S: { filter: 'audit,-tps,execute', loadbalance: leastactive } } }
          consumer:
            references:
              R: { loadbalance: round-robbin, cluster: fail-over, methods: { m: { loadbalance: nope } }, merger: 'false' }
        """)
    let messages = configuration.problems(with: .builtIn).map(\.message)
    #expect(
      messages.contains(
        "dubbo.consumer.references.R.loadbalance: no loadbalance is called 'round-robbin'; did you mean 'roundrobin'?"))
    #expect(
      messages.contains(
        "dubbo.consumer.references.R.cluster: no cluster is called 'fail-over'; did you mean 'failover'?"))
    let known = "no loadbalance is called \"nope\": known are adaptive, "
    #expect(messages.contains { $0.hasPrefix("dubbo.consumer.references.R.m.loadbalance: \(known)") })
    #expect(
      messages.contains { $0.hasPrefix("dubbo.provider.services.S.service.filter: no filter is called \"audit\"") })
    #expect(messages.count == 4)
  }

  @Test func `what a program brings after it has loaded its file is not missing when it starts`() async throws {
    let warnings = Warnings()
    var app = try DubboApplication(
      configuration: DubboConfiguration(
        yaml: "dubbo: { provider: { services: { Clock: { filter: audit } } } }", environment: [:]),
      log: Log(label: "app", handler: warnings))
    app.protocols = ["tri://127.0.0.1:0"]
    app.provide(Clock())
    app.extensions.register("audit", for: Filters.self) { _ in PassingFilter() }
    app.shutdown.notificationWait = .zero
    try await app.run { _ in }
    #expect(warnings.lines.isEmpty)
  }

  private func withApplication(_ yaml: String, _ body: (RunningApplication) async throws -> Void) async throws {
    var app = try DubboApplication(configuration: DubboConfiguration(yaml: yaml), log: .silent)
    app.shutdown.notificationWait = .zero
    app.provide(Clock())
    try await app.run(body)
  }
}

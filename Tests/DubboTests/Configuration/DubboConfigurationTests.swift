import DubboCore
import Testing

@testable import Dubbo

@Suite struct DubboConfigurationTests {
  @Test func `a serialization of one method is ignored, and the configuration says so`() throws {
    let yaml = """
      dubbo:
        provider: { services: { S: { methods: [ { name: greet, serialization: plist, prefer-serialization: json } ] } } }
        consumer: { references: { R: { methods: { greet: { serialization: plist } } } } }
      """
    let configuration = try DubboConfiguration(yaml: yaml)
    #expect(configuration.services.flatMap(\.methods).allSatisfy { $0.parameters.isEmpty })
    #expect(configuration.references.flatMap(\.methods).allSatisfy { $0.parameters.isEmpty })
    let remarks = configuration.remarks.filter {
      $0.message.contains("the methods of a service share one serialization")
    }
    #expect(remarks.map(\.severity) == [.note, .note, .note])
  }

  @Test func `every mistake comes out in one pass, with its place and what is accepted`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try DubboConfiguration(
        yaml: """
          dubbo:
            aplication: { name: shop }
            protocols:
              tri: { port: 70000 }
            registries:
              a: { address: 127.0.0.1:2181 }
              b: { address: 'zookeeper://:2181' }
              c: { address: 'zookeeper://c:2181' }
            provider:
              services:
                Greeter: { registry-ids: [ c, d ], retries: many, timeout: 3 parsecs, protocol: trip }
            shutdown: 5s
          """, file: "shop.yaml")
    }
    #expect(
      error.problems.map(summary) == [
        "2:3 warning: dubbo.aplication: dubbo has no key 'aplication'; it is ignored; did you mean 'application'?",
        "4:18 error: dubbo.protocols.tri.port: '70000' is not a whole number from -1 to 65535",
        "6:19 error: dubbo.registries.a.address: this must be an address such as nacos://127.0.0.1:8848:"
          + " say which kind it is, in the address or with the key 'protocol'",
        "7:19 error: dubbo.registries.b.address: this must be an address such as nacos://127.0.0.1:8848:"
          + " not a URL: \"zookeeper://:2181\": at byte 12: a port without a host",
        "11:37 error: dubbo.provider.services.Greeter.registry-ids[1]: there is no registry 'd'; did you mean 'a'?",
        "11:51 error: dubbo.provider.services.Greeter.retries: 'many' is not a whole number from -1 to 1000",
        "11:66 error: dubbo.provider.services.Greeter.timeout: '3 parsecs' is not a duration such as 3s, 250ms or"
          + " 1m30s, or a number of milliseconds",
        "11:87 error: dubbo.provider.services.Greeter.protocol: there is no protocol 'trip'; did you mean 'tri'?",
        "12:13 error: dubbo.shutdown: this must be shutdown, which is a mapping, but it is a single value",
      ])
    #expect(error.description.hasPrefix("the configuration cannot be used; 8 errors:\nshop.yaml:2:3: warning: "))
  }

  @Test func `a file without the section is read as empty, with a hint`() throws {
    let configuration = try DubboConfiguration(yaml: "dubo: { application: { name: x } }\nspring: {}")
    #expect(configuration.remarks.map(\.message) == ["the file has no section 'dubbo'; is 'dubo' meant?"])
    #expect(configuration.application.name == nil)
  }

  @Test func `other programs' sections are left alone`() throws {
    let configuration = try DubboConfiguration(
      yaml: "spring: { a: '${NOT_SET}' }\ndubbo: { data: { a: '${NOT_SET}' } }")
    #expect(configuration.remarks.isEmpty)
    #expect(configuration.data["a"]?.text == "${NOT_SET}")
  }

  @Test func `a text that is no YAML is refused with the line and a caret`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try DubboConfiguration(yaml: "dubbo:\n  application: { name: shop\n")
    }
    #expect(error.problems.count == 1)
    #expect(error.problems.first?.line == 3)
  }

  @Test func `methods come as a list with names or as a mapping by name`() throws {
    let text = "dubbo: { consumer: { references: { g: { methods: %@ } } } }"
    for methods in ["[ { name: greet, timeout: 1s } ]", "{ greet: { timeout: 1000 } }"] {
      let configuration = try DubboConfiguration(yaml: text.replacing("%@", with: methods))
      #expect(configuration.references.first?.urlParameters["greet.timeout"] == "1000")
    }
    #expect(throws: ConfigurationError.self) {
      try DubboConfiguration(yaml: text.replacing("%@", with: "[ { timeout: 1s } ]"))
    }
  }

  @Test func `a service takes the provider's defaults and says otherwise where it wants`() throws {
    let configuration = try DubboConfiguration(
      yaml: """
        dubbo:
          provider:
            timeout: 2s
            group: blue
            register: false
            services:
              A: {}
              B: { timeout: 1s, group: green, register: true, params: { region: hangzhou } }
        """)
    let (first, second) = (configuration.services[0], configuration.services[1])
    #expect(first.urlParameters["timeout"] == "2000" && first.group == "blue" && !first.isRegistered)
    #expect(second.urlParameters["timeout"] == "1000" && second.group == "green" && second.isRegistered)
    #expect(second.urlParameters["region"] == "hangzhou")
  }

  @Test func `one reference may have several addresses, with or without a scheme`() throws {
    let configuration = try DubboConfiguration(
      yaml: "dubbo: { consumer: { references: { g: { url: 'tri://a:1; b:2;triple://c:3' } } } }")
    #expect(configuration.references.first?.urls.map(\.text) == ["tri://a:1", "tri://b:2", "tri://c:3"])
  }

  @Test func `a registry that is not there is none`() throws {
    let configuration = try DubboConfiguration(yaml: "dubbo: { registry: { address: N/A } }")
    #expect(configuration.registries.isEmpty && configuration.remarks.isEmpty)
  }

  @Test func `a password in a wrong address is in no message`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try DubboConfiguration(yaml: "dubbo: { registry: { address: 'nacos://me:hunter2@:8848', password: hunter2 } }")
    }
    #expect(!error.description.contains("hunter2"))
  }

  @Test func `a certificate without its key is an error`() throws {
    #expect(throws: ConfigurationError.self) {
      try DubboConfiguration(yaml: "dubbo: { tls: { tls-cert-file: a.pem } }")
    }
  }

  private func summary(_ problem: ConfigurationProblem) -> String {
    "\(problem.line ?? 0):\(problem.column ?? 0) \(problem.severity.rawValue): \(problem.message)"
  }
}

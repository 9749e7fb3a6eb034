import DubboCore
import Testing

@testable import Dubbo

@Suite struct EnvironmentTests {
  @Test func `a variable goes before the file, whatever the file's spelling`() throws {
    let configuration = try DubboConfiguration(
      yaml: """
        dubbo:
          application: { name: shop }
          protocols:
            triple: { ip: 0.0.0.0, port: 20000 }
          registries:
            demoNacos: { address: 'nacos://127.0.0.1:8848' }
          consumer: { request-timeout: 5s, references: { GreeterClientImpl: {} } }
        """,
      environment: [
        "DUBBO_APPLICATION_NAME": "no", "DUBBO_PROTOCOLS_TRIPLE_PORT": "0", "DUBBO_PROTOCOLS_TRIPLE_HOST": "::1",
        "DUBBO_REGISTRIES_DEMONACOS_ADDRESS": "nacos://nacos:8848", "DUBBO_CONSUMER_TIMEOUT": "1s",
        "DUBBO_CONSUMER_REFERENCES_GREETERCLIENTIMPL_VERSION": "2.0", "DUBBO_CONFIG_CENTER_ADDRESS": "nacos://n:1",
        "DUBBO_PROVIDER_SERVICES_NEW_TPS_LIMIT_RATE": "7", "DUBBO_CONFIG_PATH": "elsewhere.yaml",
      ])
    #expect(configuration.application.name == "no")
    #expect(configuration.protocols.count == 1)
    #expect(configuration.protocols.first?.port == 0 && configuration.protocols.first?.host == "::1")
    #expect(configuration.registries.map(\.url.text) == ["nacos://nacos:8848"])
    #expect(configuration.references.first?.urlParameters["timeout"] == "1000")
    #expect(configuration.references.first?.version == "2.0")
    #expect(configuration.configCenter?.url.text == "nacos://n:1")
    #expect(configuration.services.first?.id == "new")
    #expect(configuration.services.first?.urlParameters["tps"] == "7")
    #expect(configuration.remarks.isEmpty)
  }

  @Test func `variables alone are a configuration`() throws {
    let configuration = try DubboConfiguration(
      yaml: "", environment: ["DUBBO_REGISTRY_ADDRESS": "file:///tmp/x", "DUBBO_APPLICATION_NAME": "a"])
    #expect(configuration.registries.map(\.url.text) == ["file:///tmp/x"])
  }

  @Test func `a wrong value names its variable`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try DubboConfiguration(yaml: "dubbo: {}", environment: ["DUBBO_PROTOCOL_PORT": "http"])
    }
    #expect(
      error.problems.map(\.description) == [
        "environment variable DUBBO_PROTOCOL_PORT: error: dubbo.protocol.port: 'http' is not a whole number from -1"
          + " to 65535"
      ])
  }

  @Test func `a slip in a variable's name is noticed and other programs' variables are not`() throws {
    let configuration = try DubboConfiguration(
      yaml: "dubbo: {}",
      environment: [
        "DUBBO_PROTOCLS_TRI_PORT": "1", "DUBBO_ADMIN_SERVICE_HOST": "10.0.0.1", "DUBBO_": "", "DUBBO_PROVIDER": "x",
      ])
    #expect(
      configuration.remarks.map(\.description) == [
        "environment variable DUBBO_PROTOCLS_TRI_PORT: warning: there is no section 'protocls'; did you mean"
          + " 'protocols'? It is ignored",
        "environment variable DUBBO_PROVIDER: warning: it names no value of the section 'provider'; it is ignored",
      ])
  }

  @Test func `a section that is no mapping keeps its own mistake`() {
    #expect(throws: ConfigurationError.self) {
      try DubboConfiguration(yaml: "dubbo: [ 1 ]", environment: ["DUBBO_APPLICATION_NAME": "a"])
    }
  }

  @Test func `placeholders take a variable, its capital spelling, or their default`() throws {
    let configuration = try DubboConfiguration(
      yaml: """
        dubbo:
          application: { name: '${APP}-${app.stage:dev}', version: "${V:}" , owner: '${nacos.owner}' }
          protocol: { port: '${PORT:20001}' }
        """, environment: ["APP": "shop", "NACOS_OWNER": "me"])
    #expect(configuration.application.name == "shop-dev")
    #expect(configuration.application.version == "" && configuration.application.owner == "me")
    #expect(configuration.protocols.first?.port == 20_001)
  }

  @Test func `a placeholder may name a value of the same file, as files for Spring do`() throws {
    let text = """
      spring: { application: { name: shop }, profiles.active: dev, again: '${dubbo.application.name}', list: [a] }
      dubbo:
        application: { name: '${spring.application.name}', owner: '${spring.profiles.active}', version: '${V.W:1}' }
      """
    let application = try DubboConfiguration(yaml: text).application
    #expect(application.name == "shop" && application.owner == "dev" && application.version == "1")
    let overridden = try DubboConfiguration(yaml: text, environment: ["SPRING_APPLICATION_NAME": "office"]).application
    #expect(overridden.name == "office")
    for path in ["spring.again", "spring.list", "spring.application", "spring.application.name.x", "spring.", "spring"]
    {
      #expect(throws: ConfigurationError.self, "\(path)") {
        try DubboConfiguration(yaml: text + "\n  protocol: { host: '${\(path)}' }")
      }
    }
  }

  @Test func `a placeholder without a value or an end is an error at its place`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try DubboConfiguration(yaml: "dubbo:\n  application: { name: '${APP}', owner: '${X' }")
    }
    #expect(
      error.problems.map { "\($0.line ?? 0): \($0.message)" } == [
        "2: the environment has no variable 'APP', and the file no such value; set it, or give a default: ${NAME:default}",
        "2: a '${' has no '}'",
      ])
  }

  @Test func `a value cannot grow without bound`() {
    let text = "dubbo: { application: { name: '\(String(repeating: "${A}", count: 100))' } }"
    #expect(throws: ConfigurationError.self) {
      try DubboConfiguration(yaml: text, environment: ["A": String(repeating: "x", count: 1_000)])
    }
  }
}

import DubboCore
import Testing

@testable import Dubbo

/// Files as the implementations that we follow have them.
@Suite struct FollowedFilesTests {
  @Test func `the file of Dubbo for Rust loads`() throws {
    let configuration = try DubboConfiguration(yaml: Self.rust)
    #expect(configuration.protocols.map(\.id) == ["triple"])
    let listener = try #require(configuration.protocols.first)
    #expect(listener.name == "tri" && listener.host == "0.0.0.0" && listener.port == 8888)
    #expect(configuration.registries.map(\.url.text) == ["nacos://127.0.0.1:8848"])
    let service = try #require(configuration.services.first)
    #expect(service.id == "GreeterProvider" && service.interface == "org.apache.dubbo.sample.tri.Greeter")
    #expect(service.version == "1.0.0" && service.group == "test" && service.protocolIDs == ["triple"])
    let reference = try #require(configuration.references.first)
    #expect(reference.urls.map(\.text) == ["tri://localhost:20000"] && reference.protocolName == "tri")
    let route = try #require(configuration.routers.directRoutes.first)
    #expect(route.interface == "org.apache.dubbo.sample.tri.Greeter")
    #expect(route.urls.map(\.text) == ["tri://127.0.0.1:20000"])
    #expect(configuration.routers.configCenter?.url.text == "nacos://u:p@127.0.0.1:8848/?application=shop")
    #expect(configuration.routers.conditionRules.count == 1 && configuration.routers.tagRules.count == 1)
    #expect(configuration.data["any"]?.text == "text")
    #expect(configuration.remarks.allSatisfy { $0.severity == .note })
  }

  @Test func `a typical file of Dubbo for Go loads`() throws {
    let configuration = try DubboConfiguration(yaml: Self.go)
    #expect(configuration.application.name == "shop" && configuration.application.version == "3.10")
    #expect(configuration.protocols.map(\.port) == [20_000])
    #expect(configuration.protocols.first?.maximumMessageSize == 4 << 20)
    let registry = try #require(configuration.registries.first)
    #expect(registry.url.scheme == "zookeeper" && registry.url.host == "127.0.0.1" && registry.url.port == 2181)
    #expect(registry.url["timeout"] == "3000" && registry.url["register-mode"] == "instance")
    let service = try #require(configuration.services.first)
    #expect(service.registryIDs == ["demoZK"])
    #expect(service.urlParameters["retries"] == "3" && service.urlParameters["service.filter"] == "echo,tps")
    #expect(service.urlParameters["SayHello.retries"] == "5" && service.urlParameters["tps"] == "100")
    #expect(service.urlParameters["executes"] == "200")
    let reference = try #require(configuration.references.first)
    #expect(reference.urlParameters["timeout"] == "5000" && reference.urlParameters["check"] == "false")
    #expect(configuration.shutdown.timeout == .seconds(60))
    #expect(configuration.configCenter?.url.text == "nacos://127.0.0.1:8848/?group=dubbo")
    #expect(configuration.metadataReport?.url.scheme == "nacos")
    #expect(configuration.logLevel == .info)
    #expect(configuration.serverTLS?.certificateChain == "server.pem")
    #expect(configuration.clientTLS?.serverName == "shop.example")
    #expect(configuration.routers.conditionRules.count == 1 && configuration.routers.tagRules.count == 1)
    #expect(configuration.remarks.allSatisfy { $0.severity == .note })
  }

  @Test func `a typical application.yml of Dubbo for Java loads`() throws {
    let configuration = try DubboConfiguration(yaml: Self.java, environment: ["ZK_HOST": "zk.example"])
    #expect(configuration.application.name == "shop")
    #expect(configuration.protocols.map(\.port) == [0])
    #expect(configuration.registries.map(\.url.text) == ["zookeeper://zk.example:2181/?backup=b:2181,c:2181"])
    #expect(configuration.serverTLS?.trustedCertificates == "ca.pem" && configuration.clientTLS == nil)
    #expect(configuration.references.first?.urlParameters["timeout"] == "3000")
    #expect(configuration.references.first?.urlParameters["sayHello.timeout"] == "500")
    #expect(configuration.remarks.allSatisfy { $0.severity == .note })
  }

  static let rust = """
    dubbo:
      protocols:
        triple: { ip: 0.0.0.0, port: '8888', name: tri }
      registries:
        demoNacos: { protocol: nacos, address: 'nacos://127.0.0.1:8848' }
      provider:
        services:
          GreeterProvider: { version: 1.0.0, group: test, protocol: triple, interface: org.apache.dubbo.sample.tri.Greeter }
      consumer:
        references:
          GreeterClientImpl: { url: 'tri://localhost:20000', protocol: tri }
      routers:
        consumer:
          - { service: org.apache.dubbo.sample.tri.Greeter, url: 'tri://127.0.0.1:20000', protocol: triple }
        nacos: { addr: '127.0.0.1:8848', namespace: '', app: shop, enable_auth: { auth_username: u, auth_password: p }, enable_auth_plugin_http: false }
        conditions:
          - { configVersion: v1.0, scope: service, force: false, enabled: true, key: org.apache.dubbo.sample.tri.Greeter, conditions: [ 'method=greet => port=8889' ] }
        tags:
          configVersion: v1.0
          force: true
          enabled: true
          key: shop-detail
          tags: [ { name: gray, match: [ { key: env, value: gray } ] } ]
      data: { any: text }
    """

  static let go = """
    dubbo:
      application:
        name: shop
        organization: example
        owner: me
        version: 3.10
        environment: pro
      registries:
        demoZK:
          protocol: zookeeper
          timeout: 3s
          address: 127.0.0.1:2181
          username:
          registry-type: service
      protocols:
        triple:
          name: tri
          port: 20000
          max-server-recv-msg-size: 4mb
      provider:
        filter: [ echo, tps ]
        registry-ids: demoZK
        services:
          GreeterProvider:
            interface: com.example.Greeter
            retries: 3
            loadbalance: random
            tps.limit.rate: 100
            tps.limiter: method-service
            execute.limit: "200"
            methods:
              - name: SayHello
                retries: 5
      consumer:
        request-timeout: 5s
        check: false
        references:
          GreeterClientImpl:
            protocol: tri
            interface: com.example.Greeter
      shutdown: { timeout: 60s, step-timeout: 3s, internal-signal: true }
      config-center: { protocol: nacos, address: '127.0.0.1:8848', group: dubbo, data-id: shop }
      metadata-report: { protocol: nacos, address: '127.0.0.1:8848' }
      logger: { level: info, driver: zap }
      metrics: { enable: true, port: 9090 }
      tls_config:
        ca-cert-file: ca.pem
        tls-cert-file: server.pem
        tls-key-file: server.key
        tls-server-name: shop.example
      router:
        - scope: application
          key: shop
          conditions: [ 'method=greet => region=hangzhou' ]
        - scope: application
          key: shop
          tags: [ { name: gray, addresses: [ '10.0.0.1:*' ] } ]
    """

  static let java = """
    spring:
      main: { banner-mode: off }
    logging:
      level: { root: INFO, org.apache.dubbo: DEBUG }
    dubbo:
      application: { name: shop, qos-enable: false, register-mode: instance, serialize-check-status: DISABLE }
      protocol: { name: tri, port: -1, threads: 200 }
      registry:
        address: zookeeper://${ZK_HOST:127.0.0.1}:2181?backup=b:2181,c:2181
      consumer:
        timeout: 3000
        references:
          greeter: { interface: com.example.Greeter, methods: { sayHello: { timeout: 500 } } }
      ssl:
        server-key-cert-chain-path: server.pem
        server-private-key-path: server.key
        server-trust-cert-collection-path: ca.pem
    """
}

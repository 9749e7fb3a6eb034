import Dubbo
import DubboTesting
import Testing

/// What a user's own tests look like, as the page Testing shows it.
private struct Calculator: CodableService {
  static let serviceName = "org.example.Calculator"

  var methods: [CodableMethod] {
    [.unary("add", idempotent: true) { (left: Int, right: Int) in left + right }]
  }
}

struct InProcessNetworkTests {
  @Test func `the calculator adds`() async throws {
    let network = InProcessNetwork()
    var app = DubboApplication(
      name: "test", protocols: ["inproc://one:0"], registries: ["memory://test"], extensions: network.extensions)
    app.shutdown.notificationWait = .zero
    app.provide(Calculator())
    try await app.run { app in
      let sum: Int = try await app.reference(to: Calculator.serviceName).invoke("add", 1, 2)
      #expect(sum == 3)
    }
  }

  @Test func `a provider that is away fails the call within its time`() async throws {
    let network = InProcessNetwork()
    var app = DubboApplication(
      name: "test", protocols: ["inproc://one:0"], registries: ["memory://test"], extensions: network.extensions,
      log: .silent)
    app.shutdown.notificationWait = .zero
    app.provide(Calculator())
    try await app.run { app in
      for url in app.exported { network.setRefusing(true, at: url.address) }
      let calculator = app.reference(to: Calculator.serviceName, parameters: ["retries": "0"])
      let error = await #expect(throws: DubboError.self) {
        try await calculator.invoke("add", 1, 2, returning: Int.self)
      }
      #expect(error?.code == .unavailable)
    }
  }
}

public import Dubbo

/// A service whose providers can be told apart: each answers `name` with its own.
public struct Shop: CodableService {
  public static let serviceName = "org.example.Shop"
  public var name: String

  public var methods: [CodableMethod] { [.unary("name", idempotent: true) { [name] in name }] }

  /// An application that provides the shop called `name` and is found in the registries of `extensions`.
  public static func application(
    _ name: String, registry: String, extensions: ExtensionCatalog, parameters: URLParameters = [:]
  ) -> DubboApplication {
    var app = DubboApplication(
      name: "shop", protocols: ["tri://127.0.0.1:0"], registries: [registry], extensions: extensions,
      log: Log(label: "shop", handler: StandardErrorLog(minimumLevel: .warning)))
    app.provide(Shop(name: name), parameters: parameters)
    app.shutdown.notificationWait = .zero
    return app
  }
}

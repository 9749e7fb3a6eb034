import Dubbo
import DubboCore
import Testing

private struct Line: Codable, Sendable, Equatable {
  var item: String
  var count: Int
}

private struct Counter: CodableService {
  static let serviceName = "org.example.Counter"

  var methods: [CodableMethod] {
    [
      .unary("nothing") {},
      .unary("twice") { (line: Line) in Line(item: line.item, count: line.count * 2) },
      .unary("add") { (left: Int, right: Int) in left + right },
      .unary("join") { (one: String, two: Int, three: [Bool]) in "\(one) \(two) \(three)" },
      .serverStream("count") { (limit: Int, replies: CodableSink<Int>, _) in
        for number in 0..<limit { try await replies.write(number) }
      },
      .clientStream("sum") { (numbers: CodableSequence<Int>, _) in try await numbers.reduce(0, +) },
      .stream("double") { (numbers: CodableSequence<Int>, replies: CodableSink<Int>, _) in
        for try await number in numbers { try await replies.write(number * 2) }
      },
    ]
  }
}

/// As a generator makes them.
private struct Stubbed: RoutableService {
  static let serviceName = "org.example.Stubbed"
  var dubboMethods: [MethodRegistration] { [] }
}

@Suite(.timeLimit(.minutes(1))) struct SerializationTests {
  private let plist: PayloadFormat

  init() throws {
    plist = try #require(PayloadFormat("x-plist"))
  }

  private func catalog(_ log: MessageLog? = nil) -> ExtensionCatalog {
    var catalog = ExtensionCatalog.builtIn
    catalog.register("plist", for: Serializations.self) { [plist] in PropertyLists(format: plist, log: log) }
    return catalog
  }

  @Test func `serializations are registered, replaced and removed by name`() throws {
    var catalog = catalog()
    #expect(catalog.names(for: Serializations.self) == ["json", "plist"])
    #expect(try catalog.factory("plist", for: Serializations.self)().format.subtype == "x-plist")
    catalog.register("json", for: Serializations.self) { [plist] in PropertyLists(format: plist) }
    #expect(try catalog.factory("json", for: Serializations.self)() is PropertyLists)
    let isRemoved = catalog.remove("plist", for: Serializations.self)
    #expect(isRemoved)
    let error = #expect(throws: UnknownExtension.self) { try catalog.factory("plist", for: Serializations.self) }
    #expect(error?.description.contains("no serialization is called \"plist\": known are json.") == true)
  }

  @Test func `a serialization of one's own carries calls of all kinds`() async throws {
    let log = MessageLog()
    try await withCounter(log: log) { counter in
      _ = try await counter.invoke("nothing", returning: NoValue.self)
      let twice: Line = try await counter.invoke("twice", Line(item: "tea", count: 2))
      #expect(twice == Line(item: "tea", count: 4))
      let sum: Int = try await counter.invoke("add", 1, 2)
      #expect(sum == 3)
      let joined: String = try await counter.invoke("join", "a", 2, [true])
      #expect(joined == "a 2 [true]")
      #expect(log.messages == 16, "each request and each reply is written once and read once")
      let counted = try await counter.serverStream("count", 3, of: Int.self) { replies in
        try await replies.reduce(into: []) { $0.append($1) }
      }
      #expect(counted == [0, 1, 2])
      let total = try await counter.clientStream("sum", returning: Int.self) { requests in
        for number in 1...4 { try await requests.write(number) }
      }
      #expect(total == 10)
      let doubled = try await counter.stream("double") { (requests: CodableSink<Int>, replies: CodableSequence<Int>) in
        try await requests.write(21)
        try await requests.finish()
        return try await replies.reduce(into: []) { $0.append($1) }
      }
      #expect(doubled == [42])
      #expect(log.messages == 16 + 8 + 10 + 4)
    }
  }

  @Test func `what does not fit is told with the serialization's name and the place`() async throws {
    try await withCounter { counter in
      let missing = await failure { try await counter.invoke("twice", ["item": "tea"], returning: Line.self) }
      #expect(missing?.code == .invalidArgument)
      #expect(
        missing?.message == "the x-plist for org.example.Counter/twice does not fit: the key 'count' is missing at [0]")
      let result = await failure { try await counter.invoke("add", 1, 2, returning: [Int].self) }
      #expect(result?.code == .internal && result?.reason == .serialization)
    }
  }

  @Test func `a failure that failsafe swallows is no value in any serialization`() async throws {
    try await withCounter(caller: ["serialization": "plist", "cluster": "failsafe"]) { counter in
      let none = try await counter.invoke("nowhere", returning: Int?.self)
      #expect(none == nil)
      _ = try await counter.invoke("nowhere", returning: NoValue.self)
      let error = await failure { try await counter.invoke("nowhere", returning: Int.self) }
      #expect(error?.message.hasPrefix("org.example.Counter/nowhere was answered with nothing") == true)
    }
  }

  @Test(arguments: ["json", "protobuf", ""])
  func `a caller in JSON of a service in another format is told the format`(name: String) async throws {
    try await withCounter(caller: ["serialization": name], url: { $0.serialization = nil }) { counter in
      let error = await failure { try await counter.invoke("add", 1, 2, returning: Int.self) }
      #expect(error?.code == .unimplemented)
      #expect(error?.message == "org.example.Counter/add has messages in x-plist only")
    }
  }

  @Test func `configuration names the serialization of services and references`() async throws {
    let yaml = """
      dubbo:
        protocol: { name: tri, host: 127.0.0.1, port: 0 }
        registry: { address: 'memory://serializations' }
        provider: { services: { Counter: { serialization: plist } } }
        consumer: { serialization: plist, references: { Other: { serialization: json } } }
      """
    let log = MessageLog()
    var app = try DubboApplication(
      configuration: DubboConfiguration(yaml: yaml), extensions: catalog(log), log: .silent)
    app.shutdown.notificationWait = .zero
    app.provide(Counter())
    app.provide(Stubbed())
    try await app.run { running in
      #expect(running.exported.map(\.serialization) == ["plist", nil])
      let counter = running.reference(to: Counter.serviceName, parameters: ["timeout": "30000"])
      let sum: Int = try await counter.invoke("add", 1, 2)
      #expect(sum == 3 && log.messages == 4)
    }
  }

  @Test func `stubs and services that say nothing keep their formats whatever the address of a protocol says`()
    async throws
  {
    var app = DubboApplication(
      name: "t", protocols: ["tri://127.0.0.1:0?serialization=plist"], extensions: catalog(), log: .silent)
    app.provide(Counter())
    app.provide(Counter(), version: "2", parameters: ["serialization": "json"])
    app.provide(Stubbed(), parameters: ["serialization": "hessian2"])
    try await app.run { running in
      #expect(running.exported.map(\.serialization) == ["plist", "json", nil])
    }
  }

  @Test func `a service with an unknown serialization fails the start with the known ones`() async throws {
    var app = DubboApplication(name: "t", protocols: ["tri://127.0.0.1:0"], extensions: catalog(), log: .silent)
    app.provide(Counter(), version: "2", parameters: ["serialization": "msgpack"])
    let error = await failure { try await app.run { _ in } }
    #expect(error?.code == .invalidArgument && error?.reason == .configuration)
    #expect(error?.message.hasPrefix("the messages of org.example.Counter") == true)
    #expect(error?.message.contains("no serialization is called \"msgpack\": known are json, plist.") == true)

    var bytes = DubboApplication(name: "t", protocols: ["tri://127.0.0.1:0"], log: .silent)
    bytes.provide(
      Nobody(), methods: [], as: ServiceKey(interface: "org.example.Bytes"), parameters: ["serialization": "msgpack"])
    let refused = await failure { try await bytes.run { _ in } }
    #expect(refused?.message.contains("no serialization is called \"msgpack\": known are json.") == true)
  }

  @Test func `a reference with an unknown serialization fails its calls with the known ones`() async throws {
    try await withCounter(caller: ["serialization": "msgpack"]) { counter in
      for call in [0, 1] {
        let error = await failure {
          if call == 0 { return try await counter.invoke("add", 1, 2, returning: Int.self) }
          return try await counter.clientStream("sum", returning: Int.self) { (_: CodableSink<Int>) in }
        }
        #expect(error?.code == .invalidArgument && error?.reason == .configuration && error?.progress == .notSent)
        #expect(error?.message.contains("no serialization is called \"msgpack\": known are json, plist.") == true)
      }
    }
  }

  @Test func `a configuration is checked for serializations that nobody has`() throws {
    let yaml = """
      dubbo:
        provider: { serialization: plist, prefer-serialization: 'json, hessian2', services: { S: { serialization: protobuf } } }
        consumer: { references: { R: { serialization: msgpack } } }
      """
    let problems = try DubboConfiguration(yaml: yaml).problems(with: catalog()).map(\.message)
    #expect(
      problems == [
        "dubbo.provider.prefer.serialization: no serialization is called \"hessian2\": known are json, plist. "
          + "Register it in the application's ExtensionCatalog.",
        "dubbo.consumer.references.R.serialization: no serialization is called \"msgpack\": known are json, plist. "
          + "Register it in the application's ExtensionCatalog.",
      ])
  }

  /// The counter behind a port, in property lists, and a caller of it, in one application.
  private func withCounter(
    log: MessageLog? = nil, service: URLParameters = ["serialization": "plist"],
    caller: URLParameters = ["serialization": "plist"], url change: (inout DubboURL) -> Void = { _ in },
    _ body: (GenericReference) async throws -> Void
  ) async throws {
    var app = DubboApplication(name: "t", protocols: ["tri://127.0.0.1:0"], extensions: catalog(log), log: .silent)
    app.provide(Counter(), parameters: service)
    try await app.run { running in
      var url = try #require(running.exported.first)
      change(&url)
      var parameters = caller
      parameters["timeout"] = "30000"
      try await body(running.reference(to: Counter.serviceName, at: url.text, parameters: parameters))
    }
  }
}

private struct Nobody: Invoker {
  func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
}

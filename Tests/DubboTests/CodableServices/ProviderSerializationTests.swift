import Dubbo
import DubboCore
import Testing

/// Says where a call arrived.
private struct Desk: CodableService {
  static let serviceName = "org.example.Desk"
  let name: String

  var methods: [CodableMethod] {
    [
      .unary("name", idempotent: true) { (limit: Double) in limit > 0 ? self.name : "" },
      .unary("fail", idempotent: true) { () throws -> String in
        if self.name == "json" { throw DubboError(.unavailable, "closed") }
        return self.name
      },
      .serverStream("count") { (limit: Int, replies: CodableSink<String>, _) in
        for _ in 0..<limit { try await replies.write(self.name) }
      },
      .clientStream("join") { (words: CodableSequence<String>, _) in
        let text = try await words.reduce("") { $0 + $1 }
        if text == "fail", self.name == "json" { throw DubboError(.unavailable, "closed") }
        return "\(text) at \(self.name)"
      },
    ]
  }
}

/// Puts its own bytes in the place of the message.
private struct Rewriting: Filter {
  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    var invocation = invocation
    invocation.body = .message(Array("7".utf8))
    return try await next(invocation)
  }
}

/// References that name no serialization, at providers found in a registry that speak different ones.
@Suite(.timeLimit(.minutes(1))) struct ProviderSerializationTests {
  private let registry = InMemoryRegistry()
  private let log = MessageLog()
  private let plist: PayloadFormat

  init() throws {
    plist = try #require(PayloadFormat("x-plist"))
  }

  private typealias Provided = (name: String, parameters: URLParameters)

  /// Each service in an application, and so at an address, of its own; `body` gets the first of these.
  private func run(
    _ services: [Provided], first: RunningApplication? = nil, _ body: (RunningApplication) async throws -> Void
  ) async throws {
    guard let service = services.first else {
      if let first { try await body(first) }
      return
    }
    var catalog = ExtensionCatalog.builtIn
    catalog.register("plist", for: Serializations.self) { [plist, log] in PropertyLists(format: plist, log: log) }
    catalog.register("memory", for: Registries.self) { [registry] _, _ in registry }
    catalog.register("rewriting", for: Filters.self) { _ in Rewriting() }
    var app = DubboApplication(
      name: "t", protocols: ["tri://127.0.0.1:0"], registries: ["memory://shared"], extensions: catalog, log: .silent)
    app.shutdown.notificationWait = .zero
    app.provide(Desk(name: service.name), group: service.name, parameters: service.parameters)
    try await app.run { running in
      try await run(Array(services.dropFirst()), first: first ?? running, body)
    }
  }

  private func reference(_ running: RunningApplication, _ parameters: URLParameters = [:]) -> GenericReference {
    var all: URLParameters = ["timeout": "30000", "loadbalance": "roundrobin"]
    for parameter in parameters { all[parameter.name] = parameter.value }
    return running.reference(to: Desk.serviceName, group: "*", parameters: all)
  }

  private let both: [Provided] = [
    ("json", [:]), ("plist", ["serialization": "plist"]),
  ]

  @Test func `a reference that names none writes for each provider what that reads`() async throws {
    try await run(both) { running in
      let desk = reference(running)
      var names: [String] = []
      for _ in 0..<4 { names.append(try await desk.invoke("name", 1.0)) }
      #expect(names.sorted() == ["json", "json", "plist", "plist"])
      var streams: [String] = []
      for _ in 0..<4 {
        streams += try await desk.serverStream("count", 1, of: String.self) { replies in
          try await replies.reduce(into: []) { $0.append($1) }
        }
      }
      #expect(streams.sorted() == ["json", "json", "plist", "plist"])
      for cluster in ["failfast", "available", "zone-aware"] {
        let other = reference(running, ["cluster": cluster])
        let joined: Set<String> = [try await join(other, "a"), try await join(other, "a")]
        #expect(joined.isSubset(of: ["a at json", "a at plist"]))
      }
      let forked: String = try await reference(running, ["cluster": "forking"]).invoke("name", 1.0)
      #expect(["json", "plist"].contains(forked))
    }
  }

  @Test func `what came beside an answer is what the provider sent`() async throws {
    try await run([both[1]]) { running in
      let beside = ReplyMetadata()
      let name: String = try await reference(running).invoke("name", 1.0, options: .init(replyMetadata: beside))
      #expect(name == "plist" && !beside.headers.description.contains("serialization"))
    }
  }

  @Test func `a call goes on at a provider of another serialization, a stream does not`() async throws {
    try await run(both) { running in
      let desk = reference(running, ["loadbalance": "roundrobin", "idempotent": "true", "retries": "1"])
      for _ in 0..<4 {
        let name: String = try await desk.invoke("fail")
        #expect(name == "plist")
      }
      var outcomes: Set<String> = []
      for _ in 0..<8 {
        do {
          outcomes.insert(try await join(desk, "fail"))
        } catch let error as DubboError {
          outcomes.insert("\(error.code)")
        }
      }
      #expect(outcomes == ["\(StatusCode.unavailable)", "fail at plist"])
    }
  }

  @Test
  func `a provider that nobody here can write for is called by nobody, and alone fails calls with the known ones`()
    async throws
  {
    try await run(both) { running in
      let desk = reference(running)
      let unknown = try DubboURL(
        "tri://127.0.0.1:1/\(Desk.serviceName)?interface=\(Desk.serviceName)&group=other&serialization=msgpack")
      try await registry.register(unknown)
      for _ in 0..<6 {
        let name: String = try await desk.invoke("name", 1.0)
        #expect(both.map(\.name).contains(name))
        let joined = try await join(desk, "a")
        #expect(joined.hasPrefix("a at "))
      }
      let alone = running.reference(to: Desk.serviceName, group: "other", parameters: ["timeout": "30000"])
      let called = await failure { try await alone.invoke("name", 1.0, returning: String.self) }
      let streamed = await failure { try await join(alone, "a") }
      for error in [called, streamed] {
        #expect(error?.code == .invalidArgument && error?.reason == .configuration && error?.progress == .notSent)
        #expect(error?.message.hasPrefix("the messages of other/org.example.Desk") == true)
        #expect(
          error?.message.contains(
            "at 127.0.0.1:1 can't be written: no serialization is called \"msgpack\": known are json, plist.") == true)
      }
      try await registry.unregister(unknown)
    }
  }

  @Test func `providers may change their serialization while they are called`() async throws {
    try await run([("json", [:])]) { before in
      let desk = reference(before)
      let first: String = try await desk.invoke("name", 1.0)
      #expect(first == "json" && log.messages == 0)
      try await run([("plist", ["serialization": "plist"])]) { _ in
        for url in registry.registered where url.group == "json" { try await registry.unregister(url) }
        var name = ""
        while name != "plist" { name = try await desk.invoke("name", 1.0) }
        let written = log.messages
        _ = try await desk.invoke("name", 1.0, returning: String.self)
        #expect(log.messages == written + 4, "from then on each message is written once and read once")
      }
    }
  }

  @Test func `what one serialization cannot write goes to a provider of one that can`() async throws {
    try await run([("plist", ["serialization": "plist"])]) { running in
      let name: String = try await reference(running).invoke("name", Double.infinity)
      #expect(name == "plist")
    }
    try await run([("json", [:])]) { running in
      let error = await failure { try await reference(running).invoke("name", Double.infinity, returning: String.self) }
      #expect(error?.reason == .serialization && error?.progress == .notSent)
      #expect(error?.message.hasPrefix("a value for org.example.Desk/name can't be written as JSON") == true)
    }
  }

  @Test func `a message that a filter has changed goes to nobody who does not read it`() async throws {
    try await run(both) { running in
      let desk = reference(running, ["reference.filter": "rewriting"])
      for _ in 0..<3 {
        let name: String = try await desk.invoke("name", 1.0)
        #expect(name == "json")
      }
    }
    try await run([both[1]]) { running in
      let error = await failure {
        try await reference(running, ["reference.filter": "rewriting"]).invoke("name", 1.0, returning: String.self)
      }
      #expect(error?.reason == .noProvider && error?.progress == .notSent)
      #expect(error?.message.contains("has messages in plist, and a filter has changed the message") == true)
    }
  }

  @Test(arguments: [
    ("serialization=plist", "plist"), ("prefer.serialization=fastjson2,plist,json", "plist"),
    ("serialization=json&prefer.serialization=hessian2,plist", "plist"),
    ("serialization=plist&prefer.serialization=hessian2", "plist"), ("serialization=protobuf", "json"),
    ("serialization=", "json"), ("prefer.serialization=protobuf", "json"),
  ])
  func `what a provider prefers goes before what it says, as far as it is known here`(said: String, spoken: String)
    async throws
  {
    try await run(both) { running in
      let url = try #require(registry.registered.first { $0.group == spoken })
      let query = "interface=\(Desk.serviceName)&group=\(spoken)&\(said)"
      let address = "tri://\(url.address)/\(Desk.serviceName)?\(query)"
      let desk = running.reference(
        to: Desk.serviceName, group: spoken, at: address, parameters: ["timeout": "30000"])
      let name: String = try await desk.invoke("name", 1.0)
      #expect(name == spoken)
    }
  }

  @Test(
    arguments: [
      (["serialization": "plist", "prefer.serialization": "json"], "plist"),
      (["prefer.serialization": "plist,json"], "plist"),
      (["prefer.serialization": "msgpack,plist"], "plist"), ([:], "json"),
    ] as [(URLParameters, String)])
  func `a service speaks what it says, else the first known one that it prefers, and its URL says which`(
    parameters: URLParameters, spoken: String
  ) async throws {
    try await run([("desk", parameters)]) { running in
      let url = try #require(running.exported.first)
      #expect(url.serialization == spoken && url["prefer.serialization"] == nil)
      let name: String = try await reference(running).invoke("name", 1.0)
      #expect(name == "desk")
      let own: String = try await reference(running, parameters).invoke("name", 1.0)
      #expect(own == "desk")
    }
  }

  private func join(_ desk: GenericReference, _ word: String) async throws -> String {
    try await desk.clientStream("join", returning: String.self) { try await $0.write(word) }
  }
}

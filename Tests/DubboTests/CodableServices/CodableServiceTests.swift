import Dubbo
import Testing

private struct Order: Codable, Sendable, Equatable {
  var item: String
  var count = 1
}

/// A service as a user writes one, with a method of each kind and of each number of arguments.
private struct Shop: CodableService {
  static let serviceName = "org.example.Shop"

  var methods: [CodableMethod] {
    [
      .unary("add", idempotent: true) { (left: Int, right: Int) in left + right },
      .unary("buy", buy),
      .unary("items") { ["tea", "milk"] },
      .unary("forget") { (_: Order) in },
      .unary("whoAmI") { (_: Int, context: ServerContext) in context.method.name },
      .serverStream("count") { (limit: Int, replies: CodableSink<Int>, _) in
        for number in 0..<limit { try await replies.write(number) }
      },
      .clientStream("sum") { (numbers: CodableSequence<Int>, _) in
        try await numbers.reduce(0, +)
      },
      .stream("double") { (numbers: CodableSequence<Int>, replies: CodableSink<Int>, _) in
        for try await number in numbers { try await replies.write(number * 2) }
      },
    ]
  }

  private func buy(_ order: Order) async throws -> Order {
    guard order.count > 0 else { throw DubboError(.outOfRange, "nothing to buy") }
    return Order(item: order.item, count: order.count * 2)
  }
}

@Suite struct CodableServiceTests {
  @Test func `methods take any number of Codable arguments`() async throws {
    try await withShop { shop in
      let sum: Int = try await shop.invoke("add", 1, 2)
      #expect(sum == 3)
      let bought: Order = try await shop.invoke("buy", Order(item: "tea", count: 2))
      #expect(bought == Order(item: "tea", count: 4))
      let items = try await shop.invoke("items", returning: [String].self)
      #expect(items == ["tea", "milk"])
      _ = try await shop.invoke("forget", Order(item: "tea"), returning: NoValue.self)
      let name: String = try await shop.invoke("whoAmI", 1)
      #expect(name == "whoAmI")
    }
  }

  @Test func `streams carry values both ways`() async throws {
    try await withShop { shop in
      let counted = try await shop.serverStream("count", 3, of: Int.self) { replies in
        try await replies.reduce(into: []) { $0.append($1) }
      }
      #expect(counted == [0, 1, 2])
      let sum = try await shop.clientStream("sum", returning: Int.self) { requests in
        for number in 1...4 { try await requests.write(number) }
      }
      #expect(sum == 10)
      let doubled = try await shop.stream("double") { (requests: CodableSink<Int>, replies: CodableSequence<Int>) in
        var got: [Int] = []
        for number in 1...3 {
          try await requests.write(number)
          if let reply = try await replies.next() { got.append(reply) }
        }
        try await requests.finish()
        return got
      }
      #expect(doubled == [2, 4, 6])
    }
  }

  @Test func `a provider's error reaches the caller with its code`() async throws {
    try await withShop { shop in
      let error = await #expect(throws: DubboError.self) {
        try await shop.invoke("buy", Order(item: "tea", count: 0), returning: Order.self)
      }
      #expect(error?.code == .outOfRange && error?.message == "nothing to buy")
    }
  }

  @Test func `arguments that do not fit are the caller's fault and the error says where`() async throws {
    try await withShop { shop in
      let missing = await failure { try await shop.invoke("buy", ["item": "tea"], returning: Order.self) }
      #expect(missing == "INVALID_ARGUMENT: the JSON for org.example.Shop/buy does not fit: the key 'count' is missing")
      let mistyped = await failure { try await shop.invoke("add", 1, "two", returning: Int.self) }
      #expect(mistyped == "INVALID_ARGUMENT: the JSON for org.example.Shop/add does not fit: there is no Int at [1]")
      let one = await failure { try await shop.invoke("add", 1, returning: Int.self) }
      #expect(
        one
          == "INVALID_ARGUMENT: the JSON for org.example.Shop/add does not fit: 2 arguments are needed, as an array"
      )
      let many = await failure { try await shop.invoke("add", 1, 2, 3, returning: Int.self) }
      #expect(
        many == "INVALID_ARGUMENT: the JSON for org.example.Shop/add does not fit: 2 arguments are needed, not 3")
    }
  }

  @Test func `a result that does not fit is the provider's fault`() async throws {
    try await withShop { shop in
      let text = await failure { try await shop.invoke("add", 1, 2, returning: [String].self) }
      #expect(text?.hasPrefix("INTERNAL: the JSON for org.example.Shop/add does not fit") == true)
    }
  }

  @Test func `an unknown method is unimplemented`() async throws {
    try await withShop { shop in
      let text = await failure { try await shop.invoke("none", returning: Int.self) }
      #expect(text?.hasPrefix("UNIMPLEMENTED: ") == true)
    }
  }

  private func failure(_ call: () async throws -> some Sendable) async -> String? {
    do {
      _ = try await call()
      return nil
    } catch {
      return "\(error)".split(separator: " (").first.map(String.init)
    }
  }

  /// The shop behind a port and a caller of it, in one application.
  @Test func `the nothing that failsafe answers is an optional's nil, and no other value`() async throws {
    try await withShop(["cluster": "failsafe"]) { shop in
      let none = try await shop.invoke("buy", Order(item: "tea", count: 0), returning: Order?.self)
      #expect(none == nil)
      let text = await failure { try await shop.invoke("buy", Order(item: "tea", count: 0), returning: Order.self) }
      #expect(text?.contains("was answered with nothing, as failsafe") == true)
    }
  }

  private func withShop(
    _ parameters: URLParameters = [:], _ body: (GenericReference) async throws -> Void
  ) async throws {
    var parameters = parameters
    parameters["timeout"] = "30000"
    var application = DubboApplication(name: "shop", protocols: ["tri://127.0.0.1:0"], log: .silent)
    application.provide(Shop(), group: "test", version: "1.0.0")
    try await application.run { running in
      let url = try #require(running.exported.first)
      try await body(
        running.reference(
          to: Shop.serviceName, group: "test", version: "1.0.0", at: url.text, parameters: parameters))
    }
  }
}

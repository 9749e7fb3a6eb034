public import DubboCore

// Written out by the number of arguments: with a pack of them the compiler (6.3) fails on closures.
extension CodableMethod {
  /// No argument, one result.
  public static func unary<Result: Encodable & Sendable>(
    _ name: String, idempotent: Bool = false, _ body: @escaping @Sendable () async throws -> Result
  ) -> CodableMethod {
    CodableMethod(name, idempotent) { (_: NoArguments, _) in try await body() }
  }

  /// No argument, no result.
  public static func unary(
    _ name: String, idempotent: Bool = false, _ body: @escaping @Sendable () async throws -> Void
  ) -> CodableMethod {
    CodableMethod(name, idempotent) { (_: NoArguments, _) in
      try await body()
      return NoValue()
    }
  }

  /// One argument, one result.
  public static func unary<First: Decodable & Sendable, Result: Encodable & Sendable>(
    _ name: String, idempotent: Bool = false, _ body: @escaping @Sendable (First) async throws -> Result
  ) -> CodableMethod {
    CodableMethod(name, idempotent) { (arguments: First, _) in try await body(arguments) }
  }

  /// One argument, no result.
  public static func unary<First: Decodable & Sendable>(
    _ name: String, idempotent: Bool = false, _ body: @escaping @Sendable (First) async throws -> Void
  ) -> CodableMethod {
    CodableMethod(name, idempotent) { (arguments: First, _) in
      try await body(arguments)
      return NoValue()
    }
  }

  /// Two arguments, one result.
  public static func unary<First: Decodable & Sendable, Second: Decodable & Sendable, Result: Encodable & Sendable>(
    _ name: String, idempotent: Bool = false, _ body: @escaping @Sendable (First, Second) async throws -> Result
  ) -> CodableMethod {
    CodableMethod(name, idempotent) { (arguments: TwoArguments<First, Second>, _) in
      try await body(arguments.first, arguments.second)
    }
  }

  /// Two arguments, no result.
  public static func unary<First: Decodable & Sendable, Second: Decodable & Sendable>(
    _ name: String, idempotent: Bool = false, _ body: @escaping @Sendable (First, Second) async throws -> Void
  ) -> CodableMethod {
    CodableMethod(name, idempotent) { (arguments: TwoArguments<First, Second>, _) in
      try await body(arguments.first, arguments.second)
      return NoValue()
    }
  }

  /// Three arguments, one result.
  public static func unary<
    First: Decodable & Sendable, Second: Decodable & Sendable, Third: Decodable & Sendable, Result: Encodable & Sendable
  >(
    _ name: String, idempotent: Bool = false, _ body: @escaping @Sendable (First, Second, Third) async throws -> Result
  ) -> CodableMethod {
    CodableMethod(name, idempotent) { (arguments: ThreeArguments<First, Second, Third>, _) in
      try await body(arguments.first, arguments.second, arguments.third)
    }
  }

  /// Three arguments, no result.
  public static func unary<First: Decodable & Sendable, Second: Decodable & Sendable, Third: Decodable & Sendable>(
    _ name: String, idempotent: Bool = false, _ body: @escaping @Sendable (First, Second, Third) async throws -> Void
  ) -> CodableMethod {
    CodableMethod(name, idempotent) { (arguments: ThreeArguments<First, Second, Third>, _) in
      try await body(arguments.first, arguments.second, arguments.third)
      return NoValue()
    }
  }

  /// One argument and the call's context, one result.
  public static func unary<Argument: Decodable & Sendable, Result: Encodable & Sendable>(
    _ name: String, idempotent: Bool = false,
    _ body: @escaping @Sendable (Argument, ServerContext) async throws -> Result
  ) -> CodableMethod {
    CodableMethod(name, idempotent, body)
  }

  private init<Arguments: Decodable & Sendable, Result: Encodable & Sendable>(
    _ name: String, _ isIdempotent: Bool,
    _ body: @escaping @Sendable (Arguments, ServerContext) async throws -> Result
  ) {
    self.init(name: name, kind: .unary, isIdempotent: isIdempotent) { coding, invocation in
      let arguments = try coding.decode(Arguments.self, from: invocation.unaryMessage(), .invalidArgument)
      let result = try await body(arguments, invocation.requireContext())
      return Reply(message: try coding.encode(result))
    }
  }
}

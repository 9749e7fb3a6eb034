internal import DubboCluster
public import DubboCore

/// Calls a service by the names of its methods, with `Codable` values, on the wire as JSON or another of the application's
/// `Serializations`: no .proto, no stub.
///
///     let calculator = app.reference(to: "org.example.Calculator", version: "1.0.0")
///     let sum: Int = try await calculator.invoke("add", 1, 2)
///
/// Lazy, cheap to copy, and safe to use from any task. That the provider has the method and takes such values is known
/// when it answers: `UNIMPLEMENTED` and `INVALID_ARGUMENT` otherwise.
public struct GenericReference: Sendable {
  /// Who says what its messages are written in.
  enum Choice {
    case own(any Serialization)
    case ofProviders(ProviderSerializations)
  }

  private let interface: String
  /// What makes the calls and what writes their values; else why there is none.
  private let parts: Result<(caller: ServiceCaller, choice: Choice), DubboError>

  init(_ interface: String, _ parts: Result<(caller: ServiceCaller, choice: Choice), DubboError>) {
    self.interface = interface
    self.parts = parts
  }

  private func method(_ name: String, _ kind: MethodDescriptor.Kind) -> MethodDescriptor {
    MethodDescriptor(service: interface, name: name, kind: kind)
  }

  /// No argument, one result; `NoValue` is the result of a method that has none.
  public func invoke<Result: Decodable & Sendable>(
    _ method: String, returning result: Result.Type = Result.self, options: CallOptions = CallOptions()
  ) async throws -> Result {
    try await unary(method, NoArguments(), [], options)
  }

  /// One argument, one result.
  public func invoke<First: Encodable & Sendable, Result: Decodable & Sendable>(
    _ method: String, _ first: First, returning result: Result.Type = Result.self, options: CallOptions = CallOptions()
  ) async throws -> Result {
    try await unary(method, first, [first], options)
  }

  /// Two arguments, one result.
  public func invoke<First: Encodable & Sendable, Second: Encodable & Sendable, Result: Decodable & Sendable>(
    _ method: String, _ first: First, _ second: Second, returning result: Result.Type = Result.self,
    options: CallOptions = CallOptions()
  ) async throws -> Result {
    try await unary(method, TwoArguments(first: first, second: second), [first, second], options)
  }

  /// Three arguments, one result.
  public func invoke<
    First: Encodable & Sendable, Second: Encodable & Sendable, Third: Encodable & Sendable, Result: Decodable & Sendable
  >(
    _ method: String, _ first: First, _ second: Second, _ third: Third, returning result: Result.Type = Result.self,
    options: CallOptions = CallOptions()
  ) async throws -> Result {
    try await unary(
      method, ThreeArguments(first: first, second: second, third: third), [first, second, third], options)
  }

  private func unary<Result: Decodable & Sendable>(
    _ name: String, _ arguments: some Encodable & Sendable, _ each: [any Sendable], _ options: CallOptions
  ) async throws -> Result {
    let (caller, choice) = try parts.get()
    var invocation = caller.invocation(method(name, .unary), .message([]), options)
    invocation.argumentTexts = argumentTexts(each)
    switch choice {
    case .own(let serialization):
      let coding = ValueCoding(method: invocation.method, serialization: serialization)
      invocation.body = .message(try coding.encode(arguments))
      let reply = try await caller.invoker.invoke(invocation)
      options.replyMetadata?.record(reply)
      return try coding.decode(Result.self, from: reply.message, .internal)
    case .ofProviders(let serializations):
      let translation = UnaryTranslation(arguments, serializations, for: &invocation)
      var reply = try await caller.invoker.invoke(invocation)
      let coding = translation.takeCoding(of: &reply)
      options.replyMetadata?.record(reply)
      return try coding.decode(Result.self, from: reply.message, .internal)
    }
  }

  /// One argument, many results, read by `body`.
  public func serverStream<Argument: Encodable & Sendable, Element: Decodable & Sendable, Result: Sendable>(
    _ method: String, _ argument: Argument, of element: Element.Type = Element.self,
    options: CallOptions = CallOptions(),
    _ body: @escaping @Sendable (CodableSequence<Element>) async throws -> Result
  ) async throws -> Result {
    try await exchange(method, .serverStream, options) {
      (requests: CodableSink<Argument>, replies: CodableSequence<Element>) in
      try await requests.write(argument)
      try await requests.finish()
      return try await body(replies)
    }
  }

  /// Many arguments, one result, which comes when `body` has returned and the provider has answered.
  public func clientStream<Element: Encodable & Sendable, Result: Decodable & Sendable>(
    _ method: String, returning result: Result.Type = Result.self, options: CallOptions = CallOptions(),
    _ body: @escaping @Sendable (CodableSink<Element>) async throws -> Void
  ) async throws -> Result {
    try await exchange(method, .clientStream, options) {
      (requests: CodableSink<Element>, replies: CodableSequence<Result>) in
      try await body(requests)
      try await requests.finish()
      guard let reply = try await replies.next() else {
        throw DubboError(.internal, "\(method) ended well without its one reply", reason: .protocolViolation)
      }
      return reply
    }
  }

  /// Many arguments, many results, in any order. When `body` returns nothing more is sent.
  public func stream<Input: Encodable & Sendable, Output: Decodable & Sendable, Result: Sendable>(
    _ method: String, options: CallOptions = CallOptions(),
    _ body: @escaping @Sendable (CodableSink<Input>, CodableSequence<Output>) async throws -> Result
  ) async throws -> Result {
    try await exchange(method, .bidirectional, options, body)
  }

  private func exchange<Input: Encodable & Sendable, Output: Decodable & Sendable, Result: Sendable>(
    _ name: String, _ kind: MethodDescriptor.Kind, _ options: CallOptions,
    _ body: @escaping @Sendable (CodableSink<Input>, CodableSequence<Output>) async throws -> Result
  ) async throws -> Result {
    let (caller, choice) = try parts.get()
    var options = options
    let serialization: any Serialization =
      switch choice {
      case .own(let serialization): serialization
      case .ofProviders(let serializations): StreamTranslation(serializations, for: &options)
      }
    let coding = ValueCoding(method: method(name, kind), serialization: serialization)
    return try await caller.exchange(coding.method, options) { requests, replies in
      try await body(
        CodableSink(writer: requests, coding: coding),
        CodableSequence(reader: replies, coding: coding, fault: .internal))
    }
  }
}

extension RunningApplication {
  /// A way to call `interface` without a .proto or a stub. Its messages are in the serialization that it names; where it
  /// names none, in what the URL of the provider says that takes the call, JSON where that says nothing either. Nothing is
  /// connected or looked up before its first call, which waits for a provider until its deadline.
  ///
  /// - Parameters:
  ///   - provider: the address of a provider to call without a registry, such as `tri://127.0.0.1:50051`. One that is
  ///     malformed fails each call.
  ///   - parameters: how calls are made, such as `["timeout": "500", "retries": "0", "serialization": "json"]`. A
  ///     serialization that the application does not have fails each call with the names that it has; one that only a
  ///     provider's URL names does so where there is no other provider.
  public func reference(
    to interface: String, group: String? = nil, version: String? = nil, at provider: String? = nil,
    parameters: URLParameters = [:]
  ) -> GenericReference {
    let key = ServiceKey(interface: interface, group: group, version: version)
    do {
      let (consumer, source) = try called(key, at: provider, parameters: parameters)
      guard let name = application.serializationName(in: consumer) else {
        let serializations = try ProviderSerializations(key, application)
        return GenericReference(interface, .success((caller(of: consumer, from: source), .ofProviders(serializations))))
      }
      let serialization = try application.serialization(name, of: ServiceKey(consumer)).serialization
      var attributes = Attributes()
      attributes[PayloadFormatKey.self] = serialization.format
      let caller = caller(of: consumer, from: source, attributes: attributes)
      return GenericReference(interface, .success((caller, .own(serialization))))
    } catch {
      return GenericReference(interface, .failure(DubboError.wrapping(error)))
    }
  }
}

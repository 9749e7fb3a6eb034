public import DubboCore

/// One method of a service that has no .proto: a name and a closure over `Codable` values.
///
/// A unary closure takes up to three arguments, or one and the call's `ServerContext`, and may return nothing.
public struct CodableMethod: Sendable {
  public let name: String
  public let kind: MethodDescriptor.Kind
  /// Whether running it twice does no harm, so that a call may be tried again.
  public let isIdempotent: Bool
  let handler: @Sendable (ValueCoding, Invocation) async throws -> Reply

  /// One argument, many results.
  public static func serverStream<Argument: Decodable & Sendable, Element: Encodable & Sendable>(
    _ name: String, _ body: @escaping @Sendable (Argument, CodableSink<Element>, ServerContext) async throws -> Void
  ) -> CodableMethod {
    CodableMethod(name: name, kind: .serverStream, isIdempotent: false) { coding, invocation in
      let stream = try invocation.requireStream()
      guard let bytes = try await stream.requests.next() else {
        throw DubboError(.invalidArgument, "\(coding.method) takes one request, and the caller sent none")
      }
      let argument = try coding.decode(Argument.self, from: bytes, .invalidArgument)
      try await body(argument, CodableSink(writer: stream.replies, coding: coding), invocation.requireContext())
      return Reply()
    }
  }

  /// Many arguments, one result.
  public static func clientStream<Element: Decodable & Sendable, Result: Encodable & Sendable>(
    _ name: String, _ body: @escaping @Sendable (CodableSequence<Element>, ServerContext) async throws -> Result
  ) -> CodableMethod {
    CodableMethod(name: name, kind: .clientStream, isIdempotent: false) { coding, invocation in
      let stream = try invocation.requireStream()
      let requests = CodableSequence<Element>(reader: stream.requests, coding: coding, fault: .invalidArgument)
      let result = try await body(requests, invocation.requireContext())
      try await stream.replies.write(try coding.encode(result))
      return Reply()
    }
  }

  /// Many arguments, many results, in any order.
  public static func stream<Input: Decodable & Sendable, Output: Encodable & Sendable>(
    _ name: String,
    _ body: @escaping @Sendable (CodableSequence<Input>, CodableSink<Output>, ServerContext) async throws -> Void
  ) -> CodableMethod {
    CodableMethod(name: name, kind: .bidirectional, isIdempotent: false) { coding, invocation in
      let stream = try invocation.requireStream()
      let requests = CodableSequence<Input>(reader: stream.requests, coding: coding, fault: .invalidArgument)
      try await body(requests, CodableSink(writer: stream.replies, coding: coding), invocation.requireContext())
      return Reply()
    }
  }
}

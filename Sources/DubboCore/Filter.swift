/// A layer around every call: it may change the invocation, answer by itself, look at the outcome, or fail the call.
///
/// Streams pass through `next` whole. A filter that wants their messages wraps the body's exchange (caller) or the
/// inbound stream (provider).
public protocol Filter: Sendable {
  /// Calls `next` once to go on, more often to try again, or not at all to answer by itself.
  func invoke(
    _ invocation: Invocation, next: (Invocation) async throws -> Reply
  ) async throws -> Reply

  /// Whether calls of `method` have to pass; true unless a filter says otherwise. A provider asks once for each of its
  /// methods and keeps calls of the others away; a consumer asks nobody, so `invoke` lets those through all the same.
  func concerns(_ method: MethodDescriptor) -> Bool
}

extension Filter {
  public func concerns(_ method: MethodDescriptor) -> Bool { true }
}

/// A filter that works before and after the layers below and waits for nothing. In a chain it costs two plain calls,
/// where a `Filter` costs a frame of the call's task.
public protocol BracketFilter: Filter {
  /// Whether `begin` does anything; true unless a filter says otherwise. For a filter that only looks at how calls end,
  /// `begin` need not be called, and the call goes on as it is.
  var actsAtBegin: Bool { get }
  /// Before the layers below; may change what they see. What it throws ends the call, and then `end` is not called.
  func begin(_ invocation: inout Invocation) throws
  /// After the layers below, once for each `begin` that returned; does nothing unless a filter says otherwise. The error
  /// is the call's, nil when it went well.
  func end(_ invocation: Invocation, _ error: (any Error)?)
}

extension BracketFilter {
  public var actsAtBegin: Bool { true }
  public func begin(_ invocation: inout Invocation) throws {}
  public func end(_ invocation: Invocation, _ error: (any Error)?) {}

  public func invoke(
    _ invocation: Invocation, next: (Invocation) async throws -> Reply
  ) async throws -> Reply {
    var invocation = invocation
    try begin(&invocation)
    do {
      let reply = try await next(invocation)
      end(invocation, nil)
      return reply
    } catch {
      end(invocation, error)
      throw error
    }
  }
}

/// Carries out the calls of one method.
package typealias MethodHandler = @Sendable (Invocation) async throws -> Reply

/// An invoker that has a handler for each of its methods.
package protocol MethodTable: Invoker {
  func handler(of method: MethodDescriptor) -> MethodHandler?
}

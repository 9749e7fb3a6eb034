public import DubboCore

/// What a provider's method passes on to the calls that it makes itself: how long its own caller still waits, and the
/// trace that they belong to.
///
/// Lives in a task-local, so that user code need not carry it: the provider's context filter sets it, the consumer's
/// reads it.
public struct CallScope: Sendable {
  /// When the outer call is over.
  public var deadline: MonotonicInstant?
  /// W3C trace context of the outer call, as it came.
  public var traceParent: String?
  public var traceState: String?

  /// One reference for each call; what is in the scope is looked up only when somebody asks.
  static let local = TaskLocal<ServerContext?>(wrappedValue: nil)

  /// The scope of the provider's method that the present task runs for; nil outside of any.
  public static var current: CallScope? {
    guard let context = local.get() else { return nil }
    let parent = context.metadata["traceparent"]
    return CallScope(
      deadline: context.deadline, traceParent: parent,
      traceState: parent == nil ? nil : context.metadata["tracestate"])
  }

  /// Runs `body` as if it were outside of any provider's method: its calls neither inherit a deadline nor a trace.
  public static func detached<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    try await local.withValue(nil, operation: body)
  }
}

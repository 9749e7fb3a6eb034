/// Whatever can carry out a call: a connection to one provider, a cluster of them, a chain of filters around either,
/// or the provider's own method.
public protocol Invoker: Sendable {
  /// Carries the call out and returns when it is over, for all four kinds.
  ///
  /// Streams run inside: whoever wraps `invoke` sees a call's true start, end and outcome. Cancelling the task ends
  /// the call. Throws `DubboError`.
  func invoke(_ invocation: Invocation) async throws -> Reply
}

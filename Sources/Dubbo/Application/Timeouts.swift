internal import DubboCore

/// The timeouts of a consumer's URL, read once.
struct Timeouts: Sendable {
  private let timeouts: PerMethod<TimeoutKey>

  init(_ consumer: DubboURL) {
    timeouts = PerMethod(consumer, TimeoutKey.self)
  }

  /// A unary call has the reference's timeout. A call with streams lives as long as its streams, as in Dubbo Java: only
  /// a timeout of its own method, or of the call, ends it.
  func of(_ method: MethodDescriptor) -> Duration? {
    let own = timeouts.own.isEmpty ? nil : timeouts.own[method.name]
    return method.kind == .unary ? own ?? timeouts.general : own
  }
}

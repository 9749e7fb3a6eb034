internal import DubboCore

/// The timeouts of a consumer's URL, read once. One of 0 says nothing, as in Dubbo for Java, which reads only what is
/// positive.
struct Timeouts: Sendable {
  private let general: Duration
  private let own: [String: Duration]

  init(_ consumer: DubboURL) {
    let timeouts = PerMethod(consumer, TimeoutKey.self)
    general = timeouts.general > .zero ? timeouts.general : TimeoutKey.defaultValue
    own = timeouts.own.filter { $0.value > .zero }
  }

  /// A unary call has the reference's timeout. A call with streams lives as long as its streams, as in Dubbo Java: only
  /// a timeout of its own method, or of the call, ends it.
  func of(_ method: MethodDescriptor) -> Duration? {
    let own = own.isEmpty ? nil : own[method.name]
    return method.kind == .unary ? own ?? general : own
  }
}

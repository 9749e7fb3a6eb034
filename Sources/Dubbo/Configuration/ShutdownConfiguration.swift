internal import DubboYAML

/// `dubbo.shutdown`: how the application ends.
public struct ShutdownConfiguration: Sendable, Hashable {
  /// How long calls under way may take to end; nil for the default.
  public var timeout: Duration?
  /// Whether SIGTERM and SIGINT end the application; nil leaves it to the program.
  public var handlesSignals: Bool?

  public init(timeout: Duration? = nil, handlesSignals: Bool? = nil) {
    self.timeout = timeout
    self.handlesSignals = handlesSignals
  }

  init(_ fields: YAMLFields) {
    timeout = fields.duration("timeout", "wait")
    handlesSignals = fields.bool("internal-signal")
    fields.ignore(
      "step-timeout", "notify-timeout", "consumer-update-wait-time", "offline-request-window-timeout",
      "closing-invoker-expire-time", "reject-handler", "reject-request-handler", "reject-request",
      because: "the steps of the end are timed by 'timeout' alone")
    fields.finish()
  }
}

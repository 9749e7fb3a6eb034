internal import DubboYAML

/// `dubbo.shutdown`: how the application ends.
public struct ShutdownConfiguration: Sendable, Hashable {
  /// How long calls under way may take to end; nil for the default.
  public var timeout: Duration?
  /// How long calls are still served after the registries were told; nil for the default.
  public var notificationWait: Duration?

  public init(timeout: Duration? = nil, notificationWait: Duration? = nil) {
    self.timeout = timeout
    self.notificationWait = notificationWait
  }

  init(_ fields: YAMLFields) {
    timeout = fields.duration("timeout", "wait")
    fields.ignore("internal-signal", because: "the program decides by how it runs the application")
    notificationWait = fields.duration("consumer-update-wait-time")
    fields.ignore(
      "step-timeout", "notify-timeout", "offline-request-window-timeout",
      "closing-invoker-expire-time", "reject-handler", "reject-request-handler", "reject-request",
      because: "the steps of the end are timed by 'timeout' alone")
    fields.finish()
  }
}

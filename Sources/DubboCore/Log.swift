/// Where the framework says what happens: a level, a sentence, and fields that machines can read.
///
///     log.warning("a provider was ejected", ["address": "10.0.0.7:50051", "failures": 5])
///
/// A value: copy it to add fields. Below the handler's level a call costs one comparison.
public struct Log: Sendable {
  /// Which part of the system speaks.
  public var label: String
  /// Written with every event.
  public var fields: LogFields
  public var handler: any LogHandler

  public init(label: String, fields: LogFields = [:], handler: any LogHandler = StandardErrorLog()) {
    self.label = label
    self.fields = fields
    self.handler = handler
  }

  /// A log that says nothing.
  public static var silent: Log { Log(label: "", handler: SilentLog()) }

  /// A copy that adds `fields` to every event.
  public func with(_ fields: LogFields) -> Log {
    var copy = self
    copy.fields.append(fields)
    return copy
  }

  public func log(
    _ level: LogLevel, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]
  ) {
    guard level >= handler.minimumLevel else { return }
    var all = self.fields
    all.append(fields())
    handler.handle(LogEvent(level: level, label: label, message: message(), fields: all))
  }

  public func trace(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.trace, message(), fields())
  }
  public func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.debug, message(), fields())
  }
  public func info(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.info, message(), fields())
  }
  public func warning(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.warning, message(), fields())
  }
  public func error(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.error, message(), fields())
  }
}

public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
  case trace, debug, info, warning, error

  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// One thing that happened.
public struct LogEvent: Sendable {
  public var level: LogLevel
  public var label: String
  public var message: String
  public var fields: LogFields

  public init(level: LogLevel, label: String, message: String, fields: LogFields) {
    self.level = level
    self.label = label
    self.message = message
    self.fields = fields
  }
}

/// Receives events, from any thread; must not block for long. A bridge to another logging system is one of these.
public protocol LogHandler: Sendable {
  /// Events below this level are not made.
  var minimumLevel: LogLevel { get }
  func handle(_ event: LogEvent)
}

private struct SilentLog: LogHandler {
  var minimumLevel: LogLevel { .error }
  func handle(_ event: LogEvent) {}
}

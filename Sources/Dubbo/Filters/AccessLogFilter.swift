internal import DubboCluster
internal import DubboCore

/// `accesslog`: a line for every call: when, who, what, how it ended and how long it took. `accesslog=true` writes to the
/// application's log, `accesslog=/path/of/file` appends to a file.
struct AccessLogFilter: Filter, BackgroundWork {
  private let context: FilterContext
  private let file: AccessLogFile?

  init(_ context: FilterContext) {
    self.context = context
    let place = context.url["accesslog"] ?? ""
    let isLog = ["", "true", "false", "default"].contains(place.lowercased())
    file = isLog ? nil : AccessLogFile(path: place, log: context.log)
  }

  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    let wall = context.clock.wallMilliseconds
    let start = context.clock.now
    do {
      let reply = try await next(invocation)
      note(invocation, .ok, at: wall, since: start)
      return reply
    } catch {
      note(invocation, DubboError.wrapping(error).code, at: wall, since: start)
      throw error
    }
  }

  func run() async {
    await file?.run()
  }

  private func note(_ invocation: Invocation, _ code: StatusCode, at wall: Int64, since start: MonotonicInstant) {
    let milliseconds = start.duration(to: context.clock.now) / .milliseconds(1)
    let caller = invocation.metadata[ConsumerContextFilter.applicationHeader] ?? "-"
    let peer = invocation.server?.peer
    guard let file else {
      context.log.info(
        "access",
        [
          "call": invocation.method, "from": peer?.address ?? "-", "application": caller, "status": code,
          "ms": Self.short(milliseconds),
        ])
      return
    }
    let service = ServiceKey(context.url)
    file.add(
      LogText.escaped(
        "[\(LogText.timestamp(wall))] \(peer?.address ?? "-") -> \(peer?.localAddress ?? "-") - "
          + "\(service) \(invocation.method.name) application=\(caller) status=\(code) ms=\(Self.short(milliseconds))"))
  }

  /// With two decimals.
  private static func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

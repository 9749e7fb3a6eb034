import Dubbo

/// Callers that each make one unary call after another.
struct UnaryLoad: Sendable {
  let echo: Echo.Client
  let text: String

  func run(_ measurement: Measurement) async -> Tally {
    var tally = Tally()
    let request = EchoRequest.with { $0.message = text }
    while !measurement.isOver && tally.errors < 100 {
      let begun = nanoseconds()
      do {
        let reply = try await echo.unaryEcho(request)
        if reply.message != text { tally.failed("another message came back") }
        if measurement.isCounting { tally.histogram.add(nanoseconds: nanoseconds() - begun) }
      } catch {
        tally.failed("\(error)")
      }
    }
    return tally
  }
}

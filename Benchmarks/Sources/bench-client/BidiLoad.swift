import Dubbo

/// Streams that each have up to `depth` messages under way, sent and not yet answered.
struct BidiLoad: Sendable {
  let echo: Echo.Client
  let text: String
  let depth: Int

  func run(_ measurement: Measurement) async -> Tally {
    do {
      // The stream lives as long as the run, not as long as a call.
      let options = CallOptions(timeout: .seconds(86_400))
      return try await echo.bidirectionalStreamingEcho(options: options) { requests, replies in
        let window = SendWindow(size: depth)
        async let writing: Void = write(requests, window, measurement)
        let tally = try await read(replies, window, measurement)
        try await writing
        return tally
      }
    } catch {
      var tally = Tally()
      tally.failed("\(error)")
      return tally
    }
  }

  private func write(
    _ requests: RequestWriter<EchoRequest>, _ window: SendWindow, _ measurement: Measurement
  ) async throws {
    let request = EchoRequest.with { $0.message = text }
    while !measurement.isOver {
      await window.waitForRoom()
      window.sent()
      try await requests.write(request)
    }
    try await requests.finish()
  }

  private func read(
    _ replies: ReplyReader<EchoResponse>, _ window: SendWindow, _ measurement: Measurement
  ) async throws -> Tally {
    var tally = Tally()
    // However the stream ends, a writer that waits for room goes on and sees it.
    defer { window.open() }
    for try await reply in replies {
      let begun = window.answered()
      if reply.message.utf8.count != text.utf8.count { tally.failed("another message came back") }
      if measurement.isCounting { tally.histogram.add(nanoseconds: nanoseconds() - begun) }
    }
    return tally
  }
}

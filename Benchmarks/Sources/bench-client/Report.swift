/// The one line of JSON, with the keys that the peers' clients use.
struct Report {
  private var fields: [String] = []

  init(_ options: Options, _ tally: Tally, seconds: Double) {
    let mode = options.rate > 0 ? "paced" : options.isBidi ? "bidi" : "unary"
    add("peer", text: "dubbo-swift")
    add("mode", text: mode)
    add("inflight", "\(options.inflight)")
    add("depth", "\(options.depth)")
    add("bytes", "\(options.bytes)")
    add("seconds", Self.short(seconds))
    add("calls", "\(tally.histogram.total)")
    add("errors", "\(tally.errors)")
    add("calls_per_s", Self.short(Double(tally.histogram.total) / max(seconds, 0.001)))
    add("p50_us", Self.short(tally.histogram.percentile(50)))
    add("p99_us", Self.short(tally.histogram.percentile(99)))
    add("max_us", Self.short(Double(tally.histogram.longest) / 1000))
    if let error = tally.firstError { add("first_error", text: error) }
  }

  mutating func add(_ cost: Measurement.Cost, calls: UInt64) {
    let calls = Double(max(calls, 1))
    add("client_cpu_us_per_call", Self.short(Double(cost.ownNanoseconds) / 1000 / calls))
    if let server = cost.serverNanoseconds {
      add("server_cpu_us_per_call", Self.short(Double(server) / 1000 / calls))
    }
  }

  var line: String { "{" + fields.joined(separator: ",") + "}" }

  private mutating func add(_ name: String, _ value: String) {
    fields.append("\"\(name)\":\(value)")
  }

  private mutating func add(_ name: String, text: String) {
    let escaped = text.unicodeScalars.map { scalar in
      scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : scalar.value < 0x20 ? " " : String(scalar)
    }
    add(name, "\"\(escaped.joined())\"")
  }

  /// Two decimals.
  private static func short(_ value: Double) -> String {
    "\((value * 100).rounded() / 100)"
  }
}

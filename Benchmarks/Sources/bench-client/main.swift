import Dubbo
import Glibc

let options = Options(Array(CommandLine.arguments.dropFirst()))
let text = options.bytes == 11 ? "hello world" : String(repeating: ".", count: options.bytes)
let app = DubboApplication(name: "bench-client", registries: options.registry.isEmpty ? [] : [options.registry])
let provider = options.target.isEmpty ? nil : "tri://\(options.target)"

let (report, errors) = try await app.run { app in
  let echo = app.client(for: Echo.self, at: provider)
  if options.rate > 0 {
    let call = CallOptions(idempotent: options.isIdempotent ? true : nil)
    let load = PacedLoad(echo: echo, text: text, options: call, rate: options.rate)
    let (tally, seconds) = try await load.run(seconds: options.seconds)
    return (Report(options, tally, seconds: seconds), tally.errors)
  }
  let measurement = Measurement()
  return try await withThrowingTaskGroup(of: Tally.self) { group in
    for _ in 0..<options.inflight {
      group.addTask {
        options.isBidi
          ? await BidiLoad(echo: echo, text: text, depth: options.depth).run(measurement)
          : await UnaryLoad(echo: echo, text: text).run(measurement)
      }
    }
    let cost = try await measurement.run(options)
    var tally = Tally()
    for try await one in group { tally.add(one) }
    var report = Report(options, tally, seconds: cost.seconds)
    report.add(cost, calls: tally.histogram.total)
    return (report, tally.errors)
  }
}
print(report.line)
exit(errors == 0 ? 0 : 1)

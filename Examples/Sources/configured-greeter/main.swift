import Dubbo
import SampleServices

// Provides the greeter and calls it, all as a configuration file says.
//
//   configured-greeter Examples/greeter.yaml
//   DUBBO_CONFIG_PATH=Examples/greeter.yaml DUBBO_PROTOCOLS_TRIPLE_PORT=50051 configured-greeter
var app = try DubboApplication.load(from: CommandLine.arguments.dropFirst().first)
app.provide(GreeterProvider())
try await app.run { app in
  for url in app.exported { say("provides \(url.interface ?? ""):\(url.version ?? "") in group \(url.group ?? "")") }
  let greeter = app.client(for: Greeter.self)
  let reply = try await greeter.greet(.with { $0.name = "Swift" })
  say(reply.message)
}

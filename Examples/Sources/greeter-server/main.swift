import Dubbo
import SampleServices

// Provides the greeter until SIGTERM or Control-C. `GreeterProvider.swift` is what a user writes.
//
//   greeter-server --port 50051
//   greeter-server --registry file:///tmp/dubbo
let arguments = Arguments(of: "greeter-server")
var app = DubboApplication(
  name: "greeter-server", protocols: [arguments.listening], registries: arguments.registries)
app.provide(GreeterProvider())
app.obeyPeerContract()
app.onReady = { say("READY \($0.port ?? 0)") }
await program { try await app.run() }

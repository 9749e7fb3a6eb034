import Dubbo
import SampleServices

// Provides the greeter and the echo service on one port, for other implementations' test drivers.
let arguments = Arguments(of: "interop-server")
var app = DubboApplication(
  name: "interop-server", protocols: [arguments.listening], registries: arguments.registries)
app.provide(GreeterProvider())
app.provide(EchoProvider())
app.obeyPeerContract()
if let compressor = arguments.compressor { app.providerParameters["compressor"] = compressor }
app.serverTLS = arguments.tls
app.onReady = { say("READY \($0.port ?? 0)") }
await program { try await app.run() }

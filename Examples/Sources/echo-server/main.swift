import Dubbo
import SampleServices

// Provides the echo service until SIGTERM or Control-C. `EchoProvider.swift` is what a user writes.
//
//   echo-server --port 50051
//   echo-server --registry file:///tmp/dubbo
//   echo-server --port 50051 --cert server.pem --key server.key     over TLS
let arguments = Arguments(of: "echo-server")
var app = DubboApplication(name: "echo-server", protocols: [arguments.listening], registries: arguments.registries)
app.provide(EchoProvider())
if !arguments.isPlain { app.obeyPeerContract() }
app.serverTLS = arguments.tls
app.onReady = { say("READY \($0.port ?? 0)") }
await program { try await app.run() }

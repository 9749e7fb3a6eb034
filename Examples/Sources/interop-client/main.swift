import Dubbo
import SampleServices

// Judges a server of Greeter and Echo: one line a case, then `N passed, N failed`.
//
//   interop-client --target 127.0.0.1:50051 [--only bidi.large]…
//   interop-client --target localhost:50051 --ca ca.pem           over TLS
//   interop-client --target 127.0.0.1:50051 --under-faults 3     calls for so long while the network misbehaves
//   interop-client --target 127.0.0.1:50051 --cancel 100000      cancels so many calls, for who watches its memory
//   interop-client --target 127.0.0.1:50051 --fairness 5         makes small calls beside large streams, so long each
let arguments = Arguments(of: "interop-client", isClient: true)
var application = DubboApplication(name: "interop-client", registries: arguments.registries)
application.clientTLS = arguments.tls
await program {
  try await application.run { app in
    let peer = Peer(
      echo: app.client(for: Echo.self, at: arguments.provider),
      greeter: app.client(for: Greeter.self, at: arguments.provider),
      stack: app.invoker(
        for: DubboURL(scheme: "consumer", host: "", path: Echo.serviceName),
        at: try arguments.provider.map { try DubboURL($0) }))
    if let seconds = arguments.faultSeconds { return try await judge(peer, underFaultsFor: .seconds(seconds)) }
    if let count = arguments.cancellations { return try await cancelCalls(peer, count) }
    if let seconds = arguments.fairnessSeconds { return try await judgeFairness(peer, for: .seconds(seconds)) }
    let all = contentCases + statusCases
    let cases = arguments.cases.isEmpty ? all : all.filter { arguments.cases.contains($0.name) }
    var failures = 0
    for one in cases {
      do {
        try await one.run(peer)
        say("ok   \(one.name)")
      } catch {
        failures += 1
        say("FAIL \(one.name): \(error)")
      }
    }
    say("\(cases.count - failures) passed, \(failures) failed")
    if failures > 0 { throw Failed("the server is not what it should be") }
  }
}

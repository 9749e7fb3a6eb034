import Dubbo
import SampleServices

// Calls the echo service in the four ways a call can go.
//
//   echo-client --target 127.0.0.1:50051
//   echo-client --registry file:///tmp/dubbo
//   echo-client --target localhost:50051 --ca ca.pem     over TLS
let arguments = Arguments(of: "echo-client", isClient: true)
var application = DubboApplication(name: "echo-client", registries: arguments.registries)
application.clientTLS = arguments.tls
await program {
  try await application.run { app in
    let echo = app.client(for: Echo.self, at: arguments.provider)
    let hello = EchoRequest.with { $0.message = "hello" }

    say("unary: \(try await echo.unaryEcho(hello).message)")

    let count = try await echo.serverStreamingEcho(hello, options: .init(metadata: ["repeat": "3"])) { replies in
      var count = 0
      for try await _ in replies { count += 1 }
      return count
    }
    say("server stream: \(count) replies")

    let joined = try await echo.clientStreamingEcho { requests in
      for word in ["one", "two", "three"] { try await requests.write(.with { $0.message = word }) }
    }
    say("client stream: \(joined.message)")

    try await echo.bidirectionalStreamingEcho { requests, replies in
      for word in ["ping", "pong"] {
        try await requests.write(.with { $0.message = word })
        say("both streams: \(try await replies.next()?.message ?? "")")
      }
    }
  }
}

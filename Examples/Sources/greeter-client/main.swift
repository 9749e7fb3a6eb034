import Dubbo
import SampleServices

// Calls the greeter in the four ways a call can go.
//
//   greeter-client --target 127.0.0.1:50051
//   greeter-client --registry file:///tmp/dubbo
let arguments = Arguments(of: "greeter-client", isClient: true)
let app = DubboApplication(name: "greeter-client", registries: arguments.registries)
await program {
  try await app.run { app in
    let greeter = app.client(for: Greeter.self, at: arguments.provider)

    let reply = try await greeter.greet(.with { $0.name = "Swift" }, options: .init(timeout: .seconds(1)))
    say("one request, one reply:     \(reply.message)")

    let together = try await greeter.greetClientStream { requests in
      for name in ["Ada", "Grace", "Edsger"] { try await requests.write(.with { $0.name = name }) }
    }
    say("many requests, one reply:   \(together.message)")

    let last = try await greeter.greetServerStream(.with { $0.name = "Swift" }) { replies in
      var last = ""
      for try await reply in replies { last = reply.message }
      return last
    }
    say("one request, many replies:  … \(last)")

    try await greeter.greetStream { requests, replies in
      for name in ["Ada", "Grace"] {
        try await requests.write(.with { $0.name = name })
        let reply = try await replies.next()
        say("each reply as it comes:     \(reply?.message ?? "")")
      }
    }
  }
}

import Dubbo
import SampleServices

/// What comes back, in its order, whatever its size.
let contentCases: [Case] =
  each("plain") { kind, peer in
    let messages = ["one", "two", "grüße 🌍"]
    try expect(await peer.echo(kind, messages), kind.answers(messages), "the answer")
  }
  + each("empty") { kind, peer in
    try expect(await peer.echo(kind, [""]), kind.answers([""]), "the answer")
  }
  + each("no-message", of: [.clientStream, .bidirectional]) { kind, peer in
    try expect(await peer.echo(kind, []), kind.answers([]), "the answer")
  }
  + each("large") { kind, peer in
    let message = String(repeating: "0123456789abcdef", count: 65_536)
    let options = CallOptions(timeout: .seconds(30), metadata: ["repeat": "3"])
    try expect(await peer.echo(kind, [message], options), kind.answers([message], repeated: 3), "the answer")
  }
  + each("ten-thousand", of: [.clientStream, .serverStream, .bidirectional]) { kind, peer in
    let messages = (0..<10_000).map { "message \($0)" }
    let options = CallOptions(timeout: .seconds(30), metadata: ["repeat": "10000"])
    try expect(await peer.echo(kind, messages, options), kind.answers(messages, repeated: 10_000), "the answer")
  }
  + each("thousand-at-once") { kind, peer in
    let options = CallOptions(timeout: .seconds(30), metadata: ["repeat": "2"])
    try await withThrowingTaskGroup { group in
      for number in 0..<1_000 {
        group.addTask {
          let messages = ["\(number)", "\(number) again"]
          try expect(
            await peer.echo(kind, messages, options), kind.answers(messages, repeated: 2), "answer \(number)")
        }
      }
      try await group.waitForAll()
    }
  }
  + [
    Case(name: "bidi.ping-pong") { peer in
      try await peer.echo.bidirectionalStreamingEcho(options: .init(timeout: .seconds(60))) { requests, replies in
        for number in 0..<500 {
          try await requests.write(.with { $0.message = "\(number)" })
          try expect(await replies.next()?.message, "\(number)", "answer \(number)")
        }
      }
    },
    Case(name: "unary.greeter") { peer in
      try expect(await peer.greeter.greet(.with { $0.name = "Swift" }).message, "Hello, Swift!", "the greeting")
    },
    Case(name: "client-stream.greeter") { peer in
      let reply = try await peer.greeter.greetClientStream { requests in
        for name in ["Ada", "Grace", "Edsger"] { try await requests.write(.with { $0.name = name }) }
      }
      try expect(reply.message, "Hello, Ada, Grace, Edsger!", "the greeting")
    },
    Case(name: "server-stream.greeter") { peer in
      let greetings = try await peer.greeter.greetServerStream(.with { $0.name = "Swift" }) { replies in
        var greetings: [String] = []
        for try await reply in replies { greetings.append(reply.message) }
        return greetings
      }
      try expect(greetings, (1...10).map { "Hello, Swift! #\($0)" }, "the greetings")
    },
    Case(name: "bidi.greeter") { peer in
      try await peer.greeter.greetStream { requests, replies in
        for name in ["Ada", "Grace"] {
          try await requests.write(.with { $0.name = name })
          try expect(await replies.next()?.message, "Hello, \(name)!", "the greeting")
        }
      }
    },
  ]

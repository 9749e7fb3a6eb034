import DubboCore
import DubboIO
import Testing

@Suite struct ByteStreamTests {
  @Test(arguments: [EndpointAddress.tcp(host: "127.0.0.1", port: 0), .tcp(host: "::1", port: 0), .unix(path: "")])
  func `bytes come back from an echo over every family`(_ kind: EndpointAddress) async throws {
    let endpoint = kind == .unix(path: "") ? EndpointAddress.unix(path: temporarySocketPath()) : kind
    try await withLoops { group in
      try await withListener(on: endpoint, group: group, acceptor: .echo) { _, endpoint in
        let reply = Promise<[UInt8]>()
        let connection = TestConnection(to: endpoint, on: group.next()) { handler in
          handler.onReceived = { handler, bytes in
            handler.received += bytes
            if handler.received.count == 5 {
              reply.fulfil(handler.received)
              handler.stream.finish()
            }
          }
          handler.send(Array("hello".utf8))
        }
        try await connection.outcome.value.get()
        #expect(await reply.value == Array("hello".utf8))
        #expect(await connection.closed.value == .finished)
      }
    }
  }

  @Test func `case 58: a large exchange arrives whole and in order through partial writes`() async throws {
    try await withLoops { group in
      try await withListener(group: group, acceptor: .echo) { _, endpoint in
        let size = 4 << 20
        let sum = Promise<Bool>()
        let connection = TestConnection(to: endpoint, on: group.next()) { handler in
          var expected: UInt8 = 0
          var count = 0
          var isRight = true
          handler.onReceived = { handler, bytes in
            for byte in bytes {
              isRight = isRight && byte == expected
              expected = expected == 250 ? 0 : expected + 1
            }
            count += bytes.count
            if count == size {
              sum.fulfil(isRight)
              handler.stream.finish()
            }
          }
          handler.send((0..<size).map { UInt8($0 % 251) })
        }
        try await connection.outcome.value.get()
        #expect(await sum.value)
        #expect(await connection.closed.value == .finished)
      }
    }
  }

  @Test func `output is produced in steps, one write at a time`() async throws {
    try await withLoops { group in
      let total = 4 << 20
      let acceptor = TestAcceptor { handler in
        var left = total
        handler.onFlush = { handler in
          #expect(!handler.stream.isWriting)
          let step = min(left, 64 * 1024)
          handler.stream.output.append([UInt8](repeating: 7, count: step))
          left -= step
          if left > 0 { handler.stream.markDirty() } else { handler.stream.finish() }
        }
        handler.stream.markDirty()
        handler.onReceived = { _, _ in }
      }
      try await withListener(group: group, acceptor: acceptor) { _, endpoint in
        let reply = Promise<Int>()
        let connection = TestConnection(to: endpoint, on: group.next()) { handler in
          var count = 0
          handler.onReceived = { count += $1.count }
          handler.onEnd = { handler in
            reply.fulfil(count)
            handler.stream.finish()
          }
        }
        try await connection.outcome.value.get()
        #expect(await reply.value == total)
      }
    }
  }

  @Test func `after the peer's half close our direction still works`() async throws {
    try await withLoops { group in
      let acceptor = TestAcceptor { handler in
        handler.onReceived = { $0.received += $1 }
        handler.onEnd = { handler in
          handler.send(handler.received.reversed())
          handler.stream.finish()
        }
      }
      try await withListener(group: group, acceptor: acceptor) { _, endpoint in
        let reply = Promise<[UInt8]>()
        let connection = TestConnection(to: endpoint, on: group.next()) { handler in
          let closed = handler.onClosed
          handler.send([1, 2, 3])
          handler.onReceived = { $0.received += $1 }
          handler.onClosed = closed
          // Our half close: what the peer sends afterwards is thrown away, so the end is all that can be seen.
          handler.stream.finish()
          reply.fulfil([])
        }
        try await connection.outcome.value.get()
        _ = await reply.value
        #expect(await connection.closed.value == .finished)
      }
    }
  }

  @Test func `the last reply is not lost when the peer still sends`() async throws {
    try await withLoops { group in
      let acceptor = TestAcceptor { handler in
        var isAnswered = false
        handler.onReceived = { handler, _ in
          guard !isAnswered else { return }
          isAnswered = true
          handler.send(Array("goodbye".utf8))
          handler.stream.finish()
        }
      }
      try await withListener(group: group, acceptor: acceptor) { _, endpoint in
        for _ in 0..<20 {
          let reply = Promise<[UInt8]>()
          let connection = TestConnection(to: endpoint, on: group.next()) { handler in
            handler.onReceived = { $0.received += $1 }
            handler.onEnd = { handler in
              reply.fulfil(handler.received)
              handler.stream.close(.closed("done"))
            }
            handler.send([UInt8](repeating: 1, count: 1 << 20))
          }
          try await connection.outcome.value.get()
          #expect(await reply.value == Array("goodbye".utf8))
          #expect(await connection.closed.value == .closed("done"))
        }
      }
    }
  }

  @Test func `a peer that stops reading raises the mark and stalls the write`() async throws {
    try await withLoops { group in
      let closed = Promise<StreamCloseReason>()
      let marks = Promise<Int>()
      let acceptor = TestAcceptor { handler in
        handler.onFlush = { handler in
          guard handler.stream.queuedBytes == 0 else { return }
          handler.stream.output.append([UInt8](repeating: 1, count: 1 << 20))
          handler.stream.markDirty()
        }
        handler.onClosed = { handler, reason in closed.fulfil(reason) }
        handler.stream.markDirty()
      }
      var configuration = ListenerConfiguration()
      configuration.stream.writeStallTimeout = .milliseconds(100)
      try await withListener(group: group, configuration: configuration, acceptor: acceptor) { _, endpoint in
        let connection = TestConnection(to: endpoint, on: group.next()) { handler in
          handler.stream.pauseReading()
          marks.fulfil(handler.stream.queuedBytes)
        }
        try await connection.outcome.value.get()
        #expect(await closed.value == .writeStalled)
      }
    }
  }

  @Test func `a silent stream is closed after its idle time`() async throws {
    try await withLoops { group in
      let closed = Promise<StreamCloseReason>()
      let acceptor = TestAcceptor { $0.onClosed = { closed.fulfil($1) } }
      var configuration = ListenerConfiguration()
      configuration.stream.idleTimeout = .milliseconds(30)
      try await withListener(group: group, configuration: configuration, acceptor: acceptor) { _, endpoint in
        let connection = TestConnection(to: endpoint, on: group.next()) { $0.onEnd = { $0.stream.finish() } }
        #expect(await closed.value == .idle)
        #expect(await connection.closed.value == .finished)
      }
    }
  }

  @Test func `a stream may be closed inside each of its callbacks`() async throws {
    try await withLoops { group in
      try await withListener(group: group, acceptor: .echo) { _, endpoint in
        for place in ["received", "flush", "drained", "end"] {
          let connection = TestConnection(to: endpoint, on: group.next()) { handler in
            func end(_ handler: TestHandler) {
              handler.stream.close(.closed(place))
              handler.stream.close(.closed("twice"))
              handler.stream.markDirty()
              handler.stream.finish()
            }
            switch place {
            case "received": handler.onReceived = { handler, _ in end(handler) }
            case "flush": handler.onFlush = end
            case "drained": handler.onDrained = end
            default:
              handler.onReceived = { handler, _ in handler.stream.close(.closed(place)) }
            }
            handler.send([UInt8](repeating: 1, count: place == "drained" ? 8 << 20 : 10))
          }
          #expect(await connection.closed.value == .closed(place))
        }
      }
    }
  }

  @Test func `a reset reaches the peer as a failure`() async throws {
    try await withLoops { group in
      let acceptor = TestAcceptor { $0.onReceived = { handler, _ in handler.stream.reset("abuse") } }
      try await withListener(group: group, acceptor: acceptor) { _, endpoint in
        let connection = TestConnection(to: endpoint, on: group.next()) { $0.send([1]) }
        guard case .failed(let failure) = await connection.closed.value else {
          Issue.record("no failure")
          return
        }
        #expect(failure.code.rawValue == "ECONNRESET")
      }
    }
  }

  @Test func `open connections are closed by a shutdown`() async throws {
    let group = try LoopGroup(count: 2)
    let served = Promise<StreamCloseReason>()
    let acceptor = TestAcceptor { $0.onClosed = { served.fulfil($1) } }
    let listener = try await Listener(
      on: [.tcp(host: "127.0.0.1", port: 0)], group: group, acceptor: acceptor)
    let connection = TestConnection(to: listener.addresses[0].endpoint, on: group.loops[0])
    try await connection.outcome.value.get()
    await group.shutdown()
    #expect(connection.closed.isFulfilled)
    // The server's side ends by its own loop's end or by ours, or the loop ended before it took the connection.
    #expect(group.descriptors.count == 0)
    await listener.stop()
  }
}

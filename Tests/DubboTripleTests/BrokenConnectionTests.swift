import DubboCore
import DubboHTTP
import DubboTriple
import TestDoubles
import Testing

/// What becomes of calls whose connection breaks, or whose provider sends them away.
@Suite(.timeLimit(.minutes(1))) struct BrokenConnectionTests {
  @Test func `cases 1 and 2: a provider killed before it answers leaves it open whether the call ran`() async throws {
    try await RawProvider.with(RawProvider.onRequest { connection, _ in connection.kill() }) { endpoint in
      let error = await failure { _ = try await endpoint.unary() }
      #expect(error?.code == .unavailable)
      #expect(error?.progress == .unknown)
    }
  }

  @Test func `case 3: a provider killed after its headers has begun to answer`() async throws {
    let attempts = Counter()
    let script = RawProvider.onRequest { connection, stream in
      attempts.increase()
      connection.send(Frames.answer(stream))
      connection.finish()
    }
    try await RawProvider.with(script) { endpoint in
      let error = await failure { _ = try await endpoint.unary() }
      #expect(error?.code == .unavailable)
      #expect(error?.progress == .answered)
      #expect(attempts.value == 1)
    }
  }

  @Test func `case 3: a stream keeps the messages that came before its provider was killed`() async throws {
    let script = RawProvider.onRequest { connection, stream in
      connection.send(Frames.answer(stream) + Frames.data(stream, Frames.message([1])))
      connection.finish()
    }
    try await RawProvider.with(script) { endpoint in
      let error = await failure {
        _ = try await endpoint.bidirectional { _, replies in
          let got1 = try await replies.next()
          #expect(got1 == [1])
          _ = try await replies.next()
        }
      }
      #expect(error?.code == .unavailable)
      #expect(error?.progress == .answered)
    }
  }

  @Test func `case 4: a refused call is made again at once, also when it is not idempotent`() async throws {
    let attempts = Counter()
    let script = RawProvider.onRequest { connection, stream in
      attempts.increase()
      connection.send(attempts.value == 1 ? Frames.reset(stream, 7) : Frames.reply(stream, [5]))
    }
    try await RawProvider.with(script) { endpoint in
      let got2 = try await endpoint.unary().message
      #expect(got2 == [5])
      #expect(attempts.value == 2)
    }
  }

  @Test func `case 4: a call refused twice fails as refused`() async throws {
    try await RawProvider.with(RawProvider.onRequest { $0.send(Frames.reset($1, 7)) }) { endpoint in
      let error = await failure { _ = try await endpoint.unary() }
      #expect(error?.code == .unavailable)
      #expect(error?.progress == .refused)
    }
  }

  @Test func `case 4: a GOAWAY that leaves the call out moves it to a new connection`() async throws {
    let script: RawConnection.Script = { connection, event in
      guard case .frame(let frame) = event, frame.kind == 1 else { return }
      // The first connection has served one call and then ends.
      if connection.number == 1, frame.stream == 3 { return connection.send(Frames.goAway(1)) }
      connection.send(Frames.reply(frame.stream, [UInt8(connection.number)]))
    }
    try await RawProvider.with(script) { endpoint in
      let got3 = try await endpoint.unary().message
      #expect(got3 == [1])
      let got4 = try await endpoint.unary().message
      #expect(got4 == [2])
    }
  }

  @Test func `case 5: after a GOAWAY, and a second one, running streams end well and calls go elsewhere`() async throws
  {
    let script: RawConnection.Script = { connection, event in
      if connection.number == 1, case .frame(let frame) = event, frame.kind == 0, frame.payload.last == 1 {
        connection.send(Frames.goAway(0x7FFF_FFFF) + Frames.goAway(1))
      }
      RawProvider.echo(connection, event)
    }
    try await RawProvider.with(script) { endpoint in
      _ = try await endpoint.bidirectional { requests, replies in
        try await requests.write([1])
        let got5 = try await replies.next()
        #expect(got5 == [1])
        for number in 2...20 as ClosedRange<UInt8> {
          let got6 = try await endpoint.unary([number]).message
          #expect(got6 == [number])
          try await requests.write([number])
          let got7 = try await replies.next()
          #expect(got7 == [number])
        }
        try await requests.finish()
        let got8 = try await replies.next()
        #expect(got8 == nil)
      }
    }
  }

  @Test func `case 6: a GOAWAY and then the end of the connection fail every open stream`() async throws {
    let script = RawProvider.onRequest { connection, stream in
      guard stream == 5 else { return }
      connection.send(Frames.goAway(5))
      connection.finish()
    }
    try await RawProvider.with(script) { endpoint in
      let codes = await withTaskGroup(of: StatusCode?.self) { group in
        for _ in 0..<3 { group.addTask { await failure { _ = try await endpoint.unary() }?.code } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(codes == [.unavailable, .unavailable, .unavailable])
    }
  }

  @Test func `case 7: a provider that goes away right after connecting is left alone for a while`() async throws {
    let connections = Counter()
    let script: RawConnection.Script = { connection, event in
      guard case .opened = event else { return }
      connections.increase()
      connection.send(Frames.goAway(0))
    }
    try await RawProvider.with(script) { endpoint in
      for _ in 0..<50 {
        let error = await failure { _ = try await endpoint.unary() }
        #expect(error?.code == .unavailable)
      }
      #expect(connections.value <= 3, "the second attempt comes after about a second")
    }
  }

  @Test func `case 10: a connection that went silent under a call is given up after its keepalive`() async throws {
    var settings = TripleSettings()
    settings.keepaliveInterval = .milliseconds(50)
    settings.keepaliveTimeout = .milliseconds(50)
    let pings = Counter()
    let script: RawConnection.Script = { connection, event in
      guard case .frame(let frame) = event else { return }
      if frame.kind == 4, frame.flags == 0 { connection.send(Frames.settingsAnswer) }
      if frame.kind == 6 { pings.increase() }
    }
    try await RawProvider.with(settings: settings, isPolite: false, script) { endpoint in
      let error = await failure { _ = try await endpoint.unary() }
      #expect(error?.code == .unavailable)
      #expect(error?.progress == .unknown)
      #expect(pings.value == 1)
    }
  }

  @Test func `case 11: a peer that accepts and says nothing is as good as one that refuses`() async throws {
    try await RawProvider.with(greeting: [], isPolite: false, { _, _ in }) { endpoint in
      let error = await failure { _ = try await endpoint.unary() }
      #expect(error?.code == .unavailable)
      #expect(error?.progress == .notSent)
    }
  }

  @Test func `case 13: a connection that the peer closed while it was idle costs the next call nothing`() async throws {
    let script: RawConnection.Script = { connection, event in
      guard case .frame(let frame) = event else { return }
      if frame.kind == 1 { connection.send(Frames.reply(frame.stream, [UInt8(connection.number)])) }
      // The client has read the answer when it answers this ping, and is idle.
      if frame.kind == 1 { connection.send(Frames.ping()) }
      if frame.kind == 6, frame.flags == 1 { connection.finish() }
    }
    try await RawProvider.with(script) { endpoint in
      for number in 1...5 as ClosedRange<UInt8> {
        let got9 = try await endpoint.unary().message
        #expect(got9 == [number])
        while endpoint.availability == .ready { await Task.yield() }
      }
    }
  }

  @Test func `case 16: a connection whose stream numbers end is replaced, and no call fails`() async throws {
    var settings = TripleSettings()
    settings.client.http2.lastStreamID = 5
    let script = RawProvider.onRequest { $0.send(Frames.reply($1, [UInt8($0.number)])) }
    try await RawProvider.with(settings: settings, script) { endpoint in
      let used = try await withThrowingTaskGroup(of: UInt8.self) { group in
        for _ in 0..<30 { group.addTask { try await endpoint.unary().message.first ?? 0 } }
        return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
      }
      #expect(used == Dictionary(uniqueKeysWithValues: (1...10).map { (UInt8($0), 3) }))
    }
  }
}

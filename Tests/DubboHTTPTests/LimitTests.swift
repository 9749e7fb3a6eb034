import DubboCore
import DubboHTTP
import TestDoubles
import Testing

/// What a hostile peer meets, and that an honest busy one does not.
@Suite struct LimitTests {
  // MARK: Resets

  @Test func `a client that resets its streams right after opening them is told to calm down`() throws {
    let peer = try RawPeer(.server)
    var opened: UInt32 = 0
    while peer.end == nil, opened < 5_000 {
      let stream = opened * 2 + 1
      peer.send(Frames.request(stream, end: false) + Frames.reset(stream))
      opened += 1
    }
    #expect(peer.end == .enhanceYourCalm)
    #expect(opened <= 600)
    #expect(Frames.read(peer.side.sent).last?.kind == 7)
    #expect(peer.session.isFinished)
  }

  @Test func `a client that cancels a third of its calls is never cut off`() throws {
    let peer = try RawPeer(.server)
    for call in 0..<20_000 {
      let stream = UInt32(call) * 2 + 1
      peer.send(Frames.request(stream))
      if call % 3 == 0 {
        peer.send(Frames.reset(stream))
      } else {
        try #require(peer.side.streams.last).respond(grpcHeaders, body: [1], trailers: grpcOK)
        peer.flush()
      }
      peer.side.streams = []
      peer.side.log = []
      peer.side.sent = []
      if call % 10 == 0 { peer.pass(.milliseconds(1)) }
    }
    #expect(peer.end == nil)
    #expect(peer.session.liveStreams == 0)
  }

  @Test func `resets after the answer, or at the deadline, do not count`() throws {
    let peer = try RawPeer(.server)
    for call in 0..<3_000 {
      let stream = UInt32(call) * 2 + 1
      peer.send(Frames.request(stream, end: false))
      let served = try #require(peer.side.streams.last)
      if call % 2 == 0 {
        try served.respond(grpcHeaders, body: [1], trailers: grpcOK)
        // The reset crosses the answer on the way.
        _ = peer.flush()
        peer.send(Frames.reset(stream))
      } else {
        // The client's clock began earlier than ours.
        served.resetExpectedFrom = peer.now.advanced(by: .milliseconds(20))
        peer.pass(.milliseconds(19))
        peer.send(Frames.reset(stream))
      }
    }
    #expect(peer.end == nil)
  }

  @Test func `a short deadline is no excuse for resetting at once`() throws {
    let peer = try RawPeer(.server)
    for call in 0..<1_000 where peer.end == nil {
      peer.send(Frames.request(UInt32(call) * 2 + 1))
      try #require(peer.side.streams.last).resetExpectedFrom = peer.now.advanced(by: .milliseconds(20))
      peer.send(Frames.reset(UInt32(call) * 2 + 1))
    }
    #expect(peer.end == .enhanceYourCalm)
  }

  @Test func `a client that calls no more while it cancels its last calls is not cut off`() throws {
    var settings = HTTP2Settings()
    settings.maxConcurrentStreams = 1_000
    let peer = try RawPeer(.server, settings: settings)
    // The count of opened streams is halved at the thousandth, when a third is still open.
    for call in 0..<1_000 {
      peer.send(Frames.request(UInt32(call) * 2 + 1))
      guard call % 3 != 0 else { continue }
      try #require(peer.side.streams.last).respond(grpcHeaders, body: [1], trailers: grpcOK)
      peer.flush()
    }
    #expect(peer.session.liveStreams == 334)
    for call in stride(from: 0, to: 1_000, by: 3) { peer.send(Frames.reset(UInt32(call) * 2 + 1)) }
    #expect(peer.session.counters.earlyResets == 334)
    #expect(peer.end == nil)
  }

  @Test func `a client that opens many streams first and resets them all then is cut off`() throws {
    var settings = HTTP2Settings()
    settings.maxConcurrentStreams = 5_000
    let peer = try RawPeer(.server, settings: settings)
    for call in 0..<3_000 { peer.send(Frames.request(UInt32(call) * 2 + 1, end: false)) }
    for call in 0..<3_000 where peer.end == nil { peer.send(Frames.reset(UInt32(call) * 2 + 1)) }
    #expect(peer.end == .enhanceYourCalm)
  }

  @Test func `a server may reset every call, and send an empty frame before its trailers`() throws {
    let peer = try RawPeer(.client)
    let head = RequestHead(authority: Array("h".utf8), path: Array("/p".utf8))
    for call in 0..<5_000 {
      try peer.session.request(head, stream: RecordingStream(), body: .none)
      peer.flush()
      let stream = UInt32(call) * 2 + 1
      peer.send(
        call % 2 == 0
          ? Frames.reset(stream, 7)
          : Frames.headers(stream, [0x88]) + Frames.data(stream, [])
            + Frames.headers(stream, Frames.field("grpc-status", "0"), end: true))
    }
    #expect(peer.end == nil)
    #expect(peer.session.liveStreams == 0)
  }

  @Test func `resets of streams that lived for a while do not count`() throws {
    let peer = try RawPeer(.server)
    for batch in 0..<20 {
      let streams = (0..<100).map { UInt32(batch * 100 + $0) * 2 + 1 }
      peer.send(streams.flatMap { Frames.request($0) })
      peer.pass(.seconds(2))
      peer.send(streams.flatMap { Frames.reset($0) })
    }
    #expect(peer.end == nil)
  }

  @Test func `a peer that makes us reset its streams is told to calm down`() throws {
    let peer = try RawPeer(.server)
    var opened: UInt32 = 0
    while peer.end == nil, opened < 2_000 {
      let stream = opened * 2 + 1
      // A window increment beyond 2^31-1 is an error of the stream.
      peer.send(Frames.request(stream, end: false) + Frames.window(stream, 0x7FFF_FFFF))
      opened += 1
    }
    // Some releases end the connection at the first.
    #expect(peer.end == .enhanceYourCalm || peer.end == .flowControlError)
    #expect(opened <= 250)
  }

  @Test func `a few streams that break the protocol do not end the connection`() throws {
    let peer = try RawPeer(.server)
    for call in 0..<1_000 {
      peer.send(Frames.request(UInt32(call) * 2 + 1, Frames.field("Upper", "x")))
      if peer.end != nil { break }
      peer.pass(.milliseconds(200))
    }
    #expect(peer.end == nil || peer.end == .protocolError)
  }

  @Test func `handlers that outlive their streams count against the limit of streams`() throws {
    var settings = HTTP2Settings()
    settings.maxConcurrentStreams = 2
    let peer = try RawPeer(.server, settings: settings)
    for stream in [1, 3] as [UInt32] {
      peer.send(Frames.request(stream))
      try #require(peer.side.streams.last).holdSlot()
      peer.send(Frames.reset(stream))
    }
    #expect(peer.session.liveStreams == 0)
    let refused = peer.send(Frames.request(5))
    #expect(refused == [.init(kind: 3, flags: 0, stream: 5, payload: Frames.word(7))])
    peer.side.streams.first?.releaseSlot()
    peer.side.streams.first?.releaseSlot()
    peer.send(Frames.request(7))
    #expect(peer.side.streams.count == 3)
    #expect(peer.end == nil)
  }

  // MARK: Frames that carry nothing

  private func flood(_ frame: [UInt8], upTo count: Int = 20_000, on peer: RawPeer) -> Int {
    var sent = 0
    while peer.end == nil, sent < count {
      peer.send(frame)
      sent += 1
    }
    return sent
  }

  @Test(arguments: [
    (Frames.settings(), 110), (Frames.ping(), 25), (Frames.window(0, 1), 2_010), (Frames.priority(9), 2_010),
    (Frames.frame(0x77, stream: 0, [1]), 2_010), (Frames.data(1, []), 15), (Frames.data(1, [7]), 6_500),
  ])
  func `a flood of one kind of frame ends the connection`(_ frame: [UInt8], _ most: Int) throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1, end: false))
    let sent = flood(frame, on: peer)
    #expect(peer.end == .enhanceYourCalm)
    #expect(sent <= most)
    peer.session.close()
    peer.side.drain()
    #expect(peer.side.streams.first?.closedWith == .enhanceYourCalm)
  }

  @Test func `pings that measure bandwidth beside data are welcome`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1) + Frames.window(0, 0x3FFF_FFFF) + Frames.window(1, 0x3FFF_FFFF))
    let served = try #require(peer.side.streams.first)
    try served.respond(grpcHeaders)
    for _ in 0..<5_000 {
      _ = served.sendBody([UInt8](repeating: 1, count: 100))
      peer.flush()
      #expect(peer.send(Frames.ping()).map(\.kind) == [6])
    }
    #expect(peer.end == nil)
  }

  @Test func `a keepalive ping each second on an idle connection is welcome`() throws {
    let peer = try RawPeer(.server)
    for _ in 0..<1_000 {
      peer.pass(.seconds(1))
      peer.send(Frames.ping())
    }
    #expect(peer.end == nil)
  }

  @Test func `window updates for the data that we send are welcome`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1))
    let served = try #require(peer.side.streams.first)
    try served.respond(grpcHeaders)
    for _ in 0..<10_000 {
      _ = served.sendBody([1, 2, 3, 4, 5])
      peer.flush()
      peer.send(Frames.window(0, 5) + Frames.window(1, 5))
    }
    #expect(peer.end == nil)
  }

  @Test func `small messages, each in its frame, are welcome`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1, end: false))
    for _ in 0..<50_000 { peer.side.receive(Frames.data(1, [0, 0, 0, 0, 0]), now: peer.now) }
    #expect(peer.end == nil)
    #expect(peer.side.streams.first?.body.count == 250_000)
  }

  @Test func `a peer that causes answers and never reads them is cut off`() throws {
    var limits = HTTP2Limits()
    limits.pings = .init(burst: 1_000_000, perSecond: 1_000_000)
    limits.settingsFrames = .init(burst: 1_000_000, perSecond: 1_000_000)
    limits.provokedResets = .init(burst: 1_000_000, perSecond: 1_000_000)
    for frame in [Frames.ping(), Frames.settings()] {
      let peer = try RawPeer(.server, limits: limits)
      var sent = 0
      while peer.end == nil, sent < 10_000 {
        peer.side.receive(frame, now: peer.now)
        sent += 1
      }
      #expect(peer.end == .enhanceYourCalm)
      #expect(sent < 1_100)
    }
    let peer = try RawPeer(.server, limits: limits)
    var opened: UInt32 = 0
    while peer.end == nil, opened < 5_000 {
      peer.side.receive(Frames.request(opened * 2 + 1, Frames.field("Upper", "x")), now: peer.now)
      opened += 1
    }
    // What waits has a bound, and the end is told when it can leave.
    #expect(peer.flush().count < 3_500)
    #expect(peer.end != nil)
  }

  // MARK: Time

  @Test func `a peer that says nothing is not waited for`() throws {
    let peer = try RawPeer(.server, greets: false)
    #expect(peer.session.nextDeadline == peer.now.advanced(by: .seconds(10)))
    peer.send(Array(Frames.preface.prefix(16)))
    peer.pass(.milliseconds(9_999))
    #expect(peer.end == nil)
    peer.pass(.milliseconds(1))
    #expect(peer.end == .settingsTimeout)
    #expect(peer.flush().last?.kind == 7)
    #expect(peer.session.isFinished)
  }

  @Test func `a peer that never acknowledges our settings is cut off`() throws {
    let peer = try RawPeer(.server, greets: false)
    peer.send(Frames.preface + Frames.settings())
    peer.pass(.seconds(10))
    #expect(peer.end == .settingsTimeout)
  }

  @Test func `a header block has a time to be complete`() throws {
    let peer = try RawPeer(.server)
    #expect(peer.session.nextDeadline == .distantFuture)
    peer.send(Frames.headers(1, Frames.requestBlock, complete: false))
    #expect(peer.session.nextDeadline == peer.now.advanced(by: .seconds(5)))
    peer.pass(.seconds(4))
    peer.send(Frames.continuation(1, [], complete: false))
    peer.pass(.seconds(1))
    #expect(peer.end == .enhanceYourCalm)

    let other = try RawPeer(.server)
    other.send(Array(Frames.request(1).prefix(20)))
    other.pass(.seconds(5))
    #expect(other.end == .enhanceYourCalm)
  }

  @Test func `a header block that is complete or refused leaves no timer`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1))
    #expect(peer.session.nextDeadline == .distantFuture)
    peer.send(Frames.request(3, Frames.field("Upper", "x")))
    if peer.end == nil { #expect(peer.session.nextDeadline == .distantFuture) }
  }

  @Test func `a stream whose peer reads nothing is reset after a time, one that moves is not`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.settings((4, 10)) + Frames.request(1) + Frames.request(3))
    for stream in peer.side.streams {
      try stream.respond(grpcHeaders, body: .init(repeating: 1, count: 1_000), trailers: grpcOK)
    }
    peer.flush()
    #expect(peer.session.nextDeadline == peer.now.advanced(by: .seconds(300)))
    // The first look only remembers; each later one compares.
    for _ in 0..<10 {
      peer.pass(.seconds(300))
      peer.send(Frames.window(3, 1))
    }
    #expect(peer.side.streams[0].closedWith == .cancel)
    #expect(peer.side.streams[0].resetReason == .stalled)
    #expect(peer.side.streams[1].isLive)
    #expect(peer.session.counters.stalled == 1)
    peer.send(Frames.window(3, 1_000))
    #expect(peer.side.streams[1].closedWith == .noError)
    peer.pass(.seconds(300))
    #expect(peer.session.nextDeadline == .distantFuture)
  }

  @Test func `the counters tell resets by their cause`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1) + Frames.reset(1))
    peer.send(Frames.request(3))
    peer.side.streams.last?.reset(.internalError)
    peer.flush()
    peer.send(Frames.request(5, Frames.field("x", String(repeating: "a", count: 17_000 / 2)), end: false))
    let large = (0..<150).flatMap { Frames.field("name-\($0)", String(repeating: "v", count: 90)) }
    peer.send(Frames.request(7, large))
    let counters = peer.session.counters
    #expect(counters.opened == 4)
    #expect(counters.resetsReceived == 1)
    #expect(counters.earlyResets == 1)
    #expect(counters.resetsSent == 2)
    #expect(counters.provokedResets == 1)
    #expect(counters.oversizeHeaderLists == 1)
  }

  @Test func `bytes that are no HTTP2 preface end the connection with a reason`() throws {
    let peer = try RawPeer(.server, greets: false)
    let answer = peer.send(Array("GET / HTTP/1.1\r\nhost: x\r\n\r\n".utf8))
    #expect(peer.end == .protocolError)
    #expect(peer.session.failure?.origin == .peer)
    #expect(answer.last?.kind == 7)
    #expect(peer.session.isFinished)
  }
}

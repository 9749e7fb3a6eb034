import DubboCore
import DubboHTTP
import TestDoubles
import Testing

@Suite struct MemoryBoundTests {
  /// What a session holds for its streams.
  func held(_ session: HTTP2Session) -> Int {
    session.unreadBytes + session.queuedBytes
      + session.openStreams.reduce(0) { $0 + $1.headerBlock.count + $1.trailerBlock.count }
  }

  @Test(arguments: [0, 300, 5_000])
  func `a peer that sends all it may and reads nothing stays within the bound`(_ message: Int) throws {
    var limits = HTTP2Limits()
    limits.maxHeaderListSize = 2_000
    limits.maxUnreadBytes = 30_000
    limits.crowdedBytes = 10_000
    limits.maxQueuedBytes = 40_000
    limits.highWaterMark = 4_000
    var settings = HTTP2Settings()
    settings.maxConcurrentStreams = 40
    settings.streamWindow = 20_000
    settings.connectionWindow = 65_535
    let peer = try RawPeer(.server, limits: limits, settings: settings)
    peer.side.consumes = false
    peer.send(Frames.settings((4, 0)))
    let bound = limits.memoryBound(settings, largestMessage: max(message, 1))
    var most = 0
    var window = 65_535
    func send(_ bytes: [UInt8]) {
      for frame in peer.send(bytes) where frame.kind == 8 && frame.stream == 0 { window += Int(frame.code) }
    }
    // As many requests as are allowed, each with all the headers, all the body and as many answers as go.
    for index in 0..<40 {
      let stream = UInt32(2 * index + 1)
      send(Frames.request(stream, Frames.field("x-pad", String(repeating: "p", count: 1_700)), end: false))
      for _ in 0..<3 where window >= 6_000 {
        window -= 6_000
        send(Frames.data(stream, [UInt8](repeating: 1, count: 6_000)))
      }
      if !peer.session.isOverQueued, let served = peer.side.streams.last, served.id == stream {
        try served.respond(grpcHeaders)
        while served.sendBody([UInt8](repeating: 2, count: max(message, 1))) == .sent {}
      }
      most = max(most, held(peer.session))
    }
    #expect(peer.end == nil)
    #expect(most <= bound)
    #expect(most * 4 > bound, "\(most) of \(bound): a bound that nothing comes near says nothing")
  }
}

import DubboCore
import DubboHTTP
import TestDoubles
import Testing

/// Answers that a peer does not read: what one connection queues has a bound, and whoever can send goes on.
@Suite struct CrowdTests {
  static var limits: HTTP2Limits {
    var limits = HTTP2Limits()
    limits.crowdedBytes = 10_000
    limits.maxQueuedBytes = 40_000
    limits.highWaterMark = 4_000
    limits.lowWaterMark = 1_000
    return limits
  }

  /// A server whose peer has opened `count` streams with a window of `window` bytes each.
  func server(streams count: Int, window: UInt32, _ limits: HTTP2Limits = Self.limits) throws -> RawPeer {
    let peer = try RawPeer(.server, limits: limits)
    peer.send(Frames.settings((4, window)) + Frames.window(0, 10_000_000))
    for index in 0..<count { peer.send(Frames.request(UInt32(2 * index + 1))) }
    for stream in peer.side.streams { try stream.respond(grpcHeaders) }
    return peer
  }

  @Test func `streams that nobody reads share one bound and one message each`() throws {
    let peer = try server(streams: 100, window: 0)
    let message = [UInt8](repeating: 1, count: 100)
    for stream in peer.side.streams {
      var sent = 0
      while stream.sendBody(message) == .sent { sent += 1 }
      #expect(stream.queuedBytes > 0)
    }
    // Two streams and a half fill the common part up to their own marks; of the others each has one message.
    #expect(peer.session.queuedBytes <= 10_000 + 100 * 100)
    #expect(!peer.session.isOverQueued)
  }

  @Test func `a stream whose peer reads goes on beside a crowd that nobody reads`() throws {
    let peer = try server(streams: 20, window: 0)
    let crowd = peer.side.streams.dropLast()
    for stream in crowd { while stream.sendBody([UInt8](repeating: 1, count: 1_000)) == .sent {} }
    let reader = try #require(peer.side.streams.last)
    peer.send(Frames.window(UInt32(reader.id), 1_000_000))
    for _ in 0..<50 {
      #expect(reader.sendBody([UInt8](repeating: 2, count: 1_000)) == .sentAndFull)
      let data = peer.flush().filter { $0.kind == 0 }
      #expect(data.map(\.stream) == [UInt32(reader.id)])
      #expect(reader.log.last == "drained")
    }
  }

  @Test func `a writer in a crowd is woken once its message has left, and not by a part of it`() throws {
    let peer = try server(streams: 20, window: 0)
    for stream in peer.side.streams { while stream.sendBody([UInt8](repeating: 1, count: 1_000)) == .sent {} }
    let writer = try #require(peer.side.streams.last)
    #expect(writer.queuedBytes == 1_000)
    peer.send(Frames.window(UInt32(writer.id), 999))
    #expect(writer.queuedBytes == 1)
    #expect(!writer.log.contains("drained"))
    peer.send(Frames.window(UInt32(writer.id), 1))
    #expect(writer.log.last == "drained")
  }

  @Test func `a crowd that stands still is reset sooner than one slow stream`() throws {
    let one = try server(streams: 1, window: 0)
    _ = one.side.streams.first?.sendBody([1])
    one.flush()
    for _ in 0..<4 { one.pass(.seconds(30)) }
    #expect(one.session.counters.stalled == 0)
    let crowd = try server(streams: 20, window: 0)
    for stream in crowd.side.streams { while stream.sendBody([UInt8](repeating: 1, count: 1_000)) == .sent {} }
    crowd.flush()
    for _ in 0..<4 { crowd.pass(.seconds(30)) }
    #expect(crowd.session.counters.stalled == 20)
    crowd.flush()
    #expect(crowd.session.queuedBytes == 0)
  }

  @Test func `whole answers beyond the bound are told, and no longer once they have left`() throws {
    let peer = try RawPeer(.server, limits: Self.limits)
    peer.send(Frames.settings((4, 0)) + Frames.window(0, 10_000_000) + Frames.request(1) + Frames.request(3))
    let body = [UInt8](repeating: 1, count: 30_000)
    for stream in peer.side.streams { try stream.respond(grpcHeaders, body: body, trailers: grpcOK) }
    peer.flush()
    #expect(peer.session.isOverQueued)
    peer.send(Frames.window(1, 30_000))
    #expect(!peer.session.isOverQueued)
  }
}

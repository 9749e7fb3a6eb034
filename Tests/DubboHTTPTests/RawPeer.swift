import DubboCore
import DubboHTTP
import TestDoubles

/// A session with a hand-written peer.
final class RawPeer {
  let side: Side
  var now = MonotonicInstant(nanoseconds: 1_000_000_000)

  /// With `greets` the peer has sent its preface and SETTINGS and acknowledged ours.
  init(_ role: HTTP2Role, limits: HTTP2Limits = .init(), settings: HTTP2Settings = .init(), greets: Bool = true) throws
  {
    side = try Side(role, settings, limits, now: now)
    _ = side.takeAll()
    if greets { send((role == .server ? Frames.preface : []) + Frames.settings() + Frames.settingsAnswer) }
  }

  var session: HTTP2Session { side.session }

  /// Sends bytes as one read, and returns the frames that come back at once.
  @discardableResult
  func send(_ bytes: [UInt8]) -> [Frames.Frame] {
    side.receive(bytes, now: now)
    return flush()
  }

  @discardableResult
  func flush() -> [Frames.Frame] {
    Frames.read(side.takeAll())
  }

  func pass(_ duration: Duration) {
    now = now.advanced(by: duration)
    session.check(now: now)
    side.drain()
  }

  /// How the session ended, if it did.
  var end: HTTP2ErrorCode? { session.failure?.code }
}

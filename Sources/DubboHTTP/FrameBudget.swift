internal import DubboCore

/// Counts what a peer sends that carries nothing, against what it sends that does.
final class FrameBudget {
  private var settings: TokenBucket
  private var pings: TokenBucket
  private var overhead: TokenBucket
  private var tinyData: TokenBucket
  private var provoked: TokenBucket
  private var emptyData = 0
  private let maxEmptyData: Int
  /// The streams that the peer opened and those of them that it reset early, in parts of a stream.
  private var opened = 0
  private var early = 0
  /// How often both were halved.
  private(set) var halvings: UInt32 = 0
  private let resetSample: Int
  private let maxEarlyPercent: Int

  init(_ limits: HTTP2Limits, now: MonotonicInstant) {
    settings = TokenBucket(limits.settingsFrames, now: now)
    pings = TokenBucket(limits.pings, now: now)
    overhead = TokenBucket(limits.overheadFrames, now: now)
    tinyData = TokenBucket(limits.tinyDataCredit, now: now)
    provoked = TokenBucket(limits.provokedResets, now: now)
    maxEmptyData = limits.maxEmptyDataFrames
    resetSample = max(1, limits.resetSample) * Self.stream
    maxEarlyPercent = min(limits.maxEarlyResetPercent, 100)
  }

  /// The parts of a stream that was just opened: how far back a reset still weighs anything.
  private static var stream: Int { 1_024 }

  /// The size below which a DATA frame is not worth its header: a gRPC prefix.
  private static var worthwhile: Int { 5 }

  /// Counts a frame; a sentence when it is one too many.
  func frame(_ kind: FrameKind, length: Int, isAnswer: Bool, endStream: Bool, now: MonotonicInstant) -> String? {
    switch kind {
    case .headers:
      // A peer that puts an empty frame before its trailers has still said something.
      emptyData = 0
      return nil
    case .continuation, .push, .goAway:
      return nil
    case .data:
      return dataFrame(length, endStream: endStream, now)
    case .settings:
      return isAnswer || settings.take(now: now) ? nil : "too many SETTINGS frames"
    case .ping:
      return isAnswer || pings.take(now: now) ? nil : "too many pings"
    case .windowUpdate, .priority, .reset, .other:
      return overhead.take(now: now) ? nil : "too many frames that carry no data (\(kind))"
    }
  }

  private func dataFrame(_ length: Int, endStream: Bool, _ now: MonotonicInstant) -> String? {
    if length >= Self.worthwhile || endStream {
      emptyData = 0
      overhead.earn(2)
      return nil
    }
    if length == 0 {
      emptyData += 1
      if emptyData > maxEmptyData { return "too many empty DATA frames" }
    } else {
      emptyData = 0
    }
    return tinyData.take(Self.worthwhile - length, now: now) ? nil : "too many tiny DATA frames"
  }

  func requestArrived() {
    overhead.earn(100)
    opened += Self.stream
    // Half of the past is forgotten, so that a change in behaviour shows within one sample.
    if opened >= 2 * resetSample {
      opened /= 2
      early /= 2
      halvings &+= 1
    }
  }

  /// Headers or data of ours have left: the peer may answer them with pings, window updates and resets.
  func messageLeft() {
    pings.fill()
    overhead.earn(10)
  }

  /// Counts an early reset by the peer of a stream that it opened when there had been `halvings`; true when they are more
  /// than the limit's share. It weighs what its stream still weighs among the opened ones: otherwise a client that calls
  /// no more while it cancels its last calls would seem to reset more than it opened.
  func earlyReset(openedAfter halvings: UInt32) -> Bool {
    early += Self.stream >> (self.halvings &- halvings)
    return opened >= resetSample && early * 100 > opened * maxEarlyPercent
  }

  /// Counts a reset that the peer provoked; false when it is one too many.
  func provokedReset(_ reason: HTTP2Stream.ResetReason?, _ now: MonotonicInstant) -> Bool {
    // A list that is refused has to be decoded to its end, which may be thousands of fields further.
    provoked.take(reason == .headerListTooLarge ? 8 : 1, now: now)
  }
}

extension HTTP2Session {
  func frameBegan(_ kind: FrameKind, length: Int, flags: UInt8) {
    if kind == .headers || kind == .continuation, role == .server { timers.headersBegan(now) }
    // The flag 0x1 is ACK on SETTINGS and PING, END_STREAM on DATA.
    let flag = flags & 1 != 0
    if let excess = budget.frame(kind, length: length, isAnswer: flag, endStream: flag, now: now) {
      violate(.enhanceYourCalm, excess)
    }
  }
}

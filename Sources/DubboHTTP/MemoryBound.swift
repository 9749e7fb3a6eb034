extension HTTP2Limits {
  /// The most that one connection can make this side hold for its streams, in bytes: what the documentation's page on
  /// limits spells out; `Int.max` when that is more than an `Int` can say. `largestMessage` is the largest that a method
  /// or a caller writes at a time.
  ///
  /// Not in it: the library's own tables (about 25 KiB), 128 KiB of output on its way to the socket, and what lies
  /// outside of the engine, such as the messages that are being put together.
  public func memoryBound(_ settings: HTTP2Settings, largestMessage: Int) -> Int {
    let streams = Int128(settings.maxConcurrentStreams)
    let headers = streams * 2 * Int128(maxHeaderListSize)
    // Credit is held back above `maxUnreadBytes`; by then a window of it may be under way, and one more on its way back.
    let unread = min(
      Int128(maxUnreadBytes) + 2 * Int128(settings.connectionWindow), streams * Int128(settings.streamWindow))
    // Below the bounds each queue may still take one message, and a call that is begun its answer.
    let queued = Int128(maxQueuedBytes) + Int128(highWaterMark) + streams * (Int128(largestMessage) + 5)
    return Int(clamping: headers + unread + queued)
  }
}

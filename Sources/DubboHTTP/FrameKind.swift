/// The frame types of RFC 9113, section 6.
enum FrameKind: UInt8 {
  case data = 0
  case headers = 1
  case priority = 2
  case reset = 3
  case settings = 4
  case push = 5
  case ping = 6
  case goAway = 7
  case windowUpdate = 8
  case continuation = 9
  case other = 255
}

/// Where a header block stands in its stream.
enum HeaderCategory {
  case request
  /// The first block of a response: final, or informational.
  case response
  /// Any block after the first: trailers, or the final headers after an informational block.
  case later
}

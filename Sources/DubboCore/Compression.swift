/// A way to make messages smaller on the wire, known to peers by a name: the token of `grpc-encoding` (gRPC over HTTP/2,
/// Message-Encoding).
///
/// Called by any number of tasks at the same time.
public protocol Compression: Sendable {
  /// `message`, smaller if it can be. An error here sends the message as it is.
  func compress(_ message: [UInt8]) throws -> [UInt8]

  /// What `compress` was given.
  ///
  /// Stops with `CompressionError.tooLarge` as soon as more than `limit` bytes come out, and must not take memory for more
  /// before: a peer's few bytes may stand for gigabytes.
  func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8]
}

/// Why bytes could not be decompressed.
public enum CompressionError: Error, Hashable, CustomStringConvertible {
  /// More than the limit comes out.
  case tooLarge
  /// They are not what the compression makes, or not all of it.
  case malformed(String)

  public var description: String {
    switch self {
    case .tooLarge: "it is larger than the limit when it is decompressed"
    case .malformed(let why): why
    }
  }
}

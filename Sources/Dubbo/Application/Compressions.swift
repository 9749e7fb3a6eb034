public import DubboCore
internal import DubboTriple

/// The extension point of compressions; the name is the token of `grpc-encoding`, and what `compressor` says at a service
/// or a reference.
public enum Compressions: ExtensionPoint {
  public typealias Factory = @Sendable () throws -> any Compression
  public static let name = "compression"
}

extension ExtensionCatalog {
  /// `gzip` and `deflate`.
  mutating func registerBuiltInCompressions() {
    register("gzip", for: Compressions.self) { ZlibCompression(.gzip) }
    register("deflate", for: Compressions.self) { ZlibCompression(.deflate) }
  }

  /// One of each, for a protocol.
  func compressions() throws -> [String: any Compression] {
    var made: [String: any Compression] = [:]
    for name in names(for: Compressions.self) { made[name] = try factory(name, for: Compressions.self)() }
    return made
  }

  /// Throws the error that lists the known ones when `url` names a compressor that there is not.
  func checkCompressor(of url: DubboURL) throws {
    if let name = url.compressor { _ = try factory(name, for: Compressions.self) }
  }
}

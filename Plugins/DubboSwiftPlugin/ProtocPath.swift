import Foundation
import PackagePlugin

/// Where the protobuf compiler is, and the .proto files that come with it.
enum ProtocPath {
  struct NotFound: Error, CustomStringConvertible {
    let description: String
  }

  /// The configured one, that of `PROTOC_PATH`, or the first in `PATH` and in the places where package managers put it.
  static func find(_ configured: String?) throws -> URL {
    let environment = ProcessInfo.processInfo.environment
    for named in [configured, environment["PROTOC_PATH"]] {
      guard let named else { continue }
      guard FileManager.default.isExecutableFile(atPath: named) else {
        throw NotFound(description: "\(named), given as protoc, is no program")
      }
      return URL(filePath: named)
    }
    let folders =
      (environment["PATH"] ?? "").split(separator: ":").map(String.init)
      + ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    for folder in folders where FileManager.default.isExecutableFile(atPath: folder + "/protoc") {
      return URL(filePath: folder + "/protoc")
    }
    throw NotFound(
      description: "protoc is missing: apt-get install protobuf-compiler, brew install protobuf, or set PROTOC_PATH")
  }

  /// Folders with google/protobuf/timestamp.proto and its like: beside protoc, or where Debian's package puts them.
  static func includes(of protoc: URL) -> [URL] {
    let beside = protoc.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
    return [beside.appending(component: "include"), URL(filePath: "/usr/include")].filter {
      FileManager.default.fileExists(atPath: $0.appending(path: "google/protobuf/descriptor.proto").path)
    }
  }
}

import Foundation
import PackagePlugin

/// The file `dubbo-swift.json` of a target. All of it may be left out.
///
/// ```json
/// { "visibility": "Public", "messageNames": "Full", "importPaths": ["../../Protos"], "protocPath": "/opt/bin/protoc" }
/// ```
struct Configuration: Codable {
  /// `Internal` (the default), `Package` or `Public`.
  var visibility: String?
  /// `Bare` (the default): a message is called what the .proto calls it. `Full`: with its package before it.
  var messageNames: String?
  /// Further folders that imports are looked for in, as paths from the target's folder.
  var importPaths: [String] = []
  /// protoc, if it is neither in `PROTOC_PATH` nor in a usual place.
  var protocPath: String?

  var isFromFile = false

  enum CodingKeys: CodingKey { case visibility, messageNames, importPaths, protocPath }

  init() {}

  init(contentsOf file: URL) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    self = try JSONDecoder().decode(Configuration.self, from: Data(contentsOf: file))
    isFromFile = true
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    visibility = try container.decodeIfPresent(String.self, forKey: .visibility)
    messageNames = try container.decodeIfPresent(String.self, forKey: .messageNames)
    importPaths = try container.decodeIfPresent([String].self, forKey: .importPaths) ?? []
    protocPath = try container.decodeIfPresent(String.self, forKey: .protocPath)
  }

  /// The generator's options. File names are flat, for one Swift module cannot hold two files of one name.
  var options: String {
    var options = ["FileNaming=PathToUnderscores", "EmptyServiceFiles=true"]
    if let visibility { options.append("Visibility=\(visibility)") }
    if let messageNames { options.append("MessageNames=\(messageNames)") }
    return options.joined(separator: ",")
  }
}

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension DubboConfiguration {
  /// Reads a configuration file with the environment over it.
  ///
  /// - Parameters:
  ///   - path: the file; nil for the one that `DUBBO_CONFIG_PATH` names, else `application.yaml` or `application.yml`
  ///     in the current folder.
  ///   - environment: nil for that of the process.
  /// - Throws: `ConfigurationError` with everything that is wrong: the file cannot be read, is over 1 MiB, or says
  ///   what cannot be.
  public static func load(
    from path: String? = nil, environment: [String: String]? = nil
  ) throws(ConfigurationError) -> DubboConfiguration {
    let environment = environment ?? ProcessInfo.processInfo.environment
    let file = try ConfigurationFile(path, environment: environment)
    let bytes = try file.read()
    var configuration = try DubboConfiguration(bytes: bytes, file: file.path, environment: environment)
    configuration.origin = ConfigurationOrigin(path: file.path, environment: environment, bytes: bytes)
    return configuration
  }
}

/// Which file is the configuration, and its bytes.
struct ConfigurationFile: Sendable {
  let path: String

  static let pathVariable = "DUBBO_CONFIG_PATH"
  private static let defaultNames = ["application.yaml", "application.yml"]
  /// Above what is parsed, so that the parser says how much is too much.
  private static let largest = 16 << 20

  init(_ path: String?, environment: [String: String]) throws(ConfigurationError) {
    if let path {
      self.path = path
    } else if let path = environment[Self.pathVariable], !path.isEmpty {
      self.path = path
    } else if let name = Self.defaultNames.first(where: { FileManager.default.fileExists(atPath: $0) }) {
      self.path = name
    } else {
      throw Self.failure(
        Self.defaultNames[0],
        "there is no such file in \(FileManager.default.currentDirectoryPath), "
          + "and \(Self.pathVariable) names no other")
    }
  }

  func read() throws(ConfigurationError) -> [UInt8] {
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: resolved)
      guard attributes[.type] as? FileAttributeType == .typeRegular else {
        throw Self.failure(path, "it is no file but a folder or a device")
      }
      if let size = attributes[.size] as? UInt64, size > Self.largest {
        throw Self.failure(path, "it has \(size) bytes; a configuration is far smaller")
      }
      return Array(try Data(contentsOf: URL(filePath: resolved)))
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw Self.failure(path, Self.reason(error))
    }
  }

  /// Where the links lead: in containers the file is often one.
  private var resolved: String {
    URL(filePath: path).resolvingSymlinksInPath().path
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file"
    case .fileReadNoPermission: "it may not be read by this user"
    default: "it cannot be read: \(error)"
    }
  }

  private static func failure(_ path: String, _ message: String) -> ConfigurationError {
    ConfigurationError(problems: [ConfigurationProblem(.error, source: path, message)])
  }
}

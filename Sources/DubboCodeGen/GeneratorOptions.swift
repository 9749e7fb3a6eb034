/// The `key=value` pairs behind `--dubbo-swift_opt`.
public struct GeneratorOptions: Sendable {
  public enum Visibility: String, CaseIterable, Sendable {
    case `internal` = "Internal"
    case `package` = "Package"
    case `public` = "Public"
  }

  public enum FileNaming: String, CaseIterable, Sendable {
    case fullPath = "FullPath"
    case pathToUnderscores = "PathToUnderscores"
    case dropPath = "DropPath"
  }

  public enum MessageNames: String, CaseIterable, Sendable {
    case bare = "Bare"
    case full = "Full"
  }

  /// The access level of what is generated.
  public var visibility = Visibility.internal
  /// How an output file is named after its .proto.
  public var fileNaming = FileNaming.fullPath
  /// `Bare`: the name in the .proto. `Full`: the package before it, as SwiftProtobuf writes it.
  public var messageNames = MessageNames.bare
  /// Which module holds the code of a .proto that others import.
  public var moduleOfPath: [String: String] = [:]
  /// Whether services are generated.
  public var services = true
  /// Whether a .proto without a service gives a `.dubbo.swift` too, for build systems that must know files beforehand.
  public var emptyServiceFiles = false
  /// The module that stubs import for their runtime types.
  public var serviceModule = "Dubbo"
  /// The module that the output becomes part of. Only the runtime itself needs it.
  public var module: String?

  static let known = [
    "Visibility", "FileNaming", "ProtoPathModuleMappings", "MessageNames", "Services", "EmptyServiceFiles",
    "ServiceModule", "Module",
  ]

  public init() {}

  /// - Parameter readFile: the text of the file that `ProtoPathModuleMappings` names.
  public init(parsing parameter: String, readFile: (String) throws -> String) throws {
    for pair in parameter.split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let key = parts[0].trimmed
      let value = parts.count > 1 ? parts[1].trimmed : ""
      switch key {
      case "Visibility": visibility = try Self.choice(key, value)
      case "FileNaming": fileNaming = try Self.choice(key, value)
      case "MessageNames": messageNames = try Self.choice(key, value)
      case "Services": services = try Self.flag(key, value)
      case "EmptyServiceFiles": emptyServiceFiles = try Self.flag(key, value)
      case "ServiceModule": serviceModule = try Self.identifier(key, value)
      case "Module": module = try Self.identifier(key, value)
      case "ProtoPathModuleMappings": moduleOfPath = try ModuleMappings.parse(readFile(value))
      default:
        throw GeneratorError("unknown option '\(key)'; known are \(Self.known.joined(separator: ", "))")
      }
    }
  }

  private static func choice<T: RawRepresentable<String> & CaseIterable>(_ key: String, _ value: String) throws -> T {
    if let choice = T(rawValue: value) { return choice }
    let accepted = T.allCases.map(\.rawValue).joined(separator: ", ")
    throw GeneratorError("option \(key) is '\(value)'; accepted are \(accepted)")
  }

  private static func flag(_ key: String, _ value: String) throws -> Bool {
    switch value.lowercased() {
    case "true", "": true
    case "false": false
    default: throw GeneratorError("option \(key) is '\(value)'; accepted are true, false")
    }
  }

  private static func identifier(_ key: String, _ value: String) throws -> String {
    let isIdentifier = value.first.map { $0 == "_" || $0.isLetter } ?? false
    if isIdentifier, value.allSatisfy({ $0 == "_" || $0.isLetter || $0.isNumber }) { return value }
    throw GeneratorError("option \(key) is '\(value)'; a module's name is expected")
  }
}

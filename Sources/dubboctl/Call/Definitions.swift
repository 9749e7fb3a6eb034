import DubboProtobuf
import Foundation

/// A problem that the user can mend.
struct CommandError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

/// The definitions that a command works with.
enum Definitions {
  /// From a serialized `FileDescriptorSet`, or from .proto files by way of protoc.
  static func load(_ options: CommandOptions) throws -> DescriptorSet {
    if let path = options.descriptorSet { return try read(path) }
    guard !options.protos.isEmpty else {
      throw CommandError("name the definitions with --proto FILE or --descriptor-set FILE")
    }
    let output = FileManager.default.temporaryDirectory.appending(component: "dubboctl-\(UUID().uuidString).pb")
    defer { try? FileManager.default.removeItem(at: output) }
    try compile(options, to: output)
    return try read(output.path)
  }

  private static func read(_ path: String) throws -> DescriptorSet {
    guard let data = FileManager.default.contents(atPath: path) else { throw CommandError("cannot read \(path)") }
    do {
      return try DescriptorSet(serializedFileDescriptorSet: [UInt8](data))
    } catch {
      throw CommandError("\(path) is no descriptor set: \(error)")
    }
  }

  private static func compile(_ options: CommandOptions, to output: URL) throws {
    let environment = ProcessInfo.processInfo.environment
    let folders = (environment["PATH"] ?? "/usr/bin").split(separator: ":").map { String($0) + "/protoc" }
    var candidates: [String] = folders
    if let named = environment["PROTOC_PATH"] { candidates.insert(named, at: 0) }
    guard let protoc = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw CommandError("--proto needs protoc: install protobuf-compiler, or set PROTOC_PATH")
    }
    // A file lies below one of the import folders, or its own folder becomes one.
    let imports = options.imports.isEmpty ? Set(options.protos.map(folder)).sorted() : options.imports
    let process = Process()
    process.executableURL = URL(filePath: protoc)
    process.arguments =
      imports.flatMap { ["-I", $0] } + ["--include_imports", "--descriptor_set_out=\(output.path)"] + options.protos
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CommandError("protoc refused the definitions, see above") }
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}

import Foundation
import PackagePlugin

/// Generates messages and stubs from the .proto files of a target, whenever one of them has changed.
///
/// A .proto imports another of its target by the path below the target's folder, and Google's own as always. What is not
/// as usual stands in a file `dubbo-swift.json` in that folder; see `Configuration`.
@main
struct DubboSwiftPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    guard let module = target.sourceModule else { return [] }
    let root = module.directoryURL
    let protos = module.sourceFiles(withSuffix: "proto").map(\.url).sorted { $0.path < $1.path }
    guard !protos.isEmpty else { return [] }

    let configurationFile = root.appending(component: "dubbo-swift.json")
    let configuration = try Configuration(contentsOf: configurationFile)
    let protoc = try ProtocPath.find(configuration.protocPath)
    let generator = try context.tool(named: "protoc-gen-dubbo-swift").url
    var inputs = protos + [generator]
    if configuration.isFromFile { inputs.append(configurationFile) }
    let imports = [root] + configuration.importPaths.map { root.appending(path: $0) } + ProtocPath.includes(of: protoc)

    return protos.map { proto in
      let path = String(proto.path.dropFirst(root.path.count)).trimmingPrefix { $0 == "/" }
      let stem = path.dropLast(".proto".count).split(separator: "/").joined(separator: "_")
      let outputs = [".pb.swift", ".dubbo.swift"].map {
        context.pluginWorkDirectoryURL.appending(component: stem + $0)
      }
      return .buildCommand(
        displayName: "Generating Swift from \(path)", executable: protoc,
        arguments: ["--plugin=protoc-gen-dubbo-swift=\(generator.path)"] + imports.flatMap { ["-I", $0.path] } + [
          "--dubbo-swift_out=\(context.pluginWorkDirectoryURL.path)",
          "--dubbo-swift_opt=\(configuration.options)", proto.path,
        ], inputFiles: inputs, outputFiles: outputs)
    }
  }
}

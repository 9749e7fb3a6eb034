internal import DubboProtobuf

/// What protoc runs: descriptors of .proto files in, Swift source out.
public struct CodeGenerator: Sendable {
  let readFile: @Sendable (String) throws -> String

  /// - Parameter readFile: the text of a file that an option names.
  public init(readFile: @escaping @Sendable (String) throws -> String) { self.readFile = readFile }

  /// Answers a serialized `CodeGeneratorRequest`. Problems of the .proto are part of the answer; only bytes that are no
  /// request are an error.
  public func respond(to request: [UInt8]) throws -> [UInt8] {
    let request = try Google_Protobuf_Compiler_CodeGeneratorRequest(serializedBytes: request, partial: true)
    var response = Google_Protobuf_Compiler_CodeGeneratorResponse()
    response.supportedFeatures = UInt64(Google_Protobuf_Compiler_CodeGeneratorResponse.Feature.proto3Optional.rawValue)
    do {
      response.file = try generate(request)
    } catch {
      response.error = String(describing: error)
    }
    return try response.serializedBytes()
  }

  private func generate(
    _ request: Google_Protobuf_Compiler_CodeGeneratorRequest
  ) throws -> [Google_Protobuf_Compiler_CodeGeneratorResponse.File] {
    let options = try GeneratorOptions(parsing: request.parameter, readFile: readFile)
    let wanted = Set(request.fileToGenerate)
    let model = try Model(request.protoFile, generating: wanted, options: options)
    var output: [Google_Protobuf_Compiler_CodeGeneratorResponse.File] = []
    var taken: [String: String] = [:]
    for file in model.files where wanted.contains(file.descriptor.name) {
      for (suffix, text) in try FileEmitter(file: file, model: model, options: options).emit() {
        let name = try OutputName.name(of: file.descriptor.name, options.fileNaming) + suffix
        if let other = taken[name] {
          throw GeneratorError(
            "\(file.descriptor.name) and \(other) both become \(name); generate with FileNaming=FullPath")
        }
        taken[name] = file.descriptor.name
        output.append(
          .with {
            $0.name = name
            $0.content = text
          })
      }
    }
    return output
  }
}

enum OutputName {
  static func name(of proto: String, _ naming: GeneratorOptions.FileNaming) throws -> String {
    let path = proto.hasSuffix(".proto") ? String(proto.dropLast(6)) : proto
    switch naming {
    case .fullPath: return path
    case .pathToUnderscores: return path.split(separator: "/").joined(separator: "_")
    case .dropPath: return path.split(separator: "/").last.map(String.init) ?? path
    }
  }
}

internal import DubboProtobuf

extension ModelBuilder {
  /// Extensions, and what else refers to types of other files: methods.
  func addExtensions(to file: FileModel) throws {
    let package = file.descriptor.package.isEmpty ? "" : file.descriptor.package + "."
    file.extensions = try extensions(file.descriptor.extension, of: file, scope: package, path: [7])
    for message in messages where message.file === file {
      message.extensions = try extensions(
        message.descriptor.extension, of: file, scope: message.fullName + ".", path: message.path + [6])
    }
    for method in file.descriptor.service.flatMap(\.method) {
      file.useInService(types[String(method.inputType.dropFirst())])
      file.useInService(types[String(method.outputType.dropFirst())])
    }
  }

  /// Without groups, and without those of a MessageSet: their values stay unknown fields.
  private func extensions(
    _ descriptors: [Google_Protobuf_FieldDescriptorProto], of file: FileModel, scope: String, path: [Int32]
  ) throws -> [ExtensionModel] {
    var taken: Set<String> = []
    return try descriptors.enumerated().compactMap { index, descriptor in
      guard let extended = types[String(descriptor.extendee.dropFirst())] as? MessageModel else {
        throw GeneratorError("\(scope)\(descriptor.name): the request does not describe \(descriptor.extendee)")
      }
      let target = try target(of: descriptor, scope: scope)
      file.use(extended)
      file.use(target)
      let field = FieldModel(
        descriptor, index: index,
        shape: descriptor.label == .repeated ? .repeated(packed: isPacked(descriptor, in: file)) : .explicit,
        message: target as? MessageModel, enumeration: target as? EnumModel)
      guard extended.isExtensible, descriptor.type != .group else { return nil }
      if !taken.insert(field.swiftName).inserted { field.swiftName += "_\(field.number)" }
      return ExtensionModel(
        field: field, extended: extended, fullName: scope + descriptor.name, path: path + [Int32(index)])
    }
  }
}

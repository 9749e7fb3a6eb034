internal import DubboProtobuf

/// All files of a request, their types found and named. It owns every file and message; what these say of each other
/// refers to them unowned.
struct Model {
  /// In the request's order: what is imported comes first.
  let files: [FileModel]
  private let types: [String: TypeModel]
  /// Those of map entries too, which no other message lists, and those whose name another one has taken.
  private let messages: [MessageModel]

  init(_ descriptors: [Google_Protobuf_FileDescriptorProto], generating: Set<String>, options: GeneratorOptions) throws
  {
    var builder = ModelBuilder(options: options)
    files = descriptors.map { builder.file($0, isGenerated: generating.contains($0.name)) }
    try builder.addFields()
    for file in files { try builder.addExtensions(to: file) }
    types = builder.types
    messages = builder.messages
    MessageLayout.decide(messages)
    try NameCheck.run(files.filter { generating.contains($0.descriptor.name) }, options: options)
  }

  /// The message of a name as descriptors write it, with a leading dot.
  func message(_ name: String) throws -> MessageModel {
    guard let message = types[String(name.dropFirst())] as? MessageModel else {
      throw GeneratorError("the request does not describe the message \(name)")
    }
    return message
  }
}

struct ModelBuilder {
  let options: GeneratorOptions
  private(set) var types: [String: TypeModel] = [:]
  private(set) var messages: [MessageModel] = []

  init(options: GeneratorOptions) { self.options = options }

  mutating func file(_ descriptor: Google_Protobuf_FileDescriptorProto, isGenerated: Bool) -> FileModel {
    let file = FileModel(descriptor, module: isGenerated ? nil : module(of: descriptor.name))
    let prefix = prefix(of: file)
    let package = descriptor.package.isEmpty ? "" : descriptor.package + "."
    for (index, message) in descriptor.messageType.enumerated() {
      file.messages.append(
        self.message(message, file: file, parent: nil, scope: package, prefix: prefix, path: [4, Int32(index)]))
    }
    for (index, enumeration) in descriptor.enumType.enumerated() {
      file.enums.append(
        self.enumeration(enumeration, file: file, parent: nil, scope: package, prefix: prefix, path: [5, Int32(index)]))
    }
    return file
  }

  private func module(of path: String) -> String? {
    if let mapped = options.moduleOfPath[path] { return mapped == options.module ? nil : mapped }
    return WellKnown.files.contains(path) && options.module != "DubboProtobuf" ? "DubboProtobuf" : nil
  }

  func prefix(of file: FileModel) -> String {
    if file.descriptor.options.hasSwiftPrefix { return file.descriptor.options.swiftPrefix }
    if file.isWellKnown || options.messageNames == .full {
      return SwiftNames.prefix(ofPackage: file.descriptor.package)
    }
    return ""
  }

  private mutating func message(
    _ descriptor: Google_Protobuf_DescriptorProto, file: FileModel, parent: MessageModel?, scope: String,
    prefix: String, path: [Int32]
  ) -> MessageModel {
    let model = MessageModel(
      descriptor, fullName: scope + descriptor.name,
      swiftName: SwiftNames.type(prefix + descriptor.name, suffix: "Message"), file: file, parent: parent, path: path)
    types[model.fullName] = model
    messages.append(model)
    let inner = model.fullName + "."
    for (index, nested) in descriptor.nestedType.enumerated() {
      let child = message(
        nested, file: file, parent: model, scope: inner, prefix: "", path: path + [3, Int32(index)])
      if !child.isMapEntry { model.messages.append(child) }
    }
    for (index, nested) in descriptor.enumType.enumerated() {
      model.enums.append(
        enumeration(nested, file: file, parent: model, scope: inner, prefix: "", path: path + [4, Int32(index)]))
    }
    return model
  }

  private mutating func enumeration(
    _ descriptor: Google_Protobuf_EnumDescriptorProto, file: FileModel, parent: MessageModel?, scope: String,
    prefix: String, path: [Int32]
  ) -> EnumModel {
    let model = EnumModel(
      descriptor, fullName: scope + descriptor.name,
      swiftName: SwiftNames.type(prefix + descriptor.name, suffix: "Enum"), file: file, parent: parent, path: path)
    types[model.fullName] = model
    model.cases = EnumCases.named(descriptor)
    return model
  }

  /// Fields refer to types, so they come when all types are known.
  func addFields() throws {
    for message in messages {
      addOneofs(to: message)
      for (index, descriptor) in message.descriptor.field.enumerated() {
        let field = try field(descriptor, index: index, in: message)
        message.file.use(field.message ?? field.enumeration)
        message.fields.append(field)
      }
      UniqueNames.settle(message)
    }
  }

  private func addOneofs(to message: MessageModel) {
    for (index, oneof) in message.descriptor.oneofDecl.enumerated() {
      let members = message.descriptor.field.filter { $0.hasOneofIndex && $0.oneofIndex == index }
      guard !members.isEmpty, !members.contains(where: \.proto3Optional) else { continue }
      message.oneofs.append(
        OneofModel(
          protoName: oneof.name, index: index, property: SwiftNames.field(oneof.name),
          typeName: "OneOf_" + SwiftNames.upperCamel(oneof.name)))
    }
  }

  private func field(
    _ descriptor: Google_Protobuf_FieldDescriptorProto, index: Int, in message: MessageModel
  ) throws -> FieldModel {
    let target = try target(of: descriptor, scope: message.fullName + ".")
    let oneof = message.oneofs.first { descriptor.hasOneofIndex && $0.index == descriptor.oneofIndex }
    let field = FieldModel(
      descriptor, index: index, shape: try shape(of: descriptor, target, oneof, in: message),
      message: target as? MessageModel, enumeration: target as? EnumModel)
    oneof?.add(field)
    return field
  }

  /// The message or enum that a field is of; nil for other types.
  func target(of descriptor: Google_Protobuf_FieldDescriptorProto, scope: String) throws -> TypeModel? {
    guard !descriptor.typeName.isEmpty else { return nil }
    guard let target = types[String(descriptor.typeName.dropFirst())] else {
      throw GeneratorError("\(scope)\(descriptor.name): the request does not describe \(descriptor.typeName)")
    }
    return target
  }

  private func shape(
    of descriptor: Google_Protobuf_FieldDescriptorProto, _ target: TypeModel?, _ oneof: OneofModel?,
    in message: MessageModel
  ) throws -> FieldModel.Shape {
    if let entry = target as? MessageModel, entry.isMapEntry {
      let parts = entry.descriptor.field
      guard parts.count == 2 else { throw GeneratorError("\(entry.fullName): a map's entry has a key and a value") }
      let key = try part(parts[0], of: entry)
      let value = try part(parts[1], of: entry)
      return .map(key: key, value: value)
    }
    if descriptor.label == .repeated { return .repeated(packed: isPacked(descriptor, in: message.file)) }
    if descriptor.label == .required { return .required }
    if let oneof { return .oneof(oneof) }
    let isImplicit = message.file.isProto3 && !descriptor.proto3Optional && !(target is MessageModel)
    return isImplicit ? .implicit : .explicit
  }

  func isPacked(_ descriptor: Google_Protobuf_FieldDescriptorProto, in file: FileModel) -> Bool {
    descriptor.options.hasPacked ? descriptor.options.packed : file.isProto3
  }

  private func part(_ descriptor: Google_Protobuf_FieldDescriptorProto, of entry: MessageModel) throws -> FieldModel {
    let target = types[String(descriptor.typeName.dropFirst())]
    return FieldModel(
      descriptor, index: 0, shape: .implicit, message: target as? MessageModel, enumeration: target as? EnumModel)
  }
}

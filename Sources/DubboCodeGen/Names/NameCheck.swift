internal import DubboProtobuf

/// Names that would break the code: renamed where a rule can do it, else an error that says what to change.
enum NameCheck {
  static func run(_ files: [FileModel], options: GeneratorOptions) throws {
    for file in files {
      for message in file.messages { _ = unhide(message) }
    }
    var taken: [String: String] = [:]
    let builder = ModelBuilder(options: options)
    for file in files {
      let extensions = file.extensions.map { builder.prefix(of: file) + "Extensions_" + $0.field.swiftName }
      let services =
        options.services ? file.descriptor.service.map { ServiceEmitter.name(of: $0.name, in: file, options) } : []
      for name in (file.messages as [TypeModel] + file.enums).map(\.nestedName) + services + extensions {
        if let other = taken[name] {
          throw GeneratorError(
            "\(file.descriptor.name): the Swift name '\(name)' is taken by \(other) already; give one of the files "
              + "`option swift_prefix`, or generate with MessageNames=Full")
        }
        taken[name] = file.descriptor.name
      }
      for message in file.messages { try checkNested(message) }
    }
  }

  private static func checkNested(_ message: MessageModel) throws {
    var taken: Set<String> = message.extensions.isEmpty ? ["_Fields"] : ["_Fields", "Extensions"]
    let names = (message.messages as [TypeModel] + message.enums).map(\.swiftName) + message.oneofs.map(\.typeName)
    for name in names where !taken.insert(name).inserted {
      throw GeneratorError("\(message.fullName): two nested types get the Swift name '\(name)'; rename one of them")
    }
    for nested in message.messages { try checkNested(nested) }
  }

  /// Renames a nested type that would hide one its message refers to. Returns the first words of all references inside.
  private static func unhide(_ message: MessageModel) -> Set<String> {
    var words: Set<String> = []
    for nested in message.messages { words.formUnion(unhide(nested)) }
    for field in message.fields {
      if case .map(let key, let value) = field.shape {
        words.formUnion(firstWords([key, value]))
      } else {
        words.formUnion(firstWords([field]))
      }
    }
    for type in message.messages where words.contains(type.swiftName) { type.swiftName += "Message" }
    for type in message.enums where words.contains(type.swiftName) { type.swiftName += "Enum" }
    return words
  }

  private static func firstWords(_ fields: [FieldModel]) -> [String] {
    fields.compactMap { $0.message ?? $0.enumeration }.map { $0.file.module ?? $0.outermost.swiftName }
  }
}

internal import DubboProtobuf

/// A reference from one model to another, which the `Model` owns: messages that hold each other would never be freed.
struct Unowned<Object: AnyObject> {
  unowned let object: Object
}

/// One .proto, with what generating code for it must know.
final class FileModel {
  let descriptor: Google_Protobuf_FileDescriptorProto
  let comments: Comments
  /// The module that holds the file's code; nil for the one being generated.
  let module: String?
  let isWellKnown: Bool
  var messages: [MessageModel] = []
  var enums: [EnumModel] = []
  var extensions: [ExtensionModel] = []
  /// The other files of which messages and extensions use types, and those of which services do, in the order of their
  /// first use. What is imported besides is for options only.
  var usedByTypes: [FileModel] { typesFrom.map(\.object) }
  var usedByServices: [FileModel] { servicesFrom.map(\.object) }
  private var typesFrom: [Unowned<FileModel>] = []
  private var servicesFrom: [Unowned<FileModel>] = []

  init(_ descriptor: Google_Protobuf_FileDescriptorProto, module: String?) {
    self.descriptor = descriptor
    self.comments = Comments(descriptor.sourceCodeInfo)
    self.module = module
    self.isWellKnown = WellKnown.files.contains(descriptor.name)
  }

  var isProto3: Bool { descriptor.syntax == "proto3" }

  var uses: [FileModel] { usedByTypes + usedByServices.filter { file in !usedByTypes.contains { $0 === file } } }

  func use(_ type: TypeModel?) { add(type, to: &typesFrom) }
  func useInService(_ type: TypeModel?) { add(type, to: &servicesFrom) }

  private func add(_ type: TypeModel?, to files: inout [Unowned<FileModel>]) {
    guard let other = type?.file, other !== self, !files.contains(where: { $0.object === other }) else { return }
    files.append(Unowned(object: other))
  }
}

/// A message or an enum, which share how they are named and referred to.
class TypeModel {
  /// With its package, without a leading dot.
  let fullName: String
  let protoName: String
  var swiftName: String
  unowned let file: FileModel
  private(set) weak var parent: MessageModel?
  /// Where the source's comments know it.
  let path: [Int32]

  init(fullName: String, protoName: String, swiftName: String, file: FileModel, parent: MessageModel?, path: [Int32]) {
    self.fullName = fullName
    self.protoName = protoName
    self.swiftName = swiftName
    self.file = file
    self.parent = parent
    self.path = path
  }

  /// The name with its outer types, as code of the same module writes it.
  var nestedName: String { parent.map { $0.nestedName + "." + swiftName } ?? swiftName }

  /// The name as the code being generated writes it.
  var reference: String { file.module.map { $0 + "." + nestedName } ?? nestedName }

  var outermost: TypeModel { parent?.outermost ?? self }
}

final class MessageModel: TypeModel {
  let descriptor: Google_Protobuf_DescriptorProto
  var fields: [FieldModel] = []
  var oneofs: [OneofModel] = []
  var messages: [MessageModel] = []
  var enums: [EnumModel] = []
  /// Extensions that are declared in the message, of whatever message.
  var extensions: [ExtensionModel] = []
  /// Where the fields are stored; decided once all types are known.
  var layout = MessageLayout()

  init(
    _ descriptor: Google_Protobuf_DescriptorProto, fullName: String, swiftName: String, file: FileModel,
    parent: MessageModel?, path: [Int32]
  ) {
    self.descriptor = descriptor
    super.init(
      fullName: fullName, protoName: descriptor.name, swiftName: swiftName, file: file, parent: parent, path: path)
  }

  var isMapEntry: Bool { descriptor.options.mapEntry }

  /// Others may add fields. A MessageSet is not among these: its format has no fields of its own, and is kept as unknown.
  var isExtensible: Bool { !descriptor.extensionRange.isEmpty && !descriptor.options.messageSetWireFormat }

  /// Its JSON is no object with its fields: the runtime has the code for it.
  var isJSONValue: Bool { WellKnown.jsonValues.contains(fullName) }

  /// Fields in the order in which they are written.
  var fieldsByNumber: [FieldModel] { fields.sorted { $0.number < $1.number } }
}

final class EnumModel: TypeModel {
  struct Case {
    let protoName: String
    let number: Int32
    var swiftName: String
    /// The case that has the same number and came before.
    let aliasOf: Int?
    let isDeprecated: Bool
  }

  let descriptor: Google_Protobuf_EnumDescriptorProto
  var cases: [Case] = []

  init(
    _ descriptor: Google_Protobuf_EnumDescriptorProto, fullName: String, swiftName: String, file: FileModel,
    parent: MessageModel?, path: [Int32]
  ) {
    self.descriptor = descriptor
    super.init(
      fullName: fullName, protoName: descriptor.name, swiftName: swiftName, file: file, parent: parent, path: path)
  }

  /// An open enum keeps numbers it does not know.
  var isOpen: Bool { file.isProto3 }
}

/// The types that the runtime has, whatever module the user's code is in.
enum WellKnown {
  static let files: Set<String> = Set(
    [
      "any", "api", "descriptor", "duration", "empty", "field_mask", "source_context", "struct", "timestamp", "type",
      "wrappers",
    ]
    .map { "google/protobuf/\($0).proto" })

  static let jsonValues: Set<String> = Set(
    [
      "Any", "BoolValue", "BytesValue", "DoubleValue", "Duration", "FieldMask", "FloatValue", "Int32Value",
      "Int64Value",
      "ListValue", "StringValue", "Struct", "Timestamp", "UInt32Value", "UInt64Value", "Value",
    ].map { "google.protobuf.\($0)" })
}

internal import DubboProtobuf

/// A oneof that users see: the synthetic one of a proto3 `optional` is none.
final class OneofModel {
  let protoName: String
  let index: Int
  let property: String
  let typeName: String
  private var members: [Unowned<FieldModel>] = []

  init(protoName: String, index: Int, property: String, typeName: String) {
    self.protoName = protoName
    self.index = index
    self.property = property
    self.typeName = typeName
  }

  /// Those of the message's fields that are its members, in their order.
  var fields: [FieldModel] { members.map(\.object) }

  func add(_ field: FieldModel) { members.append(Unowned(object: field)) }
}

final class FieldModel {
  enum Shape {
    /// proto3 without `optional`: written unless it is the default.
    case implicit
    /// Knows whether it is set.
    case explicit
    case required
    case oneof(OneofModel)
    case repeated(packed: Bool)
    case map(key: FieldModel, value: FieldModel)
  }

  let descriptor: Google_Protobuf_FieldDescriptorProto
  let index: Int
  /// The property, not yet quoted.
  var swiftName: String
  var shape: Shape
  let scalar: ScalarKind?
  unowned let message: MessageModel?
  let enumeration: EnumModel?

  init(
    _ descriptor: Google_Protobuf_FieldDescriptorProto, index: Int, shape: Shape, message: MessageModel?,
    enumeration: EnumModel?
  ) {
    self.descriptor = descriptor
    self.index = index
    self.shape = shape
    self.scalar = ScalarKind(descriptor.type)
    self.message = message
    self.enumeration = enumeration
    // A group's field is named after its type, in lower case.
    let name = descriptor.type == .group ? message?.protoName ?? descriptor.name : descriptor.name
    self.swiftName = SwiftNames.field(name)
  }

  var number: Int32 { descriptor.number }
  var isGroup: Bool { descriptor.type == .group }
  var isDeprecated: Bool { descriptor.options.deprecated }
  var name: String { SwiftNames.escaped(swiftName) }
  /// The name with a capital, behind `has` and `clear`.
  var suffix: String { swiftName.prefix(1).uppercased() + swiftName.dropFirst() }

  var wireType: UInt32 {
    if let scalar { return scalar.wireType }
    return enumeration != nil ? 0 : isGroup ? 3 : 2
  }

  func tag(_ wireType: UInt32) -> UInt32 { UInt32(bitPattern: number) << 3 | wireType }
  var tag: UInt32 { tag(wireType) }
  var isPackable: Bool { scalar?.isPackable ?? (enumeration != nil) }
  var isClosedEnum: Bool { enumeration.map { !$0.isOpen } ?? false }

  /// The type of one value.
  var valueType: String { scalar?.swiftType ?? message?.reference ?? enumeration?.reference ?? "Never" }

  /// The codec that generic code reads and writes one value with.
  var codec: String {
    if let scalar { return "DubboProtobuf.\(scalar.codec)" }
    return enumeration != nil ? "DubboProtobuf.ProtoEnum<\(valueType)>" : "DubboProtobuf.ProtoMessage<\(valueType)>"
  }

  /// The type of the property.
  var propertyType: String {
    switch shape {
    case .repeated: "[\(valueType)]"
    case .map(let key, let value): "[\(key.valueType): \(value.valueType)]"
    default: valueType
    }
  }

  /// What a property that was never set reads as.
  var defaultLiteral: String {
    switch shape {
    case .repeated: return "[]"
    case .map: return "[:]"
    default: break
    }
    if message != nil { return "\(valueType)()" }
    if let enumeration {
      let name = descriptor.hasDefaultValue ? descriptor.defaultValue : enumeration.cases.first?.protoName ?? ""
      let value = enumeration.cases.first { $0.protoName == name }
      return "." + SwiftNames.escaped(value?.swiftName ?? "UNRECOGNIZED(0)")
    }
    guard let scalar else { return "" }
    return descriptor.hasDefaultValue ? scalar.literal(descriptor.defaultValue) : scalar.zero
  }

  var hasPresence: Bool {
    switch shape {
    case .explicit, .required: true
    default: false
    }
  }
}

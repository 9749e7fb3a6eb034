/// A message whose type is known by its definition only: read, written and shown without generated code.
public struct DynamicMessage: Sendable, Hashable {
  public let types: DescriptorSet
  public let descriptor: MessageDescriptor
  var values: [Int32: DynamicValue] = [:]
  /// Fields that the definition does not have.
  public var unknownFields = UnknownFields()

  /// An empty message; nil if the definitions do not have that one.
  public init?(named fullName: String, types: DescriptorSet) {
    guard let descriptor = types.message(named: fullName) else { return nil }
    self.init(descriptor, types)
  }

  init(_ descriptor: MessageDescriptor, _ types: DescriptorSet) {
    self.descriptor = descriptor
    self.types = types
  }

  /// A field by its name in the .proto or in JSON: nil while it is not set, and for a name that the message lacks.
  public subscript(name: String) -> DynamicValue? {
    get { descriptor.field(named: name).flatMap { values[$0.number] } }
    set {
      guard let field = descriptor.field(named: name) else { return }
      if let newValue { set(field, newValue) } else { values[field.number] = nil }
    }
  }

  /// Sets a field, and unsets the other members of its oneof.
  mutating func set(_ field: FieldDescriptor, _ value: DynamicValue) {
    if let oneof = field.oneof {
      for other in descriptor.fields where other.oneof == oneof && other.number != field.number {
        values[other.number] = nil
      }
    }
    values[field.number] = value
  }

  public static func == (left: DynamicMessage, right: DynamicMessage) -> Bool {
    left.descriptor.fullName == right.descriptor.fullName && left.values == right.values
      && left.unknownFields == right.unknownFields
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(descriptor.fullName)
    hasher.combine(values)
    hasher.combine(unknownFields)
  }

  /// The key's and the value's fields, if a field is a map.
  func entry(of field: FieldDescriptor) -> (key: FieldDescriptor, value: FieldDescriptor)? {
    guard field.isRepeated, field.kind == .message, let entry = types.message(named: field.typeName), entry.isMapEntry,
      let key = entry.field(number: 1), let value = entry.field(number: 2)
    else { return nil }
    return (key, value)
  }

  /// An empty message of a field's type; one without fields if the definitions lack it.
  func emptyMessage(of field: FieldDescriptor) -> DynamicMessage {
    DynamicMessage(
      types.message(named: field.typeName)
        ?? MessageDescriptor(Google_Protobuf_DescriptorProto(), fullName: field.typeName, isProto3: true), types)
  }

  /// What a map's entry holds when its key or value is missing.
  func defaultValue(of field: FieldDescriptor) -> DynamicValue {
    switch field.kind {
    case .int32, .sint32, .sfixed32: .int32(0)
    case .int64, .sint64, .sfixed64: .int64(0)
    case .uint32, .fixed32: .uint32(0)
    case .uint64, .fixed64: .uint64(0)
    case .float: .float(0)
    case .double: .double(0)
    case .bool: .bool(false)
    case .string: .string("")
    case .bytes: .bytes([])
    case .enum: .enumeration(types.enumeration(named: field.typeName)?.values.first?.number ?? 0)
    case .message, .group: .message(emptyMessage(of: field))
    }
  }
}

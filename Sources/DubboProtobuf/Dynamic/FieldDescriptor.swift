/// One field of a message that is known by its definition only.
public struct FieldDescriptor: Sendable {
  public typealias Kind = Google_Protobuf_FieldDescriptorProto.TypeEnum

  /// The name in the .proto, and the one in JSON.
  public let name: String
  public let jsonName: String
  public let number: Int32
  public let kind: Kind
  /// The full name of a message or enum; empty for other types.
  public let typeName: String
  public let isRepeated: Bool
  public let isRequired: Bool
  /// Whether the field knows that it is set; otherwise it is written unless it has its default.
  public let hasPresence: Bool
  /// The oneof it is a member of.
  public let oneof: String?
  /// Whether several numbers are written behind one tag.
  let isPacked: Bool

  init(_ proto: Google_Protobuf_FieldDescriptorProto, in message: Google_Protobuf_DescriptorProto, isProto3: Bool) {
    let index = Int(proto.oneofIndex)
    let isMember = proto.hasOneofIndex && !proto.proto3Optional && message.oneofDecl.indices.contains(index)
    self.init(
      proto, named: proto.name, oneof: isMember ? message.oneofDecl[index].name : nil, alwaysHasPresence: false,
      isProto3: isProto3)
  }

  /// An extension: named in brackets by its full name, as JSON and the text format do.
  init(extension proto: Google_Protobuf_FieldDescriptorProto, scope: String, isProto3: Bool) {
    self.init(proto, named: "[\(scope)\(proto.name)]", oneof: nil, alwaysHasPresence: true, isProto3: isProto3)
  }

  private init(
    _ proto: Google_Protobuf_FieldDescriptorProto, named name: String, oneof: String?, alwaysHasPresence: Bool,
    isProto3: Bool
  ) {
    self.name = name
    jsonName = proto.hasJsonName && name == proto.name ? proto.jsonName : name
    number = proto.number
    kind = proto.type
    typeName = String(proto.typeName.drop { $0 == "." })
    isRepeated = proto.label == .repeated
    isRequired = proto.label == .required
    self.oneof = oneof
    let isMessage = proto.type == .message || proto.type == .group
    hasPresence =
      !isRepeated && (alwaysHasPresence || !isProto3 || isMessage || proto.proto3Optional || oneof != nil)
    let isLengthDelimited = isMessage || proto.type == .string || proto.type == .bytes
    isPacked = isRepeated && !isLengthDelimited && (proto.options.hasPacked ? proto.options.packed : isProto3)
  }

  var wireType: UInt32 {
    switch kind {
    case .double, .fixed64, .sfixed64: 1
    case .float, .fixed32, .sfixed32: 5
    case .string, .bytes, .message: 2
    case .group: 3
    default: 0
    }
  }

  var tag: UInt32 { UInt32(bitPattern: number) << 3 | wireType }
}

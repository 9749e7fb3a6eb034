/// The message types that a `google.protobuf.Any` may hold, by their full names, and the extensions that JSON may name.
/// The well-known types are always there.
public struct TypeRegistry: Sendable {
  private var types: [String: any Message.Type] = [:]
  /// By the name of the extended message, in the order of their numbers.
  private var extensions: [String: [any RegisteredExtension]] = [:]

  public init(_ types: [any Message.Type] = []) {
    for type in types { self.types[type.protoMessageName] = type }
  }

  public mutating func register(_ type: any Message.Type) { types[type.protoMessageName] = type }

  /// Makes an extension known by its full name in brackets, `[shop.discount]`.
  public mutating func register<Extended, Content>(_ field: MessageExtension<Extended, Content>) {
    var known = extensions.removeValue(forKey: Extended.protoMessageName) ?? []
    known.removeAll { $0.number == field.number }
    known.append(field)
    extensions[Extended.protoMessageName] = known.sorted { $0.number < $1.number }
  }

  func extensions(of message: String) -> [any RegisteredExtension] { extensions[message] ?? [] }

  /// - Parameter name: as JSON has it, in brackets.
  func `extension`(named name: String, of message: String) -> (any RegisteredExtension)? {
    extensions(of: message).first { name == "[\($0.name)]" }
  }

  /// The type of a full name, or of a URL that ends with one, like `type.googleapis.com/a.b.C`.
  public func type(named name: String) -> (any Message.Type)? {
    let name = name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
    return types[name] ?? Self.wellKnown(name)
  }

  /// A well-known type whose JSON is a value of its own kind.
  static func valueType(_ name: String) -> (any Message.Type)? {
    wellKnown(name).flatMap { $0.isJSONValue ? $0 : nil }
  }

  private static func wellKnown(_ name: String) -> (any Message.Type)? {
    switch name {
    case "google.protobuf.Any": Google_Protobuf_Any.self
    case "google.protobuf.BoolValue": Google_Protobuf_BoolValue.self
    case "google.protobuf.BytesValue": Google_Protobuf_BytesValue.self
    case "google.protobuf.DoubleValue": Google_Protobuf_DoubleValue.self
    case "google.protobuf.Duration": Google_Protobuf_Duration.self
    case "google.protobuf.Empty": Google_Protobuf_Empty.self
    case "google.protobuf.FieldMask": Google_Protobuf_FieldMask.self
    case "google.protobuf.FloatValue": Google_Protobuf_FloatValue.self
    case "google.protobuf.Int32Value": Google_Protobuf_Int32Value.self
    case "google.protobuf.Int64Value": Google_Protobuf_Int64Value.self
    case "google.protobuf.ListValue": Google_Protobuf_ListValue.self
    case "google.protobuf.StringValue": Google_Protobuf_StringValue.self
    case "google.protobuf.Struct": Google_Protobuf_Struct.self
    case "google.protobuf.Timestamp": Google_Protobuf_Timestamp.self
    case "google.protobuf.UInt32Value": Google_Protobuf_UInt32Value.self
    case "google.protobuf.UInt64Value": Google_Protobuf_UInt64Value.self
    case "google.protobuf.Value": Google_Protobuf_Value.self
    default: nil
    }
  }
}

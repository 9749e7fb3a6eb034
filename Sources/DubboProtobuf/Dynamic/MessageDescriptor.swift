/// A message's definition.
public final class MessageDescriptor: Sendable {
  /// With its package.
  public let fullName: String
  /// In the order of the definition, behind them the extensions that the definitions have for the message.
  public let fields: [FieldDescriptor]
  /// Whether it is the entry of a map.
  public let isMapEntry: Bool
  private let byNumber: [Int32: Int]
  private let byName: [String: Int]

  init(
    _ proto: Google_Protobuf_DescriptorProto, fullName: String, isProto3: Bool, extensions: [FieldDescriptor] = []
  ) {
    self.fullName = fullName
    fields = proto.field.map { FieldDescriptor($0, in: proto, isProto3: isProto3) } + extensions
    isMapEntry = proto.options.mapEntry
    var byNumber: [Int32: Int] = [:]
    var byName: [String: Int] = [:]
    for (index, field) in fields.enumerated() {
      byNumber[field.number] = index
      byName[field.name] = index
      byName[field.jsonName] = index
    }
    self.byNumber = byNumber
    self.byName = byName
  }

  public func field(number: Int32) -> FieldDescriptor? { byNumber[number].map { fields[$0] } }

  /// The field of a name, as the .proto or as JSON spells it.
  public func field(named name: String) -> FieldDescriptor? { byName[name].map { fields[$0] } }
}

/// An enum's definition.
public struct EnumDescriptor: Sendable {
  public let fullName: String
  /// Whether it takes no number but those of its values, as in proto2.
  public let isClosed: Bool
  /// Names and numbers in the order of the definition.
  public let values: [(name: String, number: Int32)]

  public func name(of number: Int32) -> String? { values.first { $0.number == number }?.name }
  public func number(of name: String) -> Int32? { values.first { $0.name == name }?.number }
}

/// A method's definition.
public struct ServiceMethodDescriptor: Sendable {
  public let name: String
  /// Full names of the messages.
  public let inputType: String
  public let outputType: String
  public let clientStreaming: Bool
  public let serverStreaming: Bool
}

/// A service's definition.
public struct ServiceDescriptor: Sendable {
  public let fullName: String
  public let methods: [ServiceMethodDescriptor]
}

/// A message that lets other .proto files add fields to it.
public protocol ExtensibleMessage: Message {}

/// A field that a .proto adds to a message of another one. Generated, as a constant `Extensions_name`.
///
/// Its value lies among the message's unknown fields, as it came, and is decoded each time it is asked for: a message costs
/// nothing for extensions that nobody reads.
public struct MessageExtension<Extended: ExtensibleMessage, Content: ExtensionContent>: Sendable {
  /// The full name in the .proto; in JSON it stands in brackets.
  public let name: String
  public let number: Int32
  /// What reading it gives while it is not set.
  public let defaultValue: Content.Value

  public init(name: String, number: Int32, defaultValue: Content.Value = Content.empty) {
    self.name = name
    self.number = number
    self.defaultValue = defaultValue
  }

  /// The value in a message's unknown fields; nil if it is not set.
  func value(in fields: UnknownFields) throws(WireError) -> Content.Value? {
    var value: Content.Value?
    let wanted = UInt32(bitPattern: number)
    try fields.forEach { tag, reader throws(WireError) in
      guard tag >> 3 == wanted, try Content.merge(tag & 7, from: &reader, into: &value) else { return false }
      return true
    }
    return value
  }

  func set(_ value: Content.Value, in fields: inout UnknownFields) {
    fields.remove(UInt32(bitPattern: number))
    var writer = WireWriter()
    Content.write(value, UInt32(bitPattern: number), to: &writer)
    fields.append(encoded: writer.bytes)
  }
}

extension ExtensibleMessage {
  /// The value of an extension, or its default while it is not set.
  /// - Throws: when the message carries bytes under the extension's number that are no such value.
  public func getExtensionValue<Content>(
    ext: MessageExtension<Self, Content>
  ) throws(BinaryDecodingError) -> Content.Value {
    do throws(WireError) {
      return try ext.value(in: unknownFields) ?? ext.defaultValue
    } catch {
      throw BinaryDecodingError(messageName: ext.name, reason: error, offset: 0)
    }
  }

  public mutating func setExtensionValue<Content>(ext: MessageExtension<Self, Content>, value: Content.Value) {
    ext.set(value, in: &unknownFields)
  }

  /// Whether the message has a readable value of the extension.
  public func hasExtensionValue<Content>(ext: MessageExtension<Self, Content>) -> Bool {
    (try? ext.value(in: unknownFields)) ?? nil != nil
  }

  public mutating func clearExtensionValue<Content>(ext: MessageExtension<Self, Content>) {
    unknownFields.remove(UInt32(bitPattern: ext.number))
  }
}

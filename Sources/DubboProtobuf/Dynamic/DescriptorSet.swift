/// Definitions of messages, enums and services, found by their full names. Immutable, and free to share.
///
/// It comes from a serialized `FileDescriptorSet`, which `protoc --include_imports --descriptor_set_out=FILE` writes and
/// server reflection answers with.
public final class DescriptorSet: Sendable {
  /// The files as they came.
  public let files: [Google_Protobuf_FileDescriptorProto]
  /// In the order of the files.
  public let services: [ServiceDescriptor]
  private let messages: [String: MessageDescriptor]
  private let enums: [String: EnumDescriptor]

  public init(_ files: [Google_Protobuf_FileDescriptorProto]) {
    self.files = files
    var builder = Builder()
    for file in files { builder.addExtensions(of: file) }
    for file in files { builder.add(file) }
    services = builder.services
    messages = builder.messages
    enums = builder.enums
  }

  /// - Parameter bytes: a serialized `google.protobuf.FileDescriptorSet`.
  public convenience init(serializedFileDescriptorSet bytes: [UInt8]) throws(BinaryDecodingError) {
    self.init(try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes, partial: true).file)
  }

  public func message(named fullName: String) -> MessageDescriptor? { messages[fullName] }
  public func enumeration(named fullName: String) -> EnumDescriptor? { enums[fullName] }
  public func service(named fullName: String) -> ServiceDescriptor? { services.first { $0.fullName == fullName } }

  private struct Builder {
    var services: [ServiceDescriptor] = []
    var messages: [String: MessageDescriptor] = [:]
    var enums: [String: EnumDescriptor] = [:]
    /// By the full name of the message that they extend.
    var extensions: [String: [FieldDescriptor]] = [:]

    mutating func addExtensions(of file: Google_Protobuf_FileDescriptorProto) {
      let scope = file.package.isEmpty ? "" : file.package + "."
      let isProto3 = file.syntax == "proto3"
      addExtensions(file.extension, scope, isProto3)
      for message in file.messageType { addExtensions(of: message, scope, isProto3) }
    }

    private mutating func addExtensions(
      of message: Google_Protobuf_DescriptorProto, _ scope: String, _ isProto3: Bool
    ) {
      let scope = scope + message.name + "."
      addExtensions(message.extension, scope, isProto3)
      for nested in message.nestedType { addExtensions(of: nested, scope, isProto3) }
    }

    private mutating func addExtensions(
      _ fields: [Google_Protobuf_FieldDescriptorProto], _ scope: String, _ isProto3: Bool
    ) {
      for field in fields {
        extensions[String(field.extendee.drop { $0 == "." }), default: []]
          .append(FieldDescriptor(extension: field, scope: scope, isProto3: isProto3))
      }
    }

    mutating func add(_ file: Google_Protobuf_FileDescriptorProto) {
      let scope = file.package.isEmpty ? "" : file.package + "."
      let isProto3 = file.syntax == "proto3"
      for message in file.messageType { add(message, scope, isProto3) }
      for enumeration in file.enumType { add(enumeration, scope, isProto3) }
      for service in file.service {
        let methods = service.method.map { method in
          ServiceMethodDescriptor(
            name: method.name, inputType: String(method.inputType.drop { $0 == "." }),
            outputType: String(method.outputType.drop { $0 == "." }), clientStreaming: method.clientStreaming,
            serverStreaming: method.serverStreaming)
        }
        services.append(ServiceDescriptor(fullName: scope + service.name, methods: methods))
      }
    }

    // The parser bounds how deep messages are nested in a descriptor, and so this recursion.
    private mutating func add(_ message: Google_Protobuf_DescriptorProto, _ scope: String, _ isProto3: Bool) {
      let name = scope + message.name
      messages[name] = MessageDescriptor(
        message, fullName: name, isProto3: isProto3, extensions: extensions[name] ?? [])
      for nested in message.nestedType { add(nested, name + ".", isProto3) }
      for nested in message.enumType { add(nested, name + ".", isProto3) }
    }

    private mutating func add(
      _ enumeration: Google_Protobuf_EnumDescriptorProto, _ scope: String, _ isProto3: Bool
    ) {
      let name = scope + enumeration.name
      enums[name] = EnumDescriptor(
        fullName: name, isClosed: !isProto3, values: enumeration.value.map { ($0.name, $0.number) })
    }
  }
}

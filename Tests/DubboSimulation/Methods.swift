import DubboCore

/// The service that is called.
enum Methods {
  static let interface = "org.example.Greeter"
  static let service = ServiceKey(interface: interface)
  static let greet = MethodDescriptor(service: interface, name: "greet", kind: .unary)
  /// Every request comes back.
  static let chat = MethodDescriptor(service: interface, name: "chat", kind: .bidirectional)
  /// Requests are read, slowly, and counted.
  static let upload = MethodDescriptor(service: interface, name: "upload", kind: .clientStream)
  /// As many replies as the request says, slowly read by the caller.
  static let download = MethodDescriptor(service: interface, name: "download", kind: .serverStream)
  static let all = [greet, chat, upload, download]

  static let callID = "call-id"
  static let largeMessage = 32_768
}

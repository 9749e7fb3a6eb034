import DubboProtobuf
import FuzzSupport

/// Any bytes are definitions or an error; messages of any definitions are read, written and shown without a trap.
///
/// Two bytes of length, a serialized `FileDescriptorSet` of that length, and behind it the bytes of messages.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDescriptors(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard bytes.count >= 2 else { return 0 }
  let length = min(Int(bytes[0]) << 8 | Int(bytes[1]), bytes.count - 2)
  let definitions = [UInt8](bytes[2..<2 + length])
  let before = allocatedBytes()
  guard let types = try? DescriptorSet(serializedFileDescriptorSet: definitions) else { return 0 }
  let held = allocatedBytes() - before
  require(held <= 300 * length + 8_192, "\(length) bytes became definitions of \(held)")
  let data = [UInt8](bytes[(2 + length)...])
  for name in names(types.files).prefix(20) {
    require(types.message(named: name) != nil, "a message is defined and not found")
    guard let message = try? DynamicMessage(named: name, types: types, serializedBytes: data) else { continue }
    _ = try? DynamicMessage(named: name, types: types, serializedBytes: message.serializedBytes())
    _ = message.debugDescription
    if let text = try? message.jsonString() { _ = try? DynamicMessage(named: name, types: types, jsonString: text) }
  }
  for service in types.services.prefix(20) { require(types.service(named: service.fullName) != nil, "a lost service") }
  return 0
}

private func names(_ files: [Google_Protobuf_FileDescriptorProto]) -> [String] {
  files.flatMap { file in file.messageType.map { (file.package.isEmpty ? "" : file.package + ".") + $0.name } }
}

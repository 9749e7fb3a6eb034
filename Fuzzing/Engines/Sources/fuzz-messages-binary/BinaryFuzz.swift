import DubboProtobuf
import FuzzSupport

/// Any bytes are a message or an error. What is a message comes back the same after it was written, costs a bounded multiple
/// of its bytes, and is the same to code that knows only its definition.
///
/// The first byte of the input chooses the type: every kind of field, maps, groups, extensions, well-known types.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBinary(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let kind = start?[0], count > 0 else { return 0 }
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  let rest = UnsafeRawBufferPointer(rebasing: bytes[1...])
  switch kind % 10 {
  case 0: check(Numbers.self, rest)
  case 1: check(Optionals.self, rest)
  case 2: check(Lists.self, rest)
  case 3: check(Maps.self, rest)
  case 4: check(Choice.self, rest)
  case 5: check(Tree.self, rest)
  case 6: check(Legacy.self, rest)
  case 7: check(Extendable.self, rest)
  case 8: check(Holder.self, rest)
  default: check(Google_Protobuf_FileDescriptorProto.self, rest)
  }
  return 0
}

private func check<M: Message>(_: M.Type, _ bytes: UnsafeRawBufferPointer) {
  let before = allocatedBytes()
  let message = try? M(serializedBytes: bytes, partial: true)
  let held = allocatedBytes() - before
  require(held <= 64 * bytes.count + 8_192, "\(bytes.count) bytes became a message of \(held)")
  let dynamic = try? DynamicMessage(
    named: M.protoMessageName, types: M.protoFile.definitions, serializedBytes: [UInt8](bytes))
  // Extensions are decoded by a definition, and by generated code when they are asked for.
  let isLazy = M.self is any ExtensibleMessage.Type
  require(
    message == nil ? dynamic == nil : isLazy || dynamic != nil,
    "a definition and the code made of it differ in what they accept")
  guard let message, let dynamic else { return }
  let written = write(message)
  guard let again = try? M(serializedBytes: written, partial: true) else {
    return require(false, "what was written is not read")
  }
  require(write(again) == written, "it is not itself again")
  _ = dynamic.serializedBytes()
  _ = message.debugDescription
  if let message = message as? Extendable { readExtensions(of: message) }
}

private func readExtensions(of message: Extendable) {
  var message = message
  let labels = try? message.getExtensionValue(ext: Extensions_labels)
  _ = try? message.getExtensionValue(ext: Extensions_packedNumbers)
  _ = try? message.getExtensionValue(ext: Extensions_child)
  message.setExtensionValue(ext: Extensions_weight, value: 7)
  require((try? message.getExtensionValue(ext: Extensions_weight)) == 7, "an extension is not what it was set to")
  require((try? message.getExtensionValue(ext: Extensions_labels)) == labels, "another extension changed")
}

private func write(_ message: some Message) -> [UInt8] {
  var writer = WireWriter()
  writer.isDeterministic = true
  message.write(to: &writer)
  return writer.bytes
}

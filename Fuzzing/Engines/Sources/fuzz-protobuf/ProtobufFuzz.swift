import DubboProtobuf
import FuzzSupport

/// Any bytes are a message or an error; what is a message comes back the same after it was written.
///
/// The first byte of the input chooses the type: every kind of field, maps, groups, extensions and unknown fields.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProtobuf(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let kind = start?[0], count > 0 else { return 0 }
  let bytes = Array(input(start, count)[1...])
  switch kind % 7 {
  case 0: check(Numbers.self, bytes)
  case 1: check(Lists.self, bytes)
  case 2: check(Maps.self, bytes)
  case 3: check(Choice.self, bytes)
  case 4: check(Tree.self, bytes)
  case 5: check(Legacy.self, bytes)
  default: check(Google_Protobuf_FileDescriptorProto.self, bytes)
  }
  return 0
}

private func check<M: Message>(_: M.Type, _ bytes: [UInt8]) {
  guard let message = try? M(serializedBytes: bytes, partial: true) else { return }
  let written = write(message)
  guard let again = try? M(serializedBytes: written, partial: true) else {
    return require(false, "what was written is not read")
  }
  require(write(again) == written, "it is not itself again")
}

private func write(_ message: some Message) -> [UInt8] {
  var writer = WireWriter()
  writer.isDeterministic = true
  message.write(to: &writer)
  return writer.bytes
}

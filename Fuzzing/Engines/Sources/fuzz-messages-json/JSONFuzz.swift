import DubboProtobuf
import FuzzSupport

/// Any bytes are the JSON of a message or an error with a place. What is a message is the same after it was written, costs a
/// bounded multiple of its bytes, and is the same to code that knows only its definition.
///
/// The first byte of the input chooses the type, and whether unknown fields are skipped.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let kind = start?[0], count > 0 else { return 0 }
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count).dropFirst())
  var options = JSONDecodingOptions(types: registry)
  options.ignoreUnknownFields = kind >= 0x80
  switch kind % 10 {
  case 0: check(Numbers.self, bytes, options)
  case 1: check(Optionals.self, bytes, options)
  case 2: check(Lists.self, bytes, options)
  case 3: check(Maps.self, bytes, options)
  case 4: check(Choice.self, bytes, options)
  case 5: check(Tree.self, bytes, options)
  case 6: check(Legacy.self, bytes, options)
  case 7: check(Extendable.self, bytes, options)
  case 8: check(Holder.self, bytes, options)
  default: check(Google_Protobuf_Struct.self, bytes, options)
  }
  return 0
}

private let registry: TypeRegistry = {
  var types = TypeRegistry([Holder.self, Tree.self, Extendable.self])
  types.register(Extensions_weight)
  types.register(Extensions_labels)
  types.register(Extensions_packedNumbers)
  types.register(Extensions_extendedLevel)
  types.register(Extensions_child)
  return types
}()

private func check<M: Message>(_: M.Type, _ bytes: [UInt8], _ options: JSONDecodingOptions) {
  let before = allocatedBytes()
  let message: M
  do {
    message = try M(jsonUTF8Bytes: bytes, options: options)
  } catch {
    require(error.line >= 1 && error.column >= 1 && error.path.hasPrefix("$"), "a place outside of the text: \(error)")
    return
  }
  let held = allocatedBytes() - before
  require(held <= 64 * bytes.count + 8_192, "\(bytes.count) bytes became a message of \(held)")
  var writing = JSONEncodingOptions(types: registry)
  writing.useDeterministicOrdering = true
  guard let text = try? message.jsonUTF8Bytes(options: writing) else { return }
  guard let again = try? M(jsonUTF8Bytes: text, options: options),
    let second = try? again.jsonUTF8Bytes(options: writing)
  else { return require(false, "what was written is not read: \(String(decoding: text, as: UTF8.self))") }
  require(second == text, "it is not itself again: \(String(decoding: text, as: UTF8.self))")
  let dynamic = try? DynamicMessage(
    named: M.protoMessageName, types: M.protoFile.definitions, jsonString: String(decoding: text, as: UTF8.self),
    options: options)
  require(dynamic != nil, "a definition is not enough to read it: \(String(decoding: text, as: UTF8.self))")
}

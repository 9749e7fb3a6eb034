import DubboCodeGen
import DubboProtobuf
import FuzzSupport

/// Any bytes are a request to generate code, or an error. An answer is well-formed, is the same each time, and its code is
/// bounded by a multiple of the request.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGenerator(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let request = input(start, count)
  let generator = CodeGenerator { _ in "mapping { module_name: \"Other\" proto_file_path: \"a.proto\" }" }
  guard let answer = try? generator.respond(to: request) else { return 0 }
  require(answer.count <= 2_000 * count + 65_536, "\(count) bytes became \(answer.count) of code")
  guard let again = try? generator.respond(to: request) else { return fail("the second time it is an error") }
  require(answer == again, "the second time it is another answer")
  // Two strings and a list of files: `error`, `supported_features` and `file` of CodeGeneratorResponse.
  require((try? Google_Protobuf_Empty(serializedBytes: answer)) != nil, "the answer is no message")
  return 0
}

private func fail(_ finding: String) -> CInt {
  require(false, finding)
  return 0
}

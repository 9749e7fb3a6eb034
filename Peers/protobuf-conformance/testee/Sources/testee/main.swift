import DubboProtobuf

// The program that Google's conformance runner drives: a length and a request on standard input, a length and the
// answer on standard output, until the input ends.
var types = TypeRegistry([
  ProtobufTestMessages_Proto3_TestAllTypesProto3.self, ProtobufTestMessages_Proto2_TestAllTypesProto2.self,
])
types.register(ProtobufTestMessages_Proto2_Extensions_extensionInt32)
let testee = Testee(types: types)
while let request = try Pipe.read() {
  try Pipe.write(try testee.answer(request))
}

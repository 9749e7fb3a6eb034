import DubboProtobuf

/// Reads the message of a request in one format and writes it in another.
struct Testee {
  let types: TypeRegistry

  func answer(_ bytes: [UInt8]) throws -> [UInt8] {
    let request = try Conformance_ConformanceRequest(serializedBytes: bytes)
    var response = Conformance_ConformanceResponse()
    response.result = result(of: request)
    return try response.serializedBytes()
  }

  private func result(of request: Conformance_ConformanceRequest) -> Conformance_ConformanceResponse.OneOf_Result {
    switch request.messageType {
    case "conformance.FailureSet": convert(request, Conformance_FailureSet.self)
    case "protobuf_test_messages.proto3.TestAllTypesProto3":
      convert(request, ProtobufTestMessages_Proto3_TestAllTypesProto3.self)
    case "protobuf_test_messages.proto2.TestAllTypesProto2":
      convert(request, ProtobufTestMessages_Proto2_TestAllTypesProto2.self)
    default: .skipped("no message \(request.messageType)")
    }
  }

  private func convert<M: Message>(
    _ request: Conformance_ConformanceRequest, _: M.Type
  ) -> Conformance_ConformanceResponse.OneOf_Result {
    let message: M
    do {
      switch request.payload {
      case .protobufPayload(let bytes): message = try M(serializedBytes: bytes)
      case .jsonPayload(let text):
        var options = JSONDecodingOptions(types: types)
        options.ignoreUnknownFields = request.testCategory == .jsonIgnoreUnknownParsingTest
        message = try M(jsonString: text, options: options)
      case .jspbPayload, .textPayload, nil: return .skipped("a format that is not supported")
      }
    } catch {
      return .parseError(String(describing: error))
    }
    do {
      switch request.requestedOutputFormat {
      case .protobuf: return .protobufPayload(try message.serializedBytes())
      case .json: return .jsonPayload(try message.jsonString(options: JSONEncodingOptions(types: types)))
      default: return .skipped("a format that is not supported")
      }
    } catch {
      return .serializeError(String(describing: error))
    }
  }
}

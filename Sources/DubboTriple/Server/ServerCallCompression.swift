internal import DubboCore
internal import DubboHTTP

/// How a call's messages are compressed: its requests as the caller says, its replies as the service says if the caller
/// takes it (gRPC over HTTP/2, Message-Encoding and Message-Accept-Encoding).
extension ServerCall {
  /// False when the caller compresses in a way that is not known here; it has been told then.
  func settleCompression(_ route: RouteTable.Target, _ codings: MessageCodings) -> Bool {
    if let name = fields.encoding {
      guard let coding = codings.named(name) else {
        var error = DubboError(
          .unimplemented,
          "messages compressed by '\(String(decoding: name, as: UTF8.self))' are not understood here, but \(codings.names)"
        )
        error.metadata.add(codings.names, for: "grpc-accept-encoding")
        fail(error)
        return false
      }
      requestCoding = coding
    }
    if let compressor = route.compressor, let accepted = fields.acceptedEncodings {
      replyCoding = codings.named(compressor, for: accepted)
    }
    return true
  }

  /// The entry of the answer's headers that says how its messages are compressed.
  var encodingBlock: [UInt8] {
    guard let replyCoding else { return [] }
    var metadata = Metadata()
    metadata.add(String(decoding: replyCoding.name, as: UTF8.self), for: "grpc-encoding")
    return metadata.block
  }

  /// What carries out a unary call, with its messages as the service knows them; nil when none of them is compressed.
  func coded(_ invoker: any Invoker) -> CodedInvoker? {
    guard requestCoding != nil || replyCoding != nil, streams == nil else { return nil }
    return CodedInvoker(invoker: invoker, request: requestCoding, reply: replyCoding)
  }
}

internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// What every call to one provider has in common, worked out once from its URL.
final class CallTarget: Sendable {
  let settings: TripleSettings
  let limits: HTTP2Limits
  let authority: [UInt8]
  /// How its connections are encrypted; nil: not at all.
  let tls: CallerTLS?
  /// The interface's path at this provider, when it differs from the interface's name.
  private let path: String?
  /// Group and version, in the form of `Metadata.block`.
  private let serviceBlock: [UInt8]
  /// For error texts.
  let name: String
  /// The compressions that providers may use; nil when they are told of none.
  let codings: MessageCodings?
  /// How requests are compressed; nil when they are not, or in a way of the provider's that is not known here.
  let requestCoding: MessageCoding?

  init(url: DubboURL, settings: TripleSettings) throws(DubboError) {
    self.settings = settings
    tls = try settings.callerTLS.tls(for: url)
    limits = settings.client.http2.heldInRange
    name = url["unix.path"] ?? url.address
    authority = Array((url["unix.path"] == nil ? url.address : "localhost").utf8)
    path = url.path.isEmpty || url.path == url.interface ? nil : url.path
    var metadata = Metadata()
    if let version = url.version { metadata.add(version, for: "tri-service-version") }
    if let group = url.group { metadata.add(group, for: "tri-service-group") }
    // Whoever wants to compress takes compressed replies, too.
    if url[CompressorKey.self] == nil {
      (codings, requestCoding) = (nil, nil)
    } else {
      let known = MessageCodings(settings.compressions, limit: settings.client.maxMessageSize)
      codings = known
      requestCoding = url.compressor.flatMap { known.named($0.utf8) }
      metadata.add(known.names, for: "grpc-accept-encoding")
      if requestCoding != nil, let name = url.compressor { metadata.add(name, for: "grpc-encoding") }
    }
    serviceBlock = metadata.block
  }

  /// The head of a request; the time that is left is the time from `now` on.
  func head(_ invocation: Invocation, now: MonotonicInstant) -> RequestHead {
    var block = serviceBlock
    if let deadline = invocation.deadline {
      let left = deadline.nanoseconds > now.nanoseconds ? deadline.nanoseconds - now.nanoseconds : 0
      let value = GRPCTimeout.format(nanoseconds: left)
      block.append(contentsOf: [0, 12, 0, 0, 0, UInt8(truncatingIfNeeded: value.count)])
      block.append(contentsOf: Self.timeoutName)
      block.append(contentsOf: value)
    }
    block.append(contentsOf: invocation.metadata.block)
    return RequestHead(
      scheme: tls == nil ? "http" : "https", authority: authority, path: requestPath(invocation.method),
      constants: constants(invocation, &block), block: block)
  }

  /// What begins the request, by the format of its messages. A content type that is no constant goes into the block,
  /// which each call has of its own.
  private func constants(_ invocation: Invocation, _ block: inout [UInt8]) -> ConstantHeaders {
    switch invocation.attributes[PayloadFormatKey.self] {
    case nil, .protobuf?: return CallHeaders.request
    case .json?: return CallHeaders.jsonRequest
    case let format?:
      CallHeaders.append(contentType: format, to: &block)
      return CallHeaders.bareRequest
    }
  }

  private func requestPath(_ method: MethodDescriptor) -> [UInt8] {
    guard let path else { return Array(method.path.utf8) }
    return Array("/\(path)/\(method.name)".utf8)
  }

  private static let timeoutName = Array("grpc-timeout".utf8)
}

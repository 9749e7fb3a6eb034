internal import DubboCore

/// The trailers that say how a call failed.
enum StatusBlock {
  /// `grpc-status`, `grpc-message` and, where there are any, `grpc-status-details-bin`, as a block of fields.
  static func fields(of error: DubboError) -> [UInt8] {
    var metadata = Metadata()
    metadata.add(String(max(error.code.rawValue, 0)), for: "grpc-status")
    if !error.message.isEmpty {
      // A caller's header limit is rarely below 8 KiB; an error that says more says too much.
      let text = StatusMessage.encode(error.message).prefix(4_096)
      metadata.add(String(decoding: text, as: UTF8.self), for: "grpc-message")
    }
    if !error.details.isEmpty { metadata.add(bytes: error.details, for: "grpc-status-details-bin") }
    return metadata.block
  }
}

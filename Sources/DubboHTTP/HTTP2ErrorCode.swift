/// An error code of RST_STREAM and GOAWAY (RFC 9113, section 7). Unknown codes survive as their number.
package struct HTTP2ErrorCode: RawRepresentable, Sendable, Hashable {
  package var rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package static var noError: Self { .init(rawValue: 0) }
  package static var protocolError: Self { .init(rawValue: 1) }
  package static var internalError: Self { .init(rawValue: 2) }
  package static var flowControlError: Self { .init(rawValue: 3) }
  package static var settingsTimeout: Self { .init(rawValue: 4) }
  package static var streamClosed: Self { .init(rawValue: 5) }
  package static var frameSizeError: Self { .init(rawValue: 6) }
  package static var refusedStream: Self { .init(rawValue: 7) }
  package static var cancel: Self { .init(rawValue: 8) }
  package static var compressionError: Self { .init(rawValue: 9) }
  package static var connectError: Self { .init(rawValue: 10) }
  package static var enhanceYourCalm: Self { .init(rawValue: 11) }
  package static var inadequateSecurity: Self { .init(rawValue: 12) }
  package static var http11Required: Self { .init(rawValue: 13) }
}

extension HTTP2ErrorCode: CustomStringConvertible {
  private static let names = [
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
    "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
  ]

  package var description: String {
    rawValue < UInt32(Self.names.count) ? Self.names[Int(rawValue)] : "error code \(rawValue)"
  }
}

internal import DubboCore
internal import DubboHTTP

extension StatusCode {
  /// What an HTTP status means for a call whose answer is not gRPC's (gRPC's `http-grpc-status-mapping.md`).
  init(httpStatus: Int) {
    switch httpStatus {
    case 400, 431: self = .internal
    case 401: self = .unauthenticated
    case 403: self = .permissionDenied
    case 404: self = .unimplemented
    case 429, 502, 503, 504: self = .unavailable
    default: self = .unknown
    }
  }

  /// What the HTTP/2 error code of a reset means for its call (gRPC over HTTP/2, Errors).
  init(reset code: HTTP2ErrorCode) {
    switch code {
    case .refusedStream: self = .unavailable
    case .cancel: self = .cancelled
    case .enhanceYourCalm: self = .resourceExhausted
    case .inadequateSecurity: self = .permissionDenied
    default: self = .internal
    }
  }
}

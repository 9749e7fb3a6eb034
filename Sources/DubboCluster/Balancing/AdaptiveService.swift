package import DubboCore

/// The attachments by which Dubbo for Go's adaptive service asks providers how many more calls of a method they would
/// take, and their answers.
package enum AdaptiveService {
  package static let enabled = "adaptive-service.enabled"
  package static let remaining = "adaptive-service.remaining"
  package static let inFlight = "adaptive-service.inflight"
  static let isEnabled = "1"

  package static func isWanted(by metadata: Metadata) -> Bool {
    metadata[enabled] == isEnabled
  }

  /// What a provider says remains; nil when it says nothing, or no number.
  static func remaining(in reply: Reply) -> Int? {
    (reply.trailers[remaining] ?? reply.headers[remaining]).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }
}

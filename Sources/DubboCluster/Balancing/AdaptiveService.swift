package import DubboCore

/// The attachments by which Dubbo for Go's adaptive service asks providers how many more calls of a method they would
/// take, and their answers.
package enum AdaptiveService {
  package static let enabled = "adaptive-service.enabled"
  package static let remaining = "adaptive-service.remaining"
  package static let inFlight = "adaptive-service.inflight"
  static let isEnabled = "1"
  private static let staticEnabled: StaticString = "adaptive-service.enabled"

  package static func isWanted(by metadata: Metadata) -> Bool {
    guard !metadata.isEmpty, let value = metadata.firstValue(of: staticEnabled) else { return false }
    return metadata.block[value].elementsEqual(isEnabled.utf8)
  }

  /// What a provider says remains; nil when it says nothing, or no number.
  static func remaining(in reply: Reply) -> Int? {
    guard !reply.trailers.isEmpty || !reply.headers.isEmpty,
      let number = (reply.trailers[remaining] ?? reply.headers[remaining]).flatMap({ Int($0) }), number >= 0
    else { return nil }
    return number
  }
}

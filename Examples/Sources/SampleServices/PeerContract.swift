public import Dubbo

extension DubboApplication {
  /// Makes every service obey the metadata by which tests steer a server: `x-echo-…`, `x-sleep-ms`, `x-fail` and
  /// `x-fail-after`. `Peers/README.md` describes them. A filter of one's own is made known and chosen as this one is.
  public mutating func obeyPeerContract() {
    extensions.register("peer-contract", for: Filters.self) { _ in PeerContract() }
    providerParameters["service.filter"] = "default,peer-contract"
  }
}

extension ServerContext {
  /// The numbers of the answers of a method that streams them: ten, or what the metadata `repeat` says.
  var answers: Range<Int> {
    let count = metadata["repeat"].flatMap { Int($0) } ?? 10
    return 1..<max(1, min(count, 1_000_000) + 1)
  }
}

/// Does what a request's metadata asks for, before and around the method.
struct PeerContract: Filter {
  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    if let context = invocation.server {
      for (name, value) in invocation.metadata where name.hasPrefix("x-echo-") {
        context.responseHeaders.add(value, for: name)
        context.responseTrailers.add(value, for: "x-trail-" + name.dropFirst("x-echo-".count))
      }
    }
    if let milliseconds = invocation.metadata["x-sleep-ms"].flatMap({ Int($0) }) {
      try await Task.sleep(for: .milliseconds(max(0, milliseconds)))
    }
    guard let failure = invocation.metadata["x-fail"].map(Self.failure) else { return try await next(invocation) }
    let after = invocation.metadata["x-fail-after"].flatMap { Int($0) } ?? 0
    if after > 0, invocation.method.kind.streamsReplies, case .inbound(let stream) = invocation.body {
      var invocation = invocation
      let replies = FailingWriter(writer: stream.replies, after: after, failure: failure)
      invocation.body = .inbound(InboundStream(requests: stream.requests, replies: replies))
      _ = try await next(invocation)
    }
    throw failure
  }

  /// Reads `CODE MESSAGE`: a name or a number, then percent-encoded UTF-8 that may be missing.
  private static func failure(_ text: String) -> DubboError {
    let parts = text.split(separator: " ", maxSplits: 1)
    let code = parts.first.flatMap { part in
      StatusCode(name: String(part)) ?? Int(part).map { StatusCode(rawValue: $0) }
    }
    return DubboError(code ?? .unknown, parts.count > 1 ? percentDecoded(parts[1]) : "")
  }

  private static func percentDecoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Lets some answers through and then fails.
private actor FailingWriter: MessageWriter {
  private let writer: any MessageWriter
  private let failure: DubboError
  private var left: Int

  init(writer: any MessageWriter, after: Int, failure: DubboError) {
    self.writer = writer
    self.failure = failure
    left = after
  }

  func write(_ message: [UInt8]) async throws {
    try await writer.write(message)
    left -= 1
    if left <= 0 { throw failure }
  }

  func finish() async throws { try await writer.finish() }
}

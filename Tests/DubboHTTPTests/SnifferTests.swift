import DubboHTTP
import Testing

@Suite struct SnifferTests {
  private func judge(_ text: String) -> ProtocolSniffer.Verdict { judge(Array(text.utf8)) }
  private func judge(_ bytes: [UInt8]) -> ProtocolSniffer.Verdict { bytes.withUnsafeBytes(ProtocolSniffer.judge) }

  @Test func `HTTP2 is known by its whole preface`() {
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    for length in 0..<24 { #expect(judge(String(preface.prefix(length))) == .needsMore || length > 14) }
    let bytes = Array(preface.utf8)
    for length in 0..<24 { #expect(judge(Array(bytes.prefix(length))) == .needsMore) }
    #expect(judge(bytes) == .http2)
    #expect(judge(bytes + [0, 0, 0]) == .http2)
    #expect(judge("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n") == .unknown)
  }

  @Test(arguments: ["GET", "PUT", "POST", "HEAD", "PATCH", "TRACE", "DELETE", "CONNECT", "OPTIONS"])
  func `HTTP1 is known by its method`(_ method: String) {
    for length in 1...method.utf8.count { #expect(judge(String(method.prefix(length))) == .needsMore) }
    #expect(judge(method + " ") == .http1)
    #expect(judge(method + " / HTTP/1.1\r\n") == .http1)
    #expect(judge(method.lowercased() + " / HTTP/1.1\r\n") == .unknown)
  }

  @Test func `TLS, Dubbo's older protocol and garbage are told apart`() {
    #expect(judge([0x16]) == .needsMore)
    #expect(judge([0x16, 3, 1, 2, 0]) == .tls)
    #expect(judge([0x16, 9]) == .unknown)
    #expect(judge([0xDA]) == .needsMore)
    #expect(judge([0xDA, 0xBB, 0xC2]) == .dubbo)
    #expect(judge([0xDA, 0xBA]) == .unknown)
    #expect(judge([0]) == .unknown)
    #expect(judge("SSH-2.0") == .unknown)
    #expect(judge([]) == .needsMore)
  }

  @Test func `the answer to HTTP1 is one complete response that says what to do`() throws {
    let text = String(decoding: HTTP1Refusal.response, as: UTF8.self)
    #expect(text.hasPrefix("HTTP/1.1 505 "))
    let parts = text.components("\r\n\r\n")
    let head = try #require(parts.first)
    let body = try #require(parts.last)
    #expect(head.contains("\r\nconnection: close"))
    #expect(head.contains("\r\ncontent-length: \(body.utf8.count)"))
    #expect(body.contains("HTTP/2 with prior knowledge"))
    #expect(!head.replacing("\r\n").contains("\n"))
  }
}

extension String {
  /// The text before and behind the first `separator`.
  fileprivate func components(_ separator: String) -> [String] {
    guard let range = firstRange(of: separator) else { return [self] }
    return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
  }

  fileprivate func replacing(_ part: String) -> String { replacing(part, with: "") }
}

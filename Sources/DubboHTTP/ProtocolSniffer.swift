/// Tells what a client speaks from the first bytes it sends.
///
/// Pure: give it everything that has arrived so far, at most 24 bytes are looked at. A peer that never sends enough is
/// the caller's preface timer's business.
package enum ProtocolSniffer {
  package enum Verdict: Sendable, Hashable {
    /// The bytes so far fit more than one protocol.
    case needsMore
    /// The whole connection preface of RFC 9113. It is part of the stream and goes to the engine.
    case http2
    /// A request line that starts with a method of HTTP/1.x.
    case http1
    /// A TLS record: the peer expects an encrypted port.
    case tls
    /// The magic 0xDABB of Dubbo's older TCP protocol.
    case dubbo
    /// None of them.
    case unknown
  }

  private static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
  private static let methods: [StaticString] = [
    "GET ", "PUT ", "POST ", "HEAD ", "PATCH ", "TRACE ", "DELETE ", "CONNECT ", "OPTIONS ",
  ]

  package static func judge(_ bytes: UnsafeRawBufferPointer) -> Verdict {
    guard let first = bytes.first else { return .needsMore }
    switch first {
    case 0x16:
      // A handshake record, then the major version 3.
      guard bytes.count > 1 else { return .needsMore }
      return bytes[1] == 3 ? .tls : .unknown
    case 0xDA:
      guard bytes.count > 1 else { return .needsMore }
      return bytes[1] == 0xBB ? .dubbo : .unknown
    default:
      break
    }
    switch compare(bytes, preface) {
    case .whole: return .http2
    case .begun: return .needsMore
    case .different: break
    }
    var begun = false
    for method in methods {
      switch compare(bytes, method) {
      case .whole: return .http1
      case .begun: begun = true
      case .different: break
      }
    }
    return begun ? .needsMore : .unknown
  }

  private enum Comparison { case whole, begun, different }

  private static func compare(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Comparison {
    text.withUTF8Buffer { expected in
      for index in 0..<min(bytes.count, expected.count) where bytes[index] != expected[index] { return .different }
      return bytes.count >= expected.count ? .whole : .begun
    }
  }
}

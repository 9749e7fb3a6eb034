/// The one answer that an HTTP/2 port gives to HTTP/1.x, before it closes the connection.
package enum HTTP1Refusal {
  private static let sentence =
    "This port speaks HTTP/2 with prior knowledge (Dubbo Triple, gRPC). Older versions are not served here.\n"

  /// A complete response, for every HTTP/1.x request.
  package static let response = [UInt8](
    """
    HTTP/1.1 505 HTTP Version Not Supported\r
    content-type: text/plain; charset=utf-8\r
    content-length: \(sentence.utf8.count)\r
    connection: close\r
    \r
    \(sentence)
    """.utf8)
}

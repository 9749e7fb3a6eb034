package import DubboCrypto

/// How connections to one server are encrypted.
package struct CallerTLS: Sendable {
  package var contexts: TLSContextSource
  /// The host name or address that the server's certificate must be for.
  package var serverName: String

  package init(_ contexts: TLSContextSource, serverName: String) {
    self.contexts = contexts
    self.serverName = serverName
  }
}

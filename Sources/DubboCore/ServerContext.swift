internal import Synchronization

/// A call as the provider's method sees it: who calls, with which metadata, until when, and what goes back beside the
/// answer. Safe to use from any task of the call.
public final class ServerContext: Sendable {
  /// What is called.
  public let method: MethodDescriptor
  /// What came with the request.
  public let metadata: Metadata
  /// Who calls, and how.
  public let peer: Peer
  /// When the caller stops waiting; the method's task is cancelled then.
  public let deadline: MonotonicInstant?

  private struct Response {
    var headers = Metadata()
    var trailers = Metadata()
  }

  private let response = Mutex(Response())

  public init(method: MethodDescriptor, metadata: Metadata, peer: Peer, deadline: MonotonicInstant?) {
    self.method = method
    self.metadata = metadata
    self.peer = peer
    self.deadline = deadline
  }

  /// Metadata that goes back before the first message. What is set after that is not sent.
  public var responseHeaders: Metadata {
    get { response.withLock { $0.headers } }
    set { response.withLock { $0.headers = newValue } }
  }

  /// Metadata that goes back with the status.
  public var responseTrailers: Metadata {
    get { response.withLock { $0.trailers } }
    set { response.withLock { $0.trailers = newValue } }
  }

  /// Both at once, for the protocol that sends them.
  package func takeResponse() -> (headers: Metadata, trailers: Metadata) {
    response.withLock { ($0.headers, $0.trailers) }
  }

  /// How long the caller still waits; nil when it set no limit, zero when the time is over.
  public var remainingTime: Duration? {
    deadline.map { max(.zero, MonotonicInstant.now.duration(to: $0)) }
  }
}

/// The other end of a call.
public final class Peer: Sendable {
  /// Its address as text: `127.0.0.1:50123`, `[::1]:50123`, `unix:/path`, or `in-process`.
  public let address: String
  /// This side's address, in the same form.
  public let localAddress: String
  /// Who it has shown to be: its certificate, which was checked; nil without TLS and where none is asked for.
  public let certificate: PeerCertificate?

  public init(address: String, localAddress: String, certificate: PeerCertificate? = nil) {
    self.address = address
    self.localAddress = localAddress
    self.certificate = certificate
  }
}

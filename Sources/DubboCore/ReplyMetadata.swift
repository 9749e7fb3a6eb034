internal import Synchronization

/// What a provider sent beside its answer, for a caller that asks:
///
///     let beside = ReplyMetadata()
///     let reply = try await greeter.greet(request, options: .init(replyMetadata: beside))
///     print(beside.trailers["x-cost"] ?? "free")
///
/// Both are empty until the call has ended well; a failed call has its trailers on its `DubboError`. Used for several
/// calls it holds what came with the one that ended last. Safe to use from any task.
public final class ReplyMetadata: Sendable {
  private let stored = Mutex((headers: Metadata(), trailers: Metadata()))

  public init() {}

  /// What came before the answer (gRPC's initial metadata).
  public var headers: Metadata { stored.withLock { $0.headers } }

  /// What came with the status (gRPC's trailing metadata; Dubbo's response attachments).
  public var trailers: Metadata { stored.withLock { $0.trailers } }

  /// Takes what came with `reply`: for stubs, once a call has ended well.
  public func record(_ reply: Reply) {
    stored.withLock { $0 = (reply.headers, reply.trailers) }
  }
}

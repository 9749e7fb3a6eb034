public import DubboCore

/// The providers of one service, as a cluster asks for them.
public protocol Directory: Sendable {
  /// The service.
  var service: ServiceKey { get }
  /// What is known now, without waiting.
  var snapshot: DirectorySnapshot { get }

  /// The candidates that may take `invocation`, routing done; never empty.
  ///
  /// Waits for the first providers until the invocation's deadline and no longer. Throws `DubboError`: `UNAVAILABLE`
  /// with the reason `noProvider` when nobody provides the service or routing leaves nobody. Asked before every
  /// attempt, so a retry sees what has changed since.
  func list(_ invocation: Invocation) async throws -> Roster
}

/// The candidates of a service at one moment, and the rules that choose among them: immutable, read without a lock.
public final class DirectorySnapshot: Sendable {
  /// Grows by one with every change of the directory.
  public let version: Int
  /// All candidates, before routing.
  public let roster: Roster

  public init(version: Int, roster: Roster) {
    self.version = version
    self.roster = roster
  }

  /// The candidates that may take `invocation`.
  public func route(_ invocation: Invocation, _ context: ChoiceContext) -> Roster {
    roster
  }
}

extension DirectorySnapshot {
  /// The candidates that may take `invocation`, or the error that says why there is none.
  func routed(_ invocation: Invocation, service: ServiceKey, _ context: ChoiceContext) throws -> Roster {
    let routed = route(invocation, context)
    if routed.isEmpty { throw DubboError.noProvider(of: service, invocation.method, routedAwayFrom: roster.count) }
    return routed
  }
}

extension DubboError {
  static func noProvider(
    of service: ServiceKey, _ method: MethodDescriptor, routedAwayFrom count: Int
  ) -> DubboError {
    let text =
      count == 0
      ? "nobody provides \(service); is a provider running, and do both sides use the same registry, group and version?"
      : "the routing rules leave none of the \(count) providers of \(service) for \(method.name); see the rules' "
        + "conditions and tags"
    return DubboError(.unavailable, text, reason: .noProvider, progress: .notSent)
  }
}

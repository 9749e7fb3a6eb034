import DubboCluster
import DubboCore
import Synchronization

/// A strategy that tries again after any failure, for as long as there is time.
struct EndlessRetry: Invoker {
  let context: ClusterContext

  func invoke(_ invocation: Invocation) async throws -> Reply {
    let clock = context.choice.clock
    while true {
      do {
        return try await FailfastCluster(context).invoke(invocation)
      } catch {
        guard let deadline = invocation.deadline, clock.now < deadline, !Task.isCancelled else { throw error }
        try await clock.sleep(for: .milliseconds(5))
      }
    }
  }
}

/// A directory that keeps the first list that it was asked for.
final class StaleDirectory: Directory {
  private let directory: any Directory
  private let kept = Mutex<Roster?>(nil)

  init(_ directory: any Directory) { self.directory = directory }

  var service: ServiceKey { directory.service }
  var snapshot: DirectorySnapshot { directory.snapshot }

  func list(_ invocation: Invocation) async throws -> Roster {
    if let roster = kept.withLock({ $0 }) { return roster }
    let roster = try await directory.list(invocation)
    kept.withLock { $0 = roster }
    return roster
  }
}

/// An endpoint whose every tenth answer waits for `spoil`.
struct SpoiltEndpoint: Endpoint {
  let endpoint: any Endpoint
  let turn: Turn
  let spoil: @Sendable (Invocation) async -> Void

  final class Turn: Sendable {
    private let count = Mutex(0)

    var isTenth: Bool {
      count.withLock { count in
        count += 1
        return count % 10 == 0
      }
    }
  }

  var url: DubboURL { endpoint.url }
  var availability: Availability { endpoint.availability }
  func close() async { await endpoint.close() }

  func invoke(_ invocation: Invocation) async throws -> Reply {
    let reply = try await endpoint.invoke(invocation)
    if turn.isTenth { await spoil(invocation) }
    return reply
  }
}

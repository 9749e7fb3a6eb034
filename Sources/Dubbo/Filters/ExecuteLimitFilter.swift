internal import DubboCore
internal import Synchronization

/// `executelimit`: a provider runs at most so many calls of a method at a time (`executes`) and refuses the next one at
/// once, for a queue would only make everybody late.
final class ExecuteLimitFilter: BracketFilter {
  /// How many calls of each method run; through every change of the limit.
  private final class Running: Sendable {
    let calls = Mutex<[String: Int]>([:])
  }

  private let limits: PerMethod<ExecutesKey>
  private let running: Running

  init(_ context: FilterContext) {
    limits = PerMethod(context.url, ExecutesKey.self)
    running = context.memory.kept { Running() }
  }

  func concerns(_ method: MethodDescriptor) -> Bool { limits[method.name] > 0 }

  func begin(_ invocation: inout Invocation) throws {
    let name = invocation.method.name
    let limit = limits[name]
    guard limit > 0 else { return }
    let isFree = running.calls.withLock { running in
      guard running[name, default: 0] < limit else { return false }
      running[name, default: 0] += 1
      return true
    }
    guard isFree else {
      throw DubboError(
        .resourceExhausted, "\(invocation.method) runs \(limit) calls at a time (executes), and does",
        reason: .limit, progress: .refused)
    }
  }

  func end(_ invocation: Invocation, _ error: (any Error)?) {
    let name = invocation.method.name
    guard limits[name] > 0 else { return }
    running.calls.withLock { running in
      // Names without a call are forgotten, so that there are never more than calls.
      running[name] = running[name].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
  }
}

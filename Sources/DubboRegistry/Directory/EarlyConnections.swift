internal import DubboCluster
internal import DubboCore
internal import Synchronization

/// Connections to the providers of one directory that are opened before calls need them: to each provider once, when it
/// has come. What becomes of a connection, or of an attempt that fails, is its endpoint's affair.
///
/// So many at a time, in an order that chance decides, so that consumers whose allowance is smaller than the number of
/// providers do not all choose the same ones.
final class EarlyConnections: Sendable {
  /// Providers that are connected to at a time.
  static let width = 8

  private let allowance: ConnectionAllowance
  private let choice: ChoiceContext
  private let log: Log
  private let bell = Doorbell()
  private let areWanted = Atomic<Bool>(false)
  private let underWay = Atomic<Int>(0)

  init(_ allowance: ConnectionAllowance, _ choice: ChoiceContext, _ log: Log) {
    self.allowance = allowance
    self.choice = choice
    self.log = log
  }

  /// Begins, for as long as `run` runs. Any number of times.
  func want() {
    areWanted.store(true, ordering: .releasing)
    bell.ring()
  }

  func providersChanged() {
    bell.ring()
  }

  /// Opens connections to the providers of `present` until the task is cancelled.
  func run(_ present: () -> DirectorySnapshot) async {
    var plan = EarlyPlan()
    var hasTold = false
    var generator = SharedGenerator(choice.random)
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        await bell.wait()
        guard areWanted.load(ordering: .acquiring), !Task.isCancelled else { continue }
        plan.follow(present(), allowance, using: &generator)
        while underWay.load(ordering: .acquiring) < Self.width, let next = plan.next(allowance) {
          underWay.add(1, ordering: .acquiringAndReleasing)
          group.addTask {
            await next.endpoint.connect()
            self.underWay.subtract(1, ordering: .acquiringAndReleasing)
            self.bell.ring()
          }
        }
        guard plan.isHeldBack, !hasTold else { continue }
        hasTold = true
        log.info(
          "has opened as many connections before calls as an application may; calls open the others",
          ["providers": plan.waiting.count])
      }
    }
    plan.end(allowance)
  }
}

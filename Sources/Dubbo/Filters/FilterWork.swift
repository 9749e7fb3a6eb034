internal import DubboCluster
internal import DubboRegistry
internal import Synchronization

/// What the filters of a service or a reference do beside its calls: that of the present chain runs, and ends when another
/// chain takes its place.
final class FilterWork: Sendable {
  private let tasks: TaskScope
  private let end = Mutex<Doorbell?>(nil)

  init(_ tasks: TaskScope) {
    self.tasks = tasks
  }

  /// Runs `work` in place of what runs.
  func replace(with work: [any BackgroundWork]) {
    let next = work.isEmpty ? nil : Doorbell()
    end.withLock { end in
      defer { end = next }
      return end
    }?.ring()
    guard let next else { return }
    tasks.start {
      await withTaskGroup { group in
        for one in work { group.addTask { await one.run() } }
        await next.wait()
        group.cancelAll()
      }
    }
  }
}

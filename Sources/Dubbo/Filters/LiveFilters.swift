internal import DubboCluster
internal import DubboCore
internal import Synchronization

/// The filters of a reference around its cluster: as its own URL says, and as override rules have it while they say
/// otherwise.
///
/// The filters of the reference's own URL live as long as it does, for calls read them without a lock and go back to them;
/// of those that rules ask for only the present ones do.
final class LiveFilters: Sendable {
  private let consumer: DubboURL
  private let cluster: any Invoker
  private let application: DubboApplication
  private let tasks: TaskScope
  /// What the filters count, through all of their changes.
  private let memory = FilterMemory()
  private let given: any Invoker
  private let isOverridden = Atomic<Bool>(false)
  private let overridden = Mutex<(any Invoker)?>(nil)

  init(_ consumer: DubboURL, around cluster: any Invoker, _ application: DubboApplication, _ tasks: TaskScope) throws {
    self.consumer = consumer
    self.cluster = cluster
    self.application = application
    self.tasks = tasks
    let chain = try FilterChain(consumer, side: .consumer, application, memory: memory)
    given = chain.around(cluster)
    FilterWork(tasks).replace(with: chain.background)
  }

  /// What carries out a call that begins now. While no rule changes the reference that is one atomic load.
  var invoker: any Invoker {
    guard isOverridden.load(ordering: .acquiring) else { return given }
    return overridden.withLock { $0 } ?? given
  }

  /// Keeps the filters as the rules of `changes` say, until the task is cancelled. Rules that cannot be followed leave
  /// what is there, and are told once.
  func follow(_ changes: AsyncStream<OverrideSet>) async {
    let work = FilterWork(tasks)
    var present = consumer
    for await rules in changes {
      let wanted = rules.applied(
        to: consumer, side: .consumer, service: ServiceKey(consumer), localHost: consumer.host)
      // Most changes are about other things, such as single providers.
      guard wanted != present else { continue }
      present = wanted
      do {
        let isOwn = wanted == consumer
        let chain = try isOwn ? nil : FilterChain(wanted, side: .consumer, application, memory: memory)
        replace(with: chain?.around(cluster))
        work.replace(with: chain?.background ?? [])
      } catch {
        application.log.warning(
          "what rules say of a reference's filters is not followed",
          ["service": ServiceKey(consumer), "error": "\(error)"])
      }
    }
  }

  /// - Parameter next: nil for the filters of the reference's own URL.
  private func replace(with next: (any Invoker)?) {
    // What is replaced is let go of after the lock, which calls wait for, not under it.
    let replaced = overridden.withLock { present in
      defer { present = next }
      return present
    }
    isOverridden.store(next != nil, ordering: .releasing)
    extendLifetime(replaced)
  }
}

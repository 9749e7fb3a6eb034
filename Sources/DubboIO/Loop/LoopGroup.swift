internal import CLibuv
package import DubboCore
internal import Synchronization

/// The event loops of an application, each on its thread. For any thread.
package final class LoopGroup: Sendable {
  package let loops: [EventLoop]
  /// The sockets of all these loops against the process's limit.
  package let descriptors: DescriptorBudget
  private let threads: [LoopThread]
  private let turn = Atomic<UInt>(0)

  /// Starts the loops.
  ///
  /// - Parameter count: how many; nil for one per processor that this process may use.
  package init(
    count: Int? = nil, descriptors: DescriptorBudget = DescriptorBudget(), log: Log = Log(label: "io")
  ) throws(IOFailure) {
    var threads: [LoopThread] = []
    for number in 1...max(1, count ?? Int(dubbo_parallelism())) {
      do throws(IOFailure) {
        threads.append(try LoopThread(descriptors: descriptors, log: log, name: "io-\(number)"))
      } catch {
        for thread in threads { thread.abandon() }
        throw error
      }
    }
    self.threads = threads
    self.descriptors = descriptors
    loops = threads.map(\.loop)
  }

  /// A group of loops that something else drives, such as a simulation.
  package init(driven loops: [EventLoop], descriptors: DescriptorBudget) {
    precondition(!loops.isEmpty, "a group has at least one loop")
    threads = []
    self.loops = loops
    self.descriptors = descriptors
  }

  /// The loops in turn.
  package func next() -> EventLoop {
    guard loops.count > 1 else { return loops[0] }
    return loops[Int(turn.wrappingAdd(1, ordering: .relaxed).oldValue % UInt(loops.count))]
  }

  /// Closes everything that is open on the loops and returns when their threads are gone. Jobs of tasks that still run
  /// go on, one at a time for each loop, on the global pool. The second call does no harm and waits like the first.
  package func shutdown() async {
    for thread in threads { thread.loop.end() }
    for thread in threads { await thread.join() }
  }

  deinit {
    // Without `shutdown()` nobody waits for the threads; they leave all the same.
    for thread in threads { thread.abandon() }
  }
}

import Testing

@testable import Dubbo

@Suite struct TaskScopeTests {
  /// Stands for an event loop.
  private final class Loop: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) { globalConcurrentExecutor.enqueue(job) }
  }

  private static func preference() -> UnownedTaskExecutor? {
    withUnsafeCurrentTask { $0?.unownedTaskExecutor }
  }

  @Test func `an application's own tasks keep off the executor of the task that runs it`() async {
    let loop = Loop()
    let scope = TaskScope()
    let (seen, told) = AsyncStream<Bool>.makeStream()
    scope.start {
      told.yield(Self.preference() == globalConcurrentExecutor.asUnownedTaskExecutor())
      scope.finish()
    }
    await withTaskExecutorPreference(loop) {
      #expect(Self.preference() == loop.asUnownedTaskExecutor())
      await scope.run()
    }
    var iterator = seen.makeAsyncIterator()
    #expect(await iterator.next() == true)
  }
}

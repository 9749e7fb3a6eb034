import DubboCore
import DubboIO
import Synchronization
import Testing

@Suite struct EventLoopTests {
  final class Counter: LoopWork {
    let remaining: Atomic<Int>
    let offLoop = Atomic<Int>(0)
    let done = Promise<Void>()
    init(_ count: Int) { remaining = Atomic(count) }
    func run(on loop: EventLoop) {
      if !loop.isCurrent { offLoop.add(1, ordering: .relaxed) }
      if remaining.subtract(1, ordering: .relaxed).newValue == 0 { done.fulfil(()) }
    }
  }

  @Test func `work from many threads runs on the loop, all of it`() async throws {
    try await withLoops(1) { group in
      let loop = group.next()
      let counter = Counter(8 * 500)
      await withTaskGroup(of: Void.self) { tasks in
        for _ in 0..<8 {
          tasks.addTask { for _ in 0..<500 where !loop.submit(counter) { Issue.record("refused") } }
        }
      }
      await counter.done.value
      #expect(counter.offLoop.load(ordering: .relaxed) == 0)
    }
  }

  @Test func `tasks with the loop as their preference run on it and come back to it`() async throws {
    try await withLoops(2) { group in
      await withTaskGroup(of: Bool.self) { tasks in
        for index in 0..<200 {
          let loop = group.loops[index % 2]
          tasks.addTask(executorPreference: loop) {
            var isHome = loop.isCurrent
            for _ in 0..<10 {
              await Task.yield()
              isHome = isHome && loop.isCurrent
            }
            _ = await Promise<Int>.fulfilled(3).value
            return isHome && loop.isCurrent
          }
        }
        for await isHome in tasks { #expect(isHome) }
      }
    }
  }

  @Test func `a task that yields for ever does not keep the loop from other work`() async throws {
    try await withLoops(1) { group in
      let loop = group.next()
      let stop = Atomic<Bool>(false)
      async let spinner: Void = withTaskExecutorPreference(loop) {
        while !stop.load(ordering: .relaxed) { await Task.yield() }
      }
      let value = try await loop.perform { 42 }
      #expect(value == 42)
      let timer = Timer(.milliseconds(5))
      #expect(loop.submit(timer))
      await timer.reached.value
      stop.store(true, ordering: .relaxed)
      await spinner
    }
  }

  final class Timer: LoopWork, DeadlineHandler {
    let delay: Duration
    let reached = Promise<Void>()
    init(_ delay: Duration) { self.delay = delay }
    func run(on loop: EventLoop) {
      _ = loop.deadlines.arm(self, at: loop.now.advanced(by: delay))
    }
    func deadlineReached(_ token: DeadlineToken) { reached.fulfil(()) }
  }

  @Test func `the loop wakes for its deadlines`() async throws {
    try await withLoops(1) { group in
      let timers = [30, 1, 12, 0].map { Timer(.milliseconds($0)) }
      for timer in timers { #expect(group.next().submit(timer)) }
      for timer in timers { await timer.reached.value }
    }
  }

  final class Request: LoopRequest {
    let loop: EventLoop
    let steps: Int
    var log: [String] = []
    let done = Promise<[String]>()
    init(_ loop: EventLoop, steps: Int) {
      self.loop = loop
      self.steps = steps
    }
    let name = "test"
    var worker: RequestWorker?
    func run(in worker: RequestWorker) async {
      self.worker = worker
      defer { self.worker = nil }
      for step in 0..<steps {
        log.append("\(step) \(loop.isCurrent)")
        await Task.yield()
      }
      log.append(Task.isCancelled ? "cancelled" : "done")
      done.fulfil(log)
    }
  }

  @Test func `a request starts on the caller's stack and is over at once when it does not suspend`() async throws {
    try await withLoops(1) { group in
      let loop = group.next()
      let log = try await loop.perform {
        let request = Request(loop, steps: 0)
        loop.queue(request)
        loop.startRequests()
        return request.log
      }
      #expect(log == ["done"])
    }
  }

  @Test func `a request that suspends goes on on the loop and can be cancelled`() async throws {
    try await withLoops(1) { group in
      let loop = group.next()
      let done = try await loop.perform {
        let request = Request(loop, steps: 3)
        loop.queue(request)
        loop.startRequests()
        request.worker?.cancel()
        return request.done
      }
      #expect(await done.value == ["0 true", "1 true", "2 true", "cancelled"])
    }
  }

  @Test func `requests that suspend overlap, and cancelling one leaves those that come after it alone`() async throws {
    try await withLoops(1) { group in
      let loop = group.next()
      for cancelled in [0, 2, nil] {
        let requests = try await loop.perform {
          let requests = (0..<4).map { Request(loop, steps: $0) }
          for request in requests { loop.queue(request) }
          loop.startRequests()
          if let cancelled { requests[cancelled].worker?.cancel() }
          return requests.map(\.done)
        }
        for (index, done) in requests.enumerated() {
          // The first has no step to suspend at, so it was over before it could be cancelled.
          let end = index == cancelled && index > 0 ? "cancelled" : "done"
          #expect(await done.value == (0..<index).map { "\($0) true" } + [end])
        }
      }
    }
  }

  @Test func `a loop ends with workers that have nothing to do and with requests under way`() async throws {
    let group = try LoopGroup(count: 1)
    let loop = group.next()
    let done = try await loop.perform {
      let requests = (0..<100).map { _ in Request(loop, steps: 50) }
      for request in requests { loop.queue(request) }
      loop.startRequests()
      return requests.map(\.done)
    }
    await group.shutdown()
    for done in done { #expect(await done.value.last == "done") }
  }

  @Test func `shutdown twice, and of loops that never did anything`() async throws {
    let group = try LoopGroup(count: 3)
    async let first: Void = group.shutdown()
    await group.shutdown()
    await first
    await group.shutdown()
    #expect(!group.next().submit(Counter(1)))
    await #expect(throws: IOFailure.self) { try await group.next().perform { 1 } }
  }

  @Test func `a task of a loop may shut the group down and goes on afterwards`() async throws {
    let group = try LoopGroup(count: 2)
    let loop = group.next()
    let isHome = await withTaskExecutorPreference(loop) {
      await group.shutdown()
      await Task.yield()
      return loop.isCurrent
    }
    #expect(isHome)
  }

  @Test func `a group that is dropped without a shutdown ends its threads`() async throws {
    let loop = try LoopGroup(count: 1).next()
    while loop.submit(Counter(1)) { await Task.yield() }
  }
}

extension Promise {
  static func fulfilled(_ value: Value) -> Promise {
    let promise = Promise()
    promise.fulfil(value)
    return promise
  }
}

import DubboCore
import DubboIO
import DubboTriple
import Synchronization
import TestDoubles
import Testing

/// Case 59: a network that flips bits which TCP's checksum misses.
@Suite struct BitFlipTests {
  private static let unary = MethodDescriptor(service: "x", name: "unary", kind: .unary)
  private static let stream = MethodDescriptor(service: "x", name: "stream", kind: .bidirectional)
  private static let url = DubboURL(scheme: "tri", host: "10.0.0.1", port: 1, path: "x")
  private static let callers = 3 as UInt8
  private static let calls = 12

  /// How calls ended.
  private struct Outcomes {
    var right = 0
    var altered = 0
    var failed = 0
    var late = 0
    /// Answers that no flipped payload explains.
    var wrong: [String] = []
    var callersDone = 0 as UInt8
    var hasRecovered = false
  }

  @Test(arguments: 1...4)
  func `case 59: bits that flip fail calls or change bytes of messages, and nothing worse`(_ group: Int) async throws {
    var sum = Outcomes()
    for seed in group * 1_000..<group * 1_000 + 12 {
      // Tests with real deadlines share the pool's threads.
      await Task.yield()
      let outcomes = try Self.run(seed: UInt64(seed))
      #expect(outcomes.wrong == [], "seed \(seed)")
      #expect(outcomes.late == 0, "seed \(seed)")
      #expect(outcomes.hasRecovered, "seed \(seed): no call succeeds when it is over")
      sum.right += outcomes.right
      sum.altered += outcomes.altered
      sum.failed += outcomes.failed
    }
    #expect(sum.right > 0 && sum.failed > 0 && sum.altered > 0, "\(sum)")
  }

  private static func run(seed: UInt64) throws -> Outcomes {
    let network = SimulatedNetwork(seed: seed)
    defer { network.shutDown() }
    var settings = TripleSettings()
    settings.seed = seed
    let clock = network.clock
    let server = TripleProtocol(settings: settings, group: network.makeGroup(count: 1), log: .silent, clock: clock)
    let client = TripleProtocol(settings: settings, group: network.makeGroup(count: 1), log: .silent, clock: clock)
    let endpoint = try client.endpoint(for: url)
    let told = Told()
    Task(executorPreference: network.pool) {
      _ = try await server.export(Echo(), methods: [unary, stream], at: url)
      told.isServing.withLock { $0 = true }
    }
    network.run { told.isServing.withLock { $0 } }
    network.weather.flips = 2e-4
    for caller in 1...callers {
      Task(executorPreference: network.pool) {
        for number in 0..<calls { await told.call(endpoint, number.isMultiple(of: 3), fill: caller * 0x40, clock) }
        told.outcomes.withLock { $0.callersDone += 1 }
      }
    }
    network.run { told.outcomes.withLock { $0.callersDone } == callers }
    network.weather.flips = 0
    Task(executorPreference: network.pool) {
      while !told.outcomes.withLock({ $0.hasRecovered }) {
        let reply = try? await endpoint.invoke(invocation([1], clock.now))
        told.outcomes.withLock { $0.hasRecovered = reply?.message == [1] }
        try await clock.sleep(for: .milliseconds(100))
      }
    }
    network.run(for: .seconds(10)) { told.outcomes.withLock { $0.hasRecovered } }
    return told.outcomes.withLock { $0 }
  }

  private static func invocation(_ message: [UInt8], _ now: MonotonicInstant) -> Invocation {
    Invocation(method: unary, body: .message(message), deadline: now.advanced(by: .seconds(2)))
  }

  /// What the tasks of a run tell the test.
  private final class Told: Sendable {
    let outcomes = Mutex(Outcomes())
    let isServing = Mutex(false)

    func call(_ endpoint: any Endpoint, _ isStream: Bool, fill: UInt8, _ clock: SimulatedClock) async {
      let begun = clock.now
      let message = [UInt8](repeating: fill, count: 600)
      let answer = Mutex<[UInt8]?>(nil)
      do {
        if isStream {
          let exchange: Exchange = { requests, replies in
            try await requests.write(message)
            try await requests.finish()
            let reply = try await replies.next()
            answer.withLock { $0 = reply }
            _ = try await replies.next()
          }
          _ = try await endpoint.invoke(
            Invocation(method: stream, body: .exchange(exchange), deadline: begun.advanced(by: .seconds(2))))
        } else {
          let reply = try await endpoint.invoke(invocation(message, begun))
          answer.withLock { $0 = reply.message }
        }
        judge(answer.withLock { $0 }, message)
      } catch {
        outcomes.withLock { $0.failed += 1 }
      }
      if begun.duration(to: clock.now) > .milliseconds(2_050) { outcomes.withLock { $0.late += 1 } }
      try? await clock.sleep(for: .milliseconds(20))
    }

    private func judge(_ answer: [UInt8]?, _ message: [UInt8]) {
      let differences = zip(answer ?? [], message).count { $0 != $1 }
      outcomes.withLock { outcomes in
        if answer == message {
          outcomes.right += 1
        } else if answer?.count == message.count, differences < 10 {
          outcomes.altered += 1
        } else {
          outcomes.wrong.append("\(answer?.count ?? -1) bytes, \(differences) of them another")
        }
      }
    }
  }

  private struct Echo: Invoker {
    func invoke(_ invocation: Invocation) async throws -> Reply {
      switch invocation.body {
      case .message(let message): return Reply(message: message)
      case .inbound(let streams):
        while let message = try await streams.requests.next() { try await streams.replies.write(message) }
        return Reply()
      case .exchange: throw DubboError(.internal, "a provider got an exchange")
      }
    }
  }
}

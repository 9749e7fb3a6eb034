import DubboCore
import TestDoubles

/// The callers: each makes one call after another, of all kinds, and writes down how it ends.
struct Callers: Sendable {
  let world: World
  let cluster: any Invoker
  let streams: Bool
  /// These strategies may run a call several times, and are for calls that bear it.
  private static let repeating: Set<String> = ["forking", "broadcast", "failback"]
  static let timeoutWhenWell = 5_000

  init(_ world: World, _ consumer: Consumer) {
    self.world = world
    cluster = consumer.cluster
    streams = !Self.repeating.contains(world.plan.cluster)
  }

  /// One caller's calls while things happen.
  func run() async {
    let longest = Int(world.plan.weather.saturatedNanoseconds / 1_000_000) / world.plan.roundsInWeather
    for _ in 0..<world.plan.roundsInWeather {
      await world.pause(0...longest)
      await call(mustSucceed: world.plan.isCalm)
    }
  }

  /// One call, when `mustSucceed` under circumstances in which it has to.
  func call(mustSucceed: Bool) async {
    let method = chooseMethod()
    // A request that is too long to be kept cannot move from a provider that stops.
    let mustSucceed = mustSucceed && (world.isSettled || method != Methods.upload)
    let isIdempotent = !streams || world.chance(50)
    let timeout = mustSucceed ? Self.timeoutWhenWell : world.random(20...3_000)
    let start = world.now
    let deadline = start.advanced(by: .milliseconds(timeout))
    let id = world.ledger.begin(
      Ledger.Entry(
        method: method.name, isIdempotent: isIdempotent, start: start, deadline: deadline, mustSucceed: mustSucceed))
    world.tell("call \(id) begins: \(method.name)\(isIdempotent ? ", idempotent" : ""), \(timeout) ms")
    let invocation = Invocation(
      method: method, body: body(of: method, id), metadata: [Methods.callID: "\(id)"], deadline: deadline,
      isIdempotent: isIdempotent)
    guard world.chance(8) else { return await perform(invocation, id) }
    let patience = world.random(0...50)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await perform(invocation, id) }
      await world.pause(patience...patience)
      world.tell("call \(id) is given up")
      world.ledger.cancelled(id, at: world.now)
      group.cancelAll()
    }
  }

  private func perform(_ invocation: Invocation, _ id: Int) async {
    var failure: DubboError?
    do {
      let reply = try await cluster.invoke(invocation)
      if case .message(let message) = invocation.body, reply.message != message {
        // An empty reply is how some strategies hide a failure.
        failure = DubboError(reply.message.isEmpty ? .unavailable : .dataLoss, "the reply is not what was sent")
      }
    } catch {
      failure = DubboError.wrapping(error)
    }
    world.tell("call \(id) ends: \(failure.map { "\($0)" } ?? "well")")
    world.ledger.ended(id, at: world.now, failure)
    world.network.note(UInt64(id) << 8 | UInt64(failure?.code.rawValue ?? 0))
  }

  private func chooseMethod() -> MethodDescriptor {
    guard streams, world.chance(30) else { return Methods.greet }
    guard world.plan.movesMuchData else { return Methods.chat }
    return world.pick([Methods.chat, Methods.upload, Methods.download])
  }

  private func body(of method: MethodDescriptor, _ id: Int) -> Invocation.Body {
    switch method.name {
    case Methods.chat.name: .exchange(chat())
    case Methods.upload.name: .exchange(upload(id))
    case Methods.download.name: .exchange(download(id))
    default: .message(Array("greetings \(id)".utf8))
    }
  }
}

import DubboCluster
import DubboCore
import Synchronization

/// A clock that stands still until it is moved; a sleep moves it at once.
final class StillClock: DubboClock {
  private let nanoseconds = Mutex<UInt64>(1_000_000_000)
  private let sleeps = Mutex<[Duration]>([])
  let wallMilliseconds: Int64

  init(wallMilliseconds: Int64 = 1_800_000_000_000) {
    self.wallMilliseconds = wallMilliseconds
  }

  var now: MonotonicInstant { .init(nanoseconds: nanoseconds.withLock { $0 }) }

  /// What was slept, in order.
  var slept: [Duration] { sleeps.withLock { $0 } }

  func advance(by duration: Duration) {
    nanoseconds.withLock { $0 += UInt64(duration.saturatedNanoseconds) }
  }

  func sleep(until instant: MonotonicInstant) async throws {
    try Task.checkCancellation()
    let wait = now.duration(to: instant)
    sleeps.withLock { $0.append(wait) }
    if wait > .zero { advance(by: wait) }
  }
}

/// A provider that does what it is told and remembers how often it was asked.
final class FakeEndpoint: Endpoint {
  typealias Behaviour = @Sendable (Invocation) async throws -> Reply

  let url: DubboURL
  private let behaviour: Behaviour
  private let calls = Mutex(0)
  private let state = Mutex(Availability.ready)

  init(_ url: DubboURL, availability: Availability = .ready, _ behaviour: @escaping Behaviour) {
    self.url = url
    self.behaviour = behaviour
    state.withLock { $0 = availability }
  }

  convenience init(
    _ number: Int, parameters: URLParameters = [:], availability: Availability = .ready,
    _ behaviour: @escaping Behaviour = { _ in Reply() }
  ) {
    let url = DubboURL(
      scheme: "tri", host: "10.0.0.\(number)", port: 50051, path: "org.example.Greeter", parameters: parameters)
    self.init(url, availability: availability, behaviour)
  }

  var callCount: Int { calls.withLock { $0 } }

  var availability: Availability {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }

  func close() async {}

  func invoke(_ invocation: Invocation) async throws -> Reply {
    calls.withLock { $0 += 1 }
    return try await behaviour(invocation)
  }
}

extension Invocation {
  static func unary(
    _ method: String = "greet", idempotent: Bool = false, deadline: MonotonicInstant? = nil, metadata: Metadata = [:]
  ) -> Invocation {
    Invocation(
      method: MethodDescriptor(service: "org.example.Greeter", name: method, kind: .unary, idempotent: idempotent),
      body: .message([1, 2, 3]), metadata: metadata, deadline: deadline)
  }

  static func streamed(idempotent: Bool = false, _ exchange: @escaping Exchange) -> Invocation {
    Invocation(
      method: MethodDescriptor(
        service: "org.example.Greeter", name: "greetStream", kind: .bidirectional, idempotent: idempotent),
      body: .exchange(exchange))
  }
}

let service = ServiceKey(interface: "org.example.Greeter")

func context(_ clock: StillClock = StillClock(), seed: UInt64 = 1) -> ChoiceContext {
  ChoiceContext(clock: clock, random: RandomSource(seed: seed))
}

/// A cluster of `endpoints` whose balance takes the first of them.
func firstOneContext(
  _ endpoints: [FakeEndpoint], _ parameters: URLParameters = [:], _ choice: ChoiceContext = context()
) -> ClusterContext {
  var catalog = ExtensionCatalog()
  catalog.registerClusterExtensions()
  return ClusterContext(
    directory: StaticDirectory(service: service, endpoints: endpoints, context: choice),
    url: DubboURL(scheme: "consumer", host: "h", path: service.interface, parameters: parameters),
    balances: BalanceTable(FirstOne()), choice: choice, log: .silent, catalog: catalog)
}

func roster(_ endpoints: [FakeEndpoint], _ clock: StillClock = StillClock()) -> Roster {
  Roster(endpoints.map { Candidate($0) }, wallMilliseconds: clock.wallMilliseconds)
}

/// How many of `count` choices went to each candidate, by its place in the roster.
func shares(
  _ balance: any LoadBalance, _ roster: Roster, count: Int = 20_000, _ invocation: Invocation = .unary(),
  _ choice: ChoiceContext = context()
) -> [Double] {
  var hits = [ObjectIdentifier: Int]()
  for _ in 0..<count {
    if let candidate = balance.select(from: roster, for: invocation, choice) {
      hits[ObjectIdentifier(candidate), default: 0] += 1
    }
  }
  return roster.candidates.map { Double(hits[ObjectIdentifier($0)] ?? 0) / Double(count) }
}

func isClose(_ left: [Double], _ right: [Double], within tolerance: Double = 0.02) -> Bool {
  left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < tolerance }
}

/// A value that closures in several tasks share.
final class Box<Value: Sendable>: Sendable {
  private let storage: Mutex<Value>

  init(_ value: Value) {
    storage = Mutex(value)
  }

  var value: Value {
    get { storage.withLock { $0 } }
    set { storage.withLock { $0 = newValue } }
  }

  func take<Wrapped>() -> Value where Value == Wrapped? {
    storage.withLock { value in
      defer { value = nil }
      return value
    }
  }
}

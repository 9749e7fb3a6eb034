import DubboCore
import DubboTriple
import Synchronization
import TestDoubles
import Testing

/// A call that is given up, by its deadline or by its caller, wherever it has got to.
@Suite(.timeLimit(.minutes(1))) struct GivingUpTests {
  /// Where a call can stand still.
  enum Place: CaseIterable, Sendable {
    /// The peer accepts and does not speak yet.
    case connecting
    /// The peer allows no stream.
    case queued
    /// The peer's window is shut.
    case flowBlocked
    /// The provider does not answer.
    case unanswered
    /// The provider's answer has begun and goes no further.
    case midAnswer

    var isSent: Bool { self != .connecting && self != .queued }

    var greeting: [UInt8] {
      switch self {
      case .connecting: []
      case .queued: Frames.settings((3, 0))
      case .flowBlocked: Frames.settings((4, 0))
      case .unanswered, .midAnswer: Frames.settings()
      }
    }
  }

  /// A provider at which calls stand still; tells when a call has got there and when it was reset.
  func standstill(
    _ place: Place, _ body: (any Endpoint, _ isThere: Gate, _ isReset: Gate) async throws -> Void
  ) async throws {
    var settings = TripleSettings()
    settings.connectTimeout = .seconds(30)
    let isThere = Gate()
    let isReset = Gate()
    let script: RawConnection.Script = { connection, event in
      switch event {
      case .opened: if place == .connecting { isThere.open() }
      case .frame(let frame):
        // With its acknowledgement the client has read our SETTINGS.
        if place == .queued, frame.kind == 4, frame.flags == 1 { isThere.open() }
        if frame.kind == 1 {
          if place == .midAnswer { connection.send(Frames.answer(frame.stream)) }
          isThere.open()
        }
        if frame.kind == 3, frame.code == 8 { isReset.open() }
      case .closed: break
      }
    }
    try await RawProvider.with(
      settings: settings, greeting: place.greeting, isPolite: place != .connecting, script
    ) { endpoint in
      try await body(endpoint, isThere, isReset)
    }
  }

  @Test(arguments: Place.allCases)
  func `case 21: a deadline ends a call wherever it stands, and the provider is told`(_ place: Place) async throws {
    try await standstill(place) { endpoint, _, isReset in
      let deadline = MonotonicInstant.now.advanced(by: .milliseconds(200))
      let error = await failure {
        _ = try await endpoint.unary([UInt8](repeating: 1, count: 100_000), deadline: deadline)
      }
      #expect(error?.code == .deadlineExceeded)
      #expect(error?.progress == (place.isSent ? .unknown : .notSent))
      if place.isSent { try await isReset.wait() }
    }
  }

  @Test(arguments: Place.allCases)
  func `case 21: a deadline ends a stream wherever it stands`(_ place: Place) async throws {
    try await standstill(place) { endpoint, _, isReset in
      let deadline = MonotonicInstant.now.advanced(by: .milliseconds(200))
      let error = await failure {
        _ = try await endpoint.bidirectional(deadline: deadline) { requests, _ in
          while true { try await requests.write([UInt8](repeating: 1, count: 30_000)) }
        }
      }
      #expect(error?.code == .deadlineExceeded)
      if place.isSent { try await isReset.wait() }
    }
  }

  @Test(arguments: Place.allCases)
  func `case 22: cancelling ends a call wherever it stands, and the provider is told`(_ place: Place) async throws {
    try await standstill(place) { endpoint, isThere, isReset in
      let code = try await withThrowingTaskGroup(of: StatusCode?.self) { group in
        group.addTask {
          await failure { _ = try await endpoint.unary([UInt8](repeating: 1, count: 100_000)) }?.code
        }
        try await isThere.wait()
        group.cancelAll()
        return try await group.next() ?? nil
      }
      #expect(code == .cancelled)
      if place.isSent { try await isReset.wait() }
    }
  }

  @Test func `case 23: the provider's own deadline answers for a method that does not listen`() async throws {
    let goOn = Latch()
    let server = try TripleProtocol(loops: 1, log: .silent)
    let url = try await server.export(
      Deaf(latch: goOn), methods: EchoService.methods,
      at: DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    ).url
    // A client without a clock of its own.
    let client = try await RawClient(to: url.port ?? 0)
    client.send(
      Frames.call(1, "/\(EchoService.name)/unary", Frames.field("grpc-timeout", "50m"))
        + Frames.data(1, Frames.message([]), end: true))
    var end: Frames.Frame?
    for await frame in client.frames where frame.stream == 1 {
      end = frame
      break
    }
    #expect(end?.kind == 1 && end?.endsStream == true, "trailers alone, while the method still runs")
    goOn.open()
    await client.stop()
    await server.shutDown(grace: .seconds(10))
  }

  /// A method that looks at no cancellation.
  struct Deaf: Invoker {
    let latch: Latch

    func invoke(_ invocation: Invocation) async throws -> Reply {
      await latch.wait()
      return Reply()
    }
  }

  /// A gate whose waiters do not hear of cancellation.
  final class Latch: Sendable {
    private let state = Mutex<(isOpen: Bool, waiter: CheckedContinuation<Void, Never>?)>((false, nil))

    func wait() async {
      await withCheckedContinuation { continuation in
        let isOpen = state.withLock { state in
          if !state.isOpen { state.waiter = continuation }
          return state.isOpen
        }
        if isOpen { continuation.resume() }
      }
    }

    func open() {
      let waiter = state.withLock { state in
        state.isOpen = true
        return state.waiter.take()
      }
      waiter?.resume()
    }
  }
}

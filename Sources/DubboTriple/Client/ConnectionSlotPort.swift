internal import DubboCore
internal import DubboIO
internal import Synchronization

/// The door to a connection slot for any thread: makes the call objects and hands them to the slot's loop.
final class ConnectionSlotPort: Sendable {
  private let loop: EventLoop
  private let slot: LoopBound<ConnectionSlot>
  private let target: CallTarget
  private let shared: SlotAvailability

  init(address: EndpointAddress, target: CallTarget, loop: EventLoop, log: Log) {
    self.loop = loop
    self.target = target
    shared = SlotAvailability()
    slot = LoopBound(
      ConnectionSlot(address: address, target: target, loop: loop, shared: shared, log: log), on: loop)
  }

  var availability: Availability { shared.value }

  func unary(_ invocation: Invocation, _ message: [UInt8]) async throws -> Reply {
    let outcome = UnaryOutcome()
    let message = await target.requestCoding?.shrink(message) ?? message
    let port = CallPort(UnaryClientCall(invocation, message, target, outcome: outcome), in: slot)
    var reply = try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        outcome.wait(continuation)
        begin(port) { outcome.resume(throwing: $0) }
      }
    } onCancel: {
      port.cancel()
    }
    if target.codings != nil {
      reply.message = try await MessageCoding.expand(reply.message, by: outcome.coding.load())
    }
    return reply
  }

  func stream(_ invocation: Invocation, _ exchange: Exchange) async throws -> Reply {
    let call = StreamClientCall(invocation, target)
    let streams = call.openStreams(on: loop)
    let port = CallPort(call, in: slot)
    return try await withTaskCancellationHandler {
      begin(port) { streams.fail($0) }
      do {
        try await exchange(streams.writer, streams.reader)
        try await streams.outgoing.finish()
        return try await streams.end { port.cancel() }
      } catch {
        port.cancel()
        throw DubboError.wrapping(error)
      }
    } onCancel: {
      port.cancel()
    }
  }

  /// Connects as for a call; returns when that is done or has failed, or when the task is cancelled.
  func connect() async {
    let (outcome, isKnown) = AsyncStream.makeStream(of: Never.self)
    guard loop.submit(SlotOpening(slot: slot) { isKnown.finish() }) else { return }
    for await _ in outcome {}
  }

  private func begin(_ port: CallPort, onFailure: (DubboError) -> Void) {
    if loop.isCurrent {
      port.run(on: loop)
    } else if !loop.submit(port) {
      onFailure(
        DubboError(.unavailable, "the protocol has shut down", reason: .shutdown, progress: .notSent))
    }
  }

  func metrics() async -> ConnectionMetrics {
    await measured(on: loop) { [slot] in slot.onLoop.metrics }
  }

  /// Lets running calls end, then closes the connection.
  func close() async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let closing = SlotClosing(slot: slot, done: continuation)
      if !loop.submit(closing) { continuation.resume() }
    }
  }
}

/// What a cluster may know of a slot without asking its loop.
final class SlotAvailability: Sendable {
  private let stored = Atomic<UInt8>(1)

  var value: Availability {
    get {
      switch stored.load(ordering: .relaxed) {
      case 0: .ready
      case 1: .idle
      default: .unavailable
      }
    }
    set {
      let number: UInt8 =
        switch newValue {
        case .ready: 0
        case .idle: 1
        case .unavailable: 2
        }
      stored.store(number, ordering: .relaxed)
    }
  }
}

private final class SlotOpening: LoopWork {
  private let slot: LoopBound<ConnectionSlot>
  private let done: @Sendable () -> Void

  init(slot: LoopBound<ConnectionSlot>, done: @escaping @Sendable () -> Void) {
    self.slot = slot
    self.done = done
  }

  func run(on loop: EventLoop) {
    slot.onLoop.open(done)
  }
}

private final class SlotClosing: LoopWork {
  private let slot: LoopBound<ConnectionSlot>
  private let done: UnsafeContinuation<Void, Never>

  init(slot: LoopBound<ConnectionSlot>, done: UnsafeContinuation<Void, Never>) {
    self.slot = slot
    self.done = done
  }

  func run(on loop: EventLoop) {
    slot.onLoop.close { [done] in done.resume() }
  }
}

/// Carries a call to its loop, and later perhaps the news that its caller has given it up.
final class CallPort: LoopWork {
  private let call: LoopBound<ClientCall>
  private let slot: LoopBound<ConnectionSlot>
  private let isCancelled = Atomic<Bool>(false)

  init(_ call: ClientCall, in slot: LoopBound<ConnectionSlot>) {
    self.call = LoopBound(call, on: slot.loop)
    self.slot = slot
  }

  func run(on loop: EventLoop) {
    let call = call.onLoop
    if isCancelled.load(ordering: .acquiring) {
      call.cancelled()
    } else {
      slot.onLoop.start(call)
    }
  }

  /// From any thread, any number of times.
  func cancel() {
    guard !isCancelled.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if slot.loop.isCurrent {
      call.onLoop.cancelled()
    } else {
      _ = slot.loop.submit(self)  // a loop that has ended has failed the call
    }
  }
}

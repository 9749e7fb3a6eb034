internal import DubboCore

/// One look-up of a host name with a time limit. The resolver itself cannot be stopped: after the limit its answer is
/// ignored. Loop-confined; it lives until it has answered.
final class NameLookup: ResolutionOwner, DeadlineHandler, LoopResource {
  private let loop: EventLoop
  private let host: String
  private var owner: (any ResolutionOwner)?
  private var deadline = DeadlineToken.none
  var resourceIndex = -1

  /// `owner` hears exactly once, unless `cancel` comes first; perhaps before this returns.
  init(of host: String, port: UInt16, until limit: MonotonicInstant, on loop: EventLoop, owner: any ResolutionOwner) {
    self.loop = loop
    self.host = host
    self.owner = owner
    loop.add(self)
    guard self.owner != nil else { return }
    do throws(IOFailure) {
      try loop.backend.resolve(host: host, port: port, owner: self)
      deadline = loop.deadlines.arm(self, at: limit)
    } catch {
      answer(.failure(error))
    }
  }

  func resolved(_ result: Result<[SocketAddress], IOFailure>) { answer(result) }

  func deadlineReached(_ token: DeadlineToken) {
    answer(
      .failure(
        IOFailure(
          .timedOut, "look up", on: host, reason: "the name servers did not answer in time",
          advice: "Check the resolver's configuration, or use an IP address.")))
  }

  func loopEnds() { answer(.failure(.loopHasEnded("look up", on: host))) }

  func cancel() {
    owner = nil
    loop.deadlines.cancel(deadline)
    loop.remove(self)
  }

  private func answer(_ result: Result<[SocketAddress], IOFailure>) {
    guard let owner else { return }
    cancel()
    owner.resolved(result)
  }
}

extension EventLoop {
  /// The addresses of an endpoint: one for an IP address or a path, else what the resolver says. From anywhere.
  func addresses(of endpoint: EndpointAddress, within limit: Duration) async throws(IOFailure) -> [SocketAddress] {
    if let literal = endpoint.literal { return [literal] }
    guard case .tcp(let host, let port) = endpoint else { return [] }
    let result: Result<[SocketAddress], IOFailure> = await withCheckedContinuation { continuation in
      let work = LookupWork(host: host, port: port, limit: limit, continuation: continuation)
      if !submit(work) { continuation.resume(returning: .failure(.loopHasEnded("look up", on: host))) }
    }
    return try result.get()
  }
}

private final class LookupWork: LoopWork, ResolutionOwner {
  let host: String
  let port: UInt16
  let limit: Duration
  let continuation: CheckedContinuation<Result<[SocketAddress], IOFailure>, Never>

  init(
    host: String, port: UInt16, limit: Duration,
    continuation: CheckedContinuation<Result<[SocketAddress], IOFailure>, Never>
  ) {
    self.host = host
    self.port = port
    self.limit = limit
    self.continuation = continuation
  }

  func run(on loop: EventLoop) {
    _ = NameLookup(of: host, port: port, until: loop.now.advanced(by: limit), on: loop, owner: self)
  }

  func resolved(_ result: Result<[SocketAddress], IOFailure>) { continuation.resume(returning: result) }
}

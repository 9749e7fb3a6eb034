internal import DubboCore
internal import Synchronization

/// `activelimit`: a consumer has at most so many calls of a method under way (`actives`); the next one waits for a place,
/// in turn, until its deadline and no longer.
final class ActiveLimitFilter: Filter {
  /// The places of each method; through every change of the limit.
  private final class Places: Sendable {
    let ofMethods = Mutex<[String: CallSlots]>([:])
  }

  private let limits: PerMethod<ActivesKey>
  private let clock: any DubboClock
  private let places: Places

  init(_ context: FilterContext) {
    limits = PerMethod(context.url, ActivesKey.self)
    clock = context.clock
    places = context.memory.kept { Places() }
  }

  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    let name = invocation.method.name
    let limit = limits[name]
    guard limit > 0 else { return try await next(invocation) }
    let slots = slots(for: name)
    let deadline = invocation.deadline ?? clock.now.advanced(by: TimeoutKey.defaultValue)
    guard try await slots.take(oneOf: limit, until: deadline, clock) else {
      throw DubboError(
        .resourceExhausted,
        "\(limit) calls of \(invocation.method) are under way (actives), and no place came free before the deadline",
        reason: .limit, progress: .notSent)
    }
    defer { slots.free() }
    return try await next(invocation)
  }

  private func slots(for name: String) -> CallSlots {
    places.ofMethods.withLock { all in
      if let slots = all[name] { return slots }
      // A reference without a stub may be asked for any number of names; past the bound they share one limit.
      let place = all.count < 1_000 ? name : ""
      let made = all[place] ?? CallSlots()
      all[place] = made
      return made
    }
  }
}

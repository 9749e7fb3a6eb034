package import DubboCore

/// Told when the instant it asked for has come.
package protocol DeadlineHandler: AnyObject {
  /// On the loop, once for each armed token that was not cancelled, never before its instant and a few milliseconds
  /// after it at most on an idle loop.
  func deadlineReached(_ token: DeadlineToken)
}

/// Names one armed deadline. Once it was reached or cancelled, the token means nothing, for ever.
package struct DeadlineToken: Hashable, Sendable {
  fileprivate var index: UInt32
  fileprivate var generation: UInt32
  /// Never armed: cancelling it does nothing.
  package static var none: DeadlineToken { .init(index: .max, generation: 0) }
}

/// A hierarchical timer wheel: arming and cancelling are a few array writes, whatever the number of deadlines.
///
/// Eight levels of 64 slots; a slot of level n spans 64ⁿ ticks of about a millisecond. A deadline sits in the lowest
/// level that tells its tick from the present one, and moves down as its time comes nearer. Knows no clock and no
/// loop: whoever owns it advances it. Loop-confined.
package final class DeadlineWheel {
  private static let tickShift: UInt64 = 20
  private static let levels = 8

  private struct Entry {
    var handler: (any DeadlineHandler)?
    var tick: UInt64 = 0
    var next: Int32 = -1
    var previous: Int32 = -1
    /// Where it hangs, level × 64 + slot; -1 for a free entry.
    var slot: Int32 = -1
    var generation: UInt32 = 0
  }

  // Plain memory, for an array in a class costs each access a check of exclusivity and one of uniqueness, which made
  // arming three times as slow. Indices come from the lists below or are compared with `used` first.
  private var entries = UnsafeMutablePointer<Entry>.allocate(capacity: 64)
  private var capacity = 64
  private var used = 0
  private var freeHead: Int32 = -1
  private let heads = UnsafeMutablePointer<Int32>.allocate(capacity: 64 * DeadlineWheel.levels)
  private let occupied = UnsafeMutablePointer<UInt64>.allocate(capacity: DeadlineWheel.levels)
  private var elapsed: UInt64
  /// No deadline comes before this tick. Exact after `advance`; arming lowers it, cancelling leaves it.
  private var earliest = UInt64.max
  /// How many deadlines are armed.
  @exclusivity(unchecked) package private(set) var count = 0

  package init(start: MonotonicInstant) {
    elapsed = start.nanoseconds >> Self.tickShift
    heads.initialize(repeating: -1, count: 64 * Self.levels)
    occupied.initialize(repeating: 0, count: Self.levels)
  }

  deinit {
    entries.deinitialize(count: used)
    entries.deallocate()
    heads.deallocate()
    occupied.deallocate()
  }

  /// Has `handler` told at `instant`; one that has passed is told at the next tick. The handler is held until then.
  package func arm(_ handler: any DeadlineHandler, at instant: MonotonicInstant) -> DeadlineToken {
    let mask = (UInt64(1) << Self.tickShift) - 1
    let rounded = (instant.nanoseconds >> Self.tickShift) + (instant.nanoseconds & mask == 0 ? 0 : 1)
    let tick = max(rounded, elapsed + 1)
    let index = takeEntry()
    entries[index].handler = handler
    entries[index].tick = tick
    link(index)
    count += 1
    if tick < earliest { earliest = tick }
    return DeadlineToken(index: UInt32(index), generation: entries[index].generation)
  }

  /// The handler will not be told. Harmless for a token whose time has come, was cancelled before or never was armed.
  package func cancel(_ token: DeadlineToken) {
    let index = Int(token.index)
    guard index < used, entries[index].generation == token.generation, entries[index].slot >= 0 else { return }
    unlink(index)
    release(index)
  }

  /// When `advance` should be called next; an earlier call does no harm. `.distantFuture` when nothing is armed.
  package var nextDue: MonotonicInstant {
    let (nanoseconds, overflow) = earliest.multipliedReportingOverflow(by: 1 << Self.tickShift)
    return overflow ? .distantFuture : .init(nanoseconds: nanoseconds)
  }

  package func isDue(at now: MonotonicInstant) -> Bool { now.nanoseconds >> Self.tickShift >= earliest }

  /// Tells all whose instant has come by `now`, the earlier before the later. They may arm and cancel meanwhile.
  package func advance(to now: MonotonicInstant) {
    let target = now.nanoseconds >> Self.tickShift
    while let next = nextSlot(), next.tick <= target {
      elapsed = max(elapsed, next.tick)
      empty(next.slot)
    }
    elapsed = max(elapsed, target)
    earliest = nextSlot()?.tick ?? .max
  }

  // MARK: Slots

  /// The occupied slot whose time comes first, and that time.
  private func nextSlot() -> (slot: Int, tick: UInt64)? {
    for level in 0..<Self.levels where occupied[level] != 0 {
      let shift = UInt64(6 * level)
      let here = (elapsed >> shift) & 63
      let rotated = occupied[level] >> here | occupied[level] << (64 - here)
      let distance = UInt64(rotated.trailingZeroBitCount)
      let tick = ((elapsed >> shift) + distance) << shift
      return (level * 64 + Int((here + distance) & 63), tick)
    }
    return nil
  }

  private func empty(_ slot: Int) {
    while heads[slot] >= 0 {
      let index = Int(heads[slot])
      unlink(index)
      if entries[index].tick > elapsed {
        link(index)
        continue
      }
      let token = DeadlineToken(index: UInt32(index), generation: entries[index].generation)
      let handler = entries[index].handler
      release(index)
      handler?.deadlineReached(token)
    }
  }

  private func link(_ index: Int) {
    let tick = entries[index].tick
    let level = (63 - ((elapsed ^ tick) | 63).leadingZeroBitCount) / 6
    let slot = level * 64 + Int((tick >> UInt64(6 * level)) & 63)
    let head = heads[slot]
    entries[index].slot = Int32(slot)
    entries[index].previous = -1
    entries[index].next = head
    if head >= 0 { entries[Int(head)].previous = Int32(index) }
    heads[slot] = Int32(index)
    occupied[level] |= 1 << UInt64(slot & 63)
  }

  private func unlink(_ index: Int) {
    let slot = Int(entries[index].slot)
    let next = entries[index].next
    let previous = entries[index].previous
    if next >= 0 { entries[Int(next)].previous = previous }
    if previous >= 0 {
      entries[Int(previous)].next = next
    } else {
      heads[slot] = next
      if next < 0 { occupied[slot >> 6] &= ~(1 << UInt64(slot & 63)) }
    }
    entries[index].slot = -1
  }

  // MARK: Entries

  private func takeEntry() -> Int {
    if freeHead >= 0 {
      let index = Int(freeHead)
      freeHead = entries[index].next
      return index
    }
    if used == capacity { grow() }
    (entries + used).initialize(to: Entry())
    used += 1
    return used - 1
  }

  private func grow() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: entries, count: used)
    entries.deallocate()
    entries = larger
    capacity *= 2
  }

  private func release(_ index: Int) {
    entries[index].handler = nil
    entries[index].generation &+= 1
    entries[index].next = freeHead
    freeHead = Int32(index)
    count -= 1
  }
}

/// Something that will happen on a simulated loop, or beside all loops.
struct SimulatedEvent {
  var at: UInt64
  /// Decides between events of one instant, drawn from the seed.
  var tie: UInt64
  var backend: SimulatedBackend?
  var action: () -> Void

  func isBefore(_ other: SimulatedEvent) -> Bool { at == other.at ? tie < other.tie : at < other.at }
}

/// Events by their instants: a binary heap.
struct EventHeap {
  private var all: [SimulatedEvent] = []

  var isEmpty: Bool { all.isEmpty }
  var first: SimulatedEvent? { all.first }

  mutating func insert(_ event: SimulatedEvent) {
    all.append(event)
    var place = all.count - 1
    while place > 0, all[place].isBefore(all[(place - 1) / 2]) {
      all.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func removeFirst() -> SimulatedEvent {
    all.swapAt(0, all.count - 1)
    let first = all.removeLast()
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < all.count else { return first }
      if child + 1 < all.count, all[child + 1].isBefore(all[child]) { child += 1 }
      guard all[child].isBefore(all[place]) else { return first }
      all.swapAt(place, child)
      place = child
    }
  }
}

/// The events of a session between the library's callbacks and their reader.
///
/// Plain memory instead of an array, so that an event moves in and out without reference counting. Bounded by what one
/// `receive` or `produce` can cause; memory of a burst is given back when the queue is empty.
final class EventQueue {
  private static var idleCapacity: Int { 16 }
  private static var keptCapacity: Int { 256 }

  private var storage: UnsafeMutablePointer<HTTP2Event>
  private var capacity: Int
  private var head = 0
  private var tail = 0

  init() {
    capacity = Self.idleCapacity
    storage = .allocate(capacity: capacity)
  }

  deinit {
    (storage + head).deinitialize(count: tail - head)
    storage.deallocate()
  }

  var isEmpty: Bool { head == tail }

  func append(_ event: consuming HTTP2Event) {
    if tail == capacity { makeRoom() }
    (storage + tail).initialize(to: event)
    tail += 1
  }

  func next() -> HTTP2Event? {
    guard head < tail else { return nil }
    let event = (storage + head).move()
    head += 1
    if head == tail { rewind() }
    return event
  }

  private func rewind() {
    head = 0
    tail = 0
    guard capacity > Self.keptCapacity else { return }
    storage.deallocate()
    capacity = Self.idleCapacity
    storage = .allocate(capacity: capacity)
  }

  private func makeRoom() {
    let count = tail - head
    let newCapacity = count > capacity / 2 ? capacity * 2 : capacity
    let new = UnsafeMutablePointer<HTTP2Event>.allocate(capacity: newCapacity)
    new.moveInitialize(from: storage + head, count: count)
    storage.deallocate()
    storage = new
    capacity = newCapacity
    head = 0
    tail = count
  }
}

/// A reference to something that belongs to a loop, in the hands of those who do not: it can be carried anywhere and
/// used only on the loop.
///
/// `@unchecked Sendable`, because of this invariant: `value` is read by `onLoop` and `ifCurrent` alone, which answer on
/// the loop's thread only. Whoever drops the last reference may be another thread, so a bound object's end must not
/// touch the loop.
package struct LoopBound<Value>: @unchecked Sendable {
  package let loop: EventLoop
  private let value: Value

  package init(_ value: Value, on loop: EventLoop) {
    self.value = value
    self.loop = loop
  }

  /// The object. Loop only.
  package var onLoop: Value {
    assert(loop.isCurrent, "what is bound to a loop is used on its thread")
    return value
  }

  /// The object when the caller is on the loop's thread, else nil.
  package var ifCurrent: Value? { loop.isCurrent ? value : nil }
}

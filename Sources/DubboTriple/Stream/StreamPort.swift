internal import DubboIO
internal import Synchronization

/// The way from a user's task, on any thread, to the loop that owns the call's streams. One for each call with
/// streams; reused for everything the task has to say, so a message costs no allocation and no closure.
final class StreamPort: LoopWork {
  /// How many bytes are taken before another thread's reader tells the loop; a small part of any sane window.
  private static let creditStep = 16_384

  private let owner: LoopBound<any StreamOwner>
  private let taken = Atomic<Int>(0)
  /// What a message has on the wire beside the bytes that are taken: its prefix.
  private let overhead = Atomic<Int>(5)
  private let isWriting = Atomic<Bool>(false)

  init(_ owner: any StreamOwner, on loop: EventLoop) {
    self.owner = LoopBound(owner, on: loop)
  }

  func outgoingReady() {
    if let owner = owner.ifCurrent {
      owner.outgoingReady()
    } else {
      isWriting.store(true, ordering: .releasing)
      _ = owner.loop.submit(self)  // a loop that has ended has failed the call
    }
  }

  /// What is taken bears the mark of `MessageCoding`, which is part of the prefix. Before the first message.
  func marksCompression() {
    overhead.store(4, ordering: .relaxed)
  }

  /// A message was taken. `isAwaited` when the loop wants to know of this without delay: it holds a part of the next message.
  func messageTaken(_ message: Int, isAwaited: Bool) {
    let bytes = message + overhead.load(ordering: .relaxed)
    if let owner = owner.ifCurrent {
      owner.incomingTaken(bytes)
      return
    }
    let total = taken.add(bytes, ordering: .relaxed).newValue
    let isStep = total >= Self.creditStep && total - bytes < Self.creditStep
    if isStep || isAwaited { _ = owner.loop.submit(self) }
  }

  func run(on loop: EventLoop) {
    let bytes = taken.exchange(0, ordering: .relaxed)
    if bytes > 0 { owner.onLoop.incomingTaken(bytes) }
    if isWriting.exchange(false, ordering: .acquiring) { owner.onLoop.outgoingReady() }
  }
}

package import DubboIO

/// A connection whose other side is played by hand: it sends what a test gives it and hands on the frames that come.
///
/// Loop-confined. It greets with SETTINGS, acknowledges the peer's and answers pings, unless it is told not to.
package final class RawConnection: ByteStreamHandler {
  /// What its script is told.
  package enum Event: Sendable {
    case opened
    case frame(Frames.Frame)
    /// The peer has ended its direction, or the connection is gone.
    case closed
  }

  package typealias Script = @Sendable (RawConnection, Event) -> Void

  /// Which of the connections of its server or client it is, from 1.
  package let number: Int
  package let stream: ByteStream
  private let isPolite: Bool
  private let script: Script
  private var unread: ArraySlice<UInt8> = []
  private var isClosed = false

  init(_ stream: ByteStream, number: Int, isPolite: Bool, script: @escaping Script) {
    self.stream = stream
    self.number = number
    self.isPolite = isPolite
    self.script = script
  }

  func begin(_ greeting: [UInt8]) {
    if !greeting.isEmpty { send(greeting) }
    script(self, .opened)
  }

  package func send(_ bytes: [UInt8]) {
    stream.output.append(bytes)
    stream.markDirty()
  }

  /// Ends at once, as if the process were killed.
  package func kill() { stream.reset("as the test wants it") }

  /// Writes what is queued, then ends.
  package func finish() { stream.finish() }

  package func streamReceived(_ bytes: UnsafeRawBufferPointer) {
    unread.append(contentsOf: bytes)
    for frame in Frames.read(&unread) {
      if isPolite { answer(frame) }
      script(self, .frame(frame))
    }
  }

  private func answer(_ frame: Frames.Frame) {
    guard frame.flags & 1 == 0 else { return }
    if frame.kind == 4 { send(Frames.settingsAnswer) }
    if frame.kind == 6 { send(Frames.frame(6, flags: 1, frame.payload)) }
  }

  package func streamReachedEnd() {
    tellEnd()
    stream.finish()
  }

  package func streamFlush() {}
  package func streamDrained() {}
  package func streamClosed(_ reason: StreamCloseReason) { tellEnd() }

  private func tellEnd() {
    guard !isClosed else { return }
    isClosed = true
    script(self, .closed)
  }
}

internal import DubboCore

/// The receiving half of a call's streams, on the loop's side: cuts the bytes into messages, hands them over, and says
/// how much credit the peer may have.
///
/// Credit follows what the user takes, so a slow reader stops its peer at one window. Only the bytes of a message that
/// is not whole yet are credited at once, as soon as nothing else waits: else a message larger than what the others
/// leave of the window would never come.
struct IncomingStream {
  let pipe: MessagePipe
  private var assembler: MessageAssembler
  private var received = 0
  private var taken = 0
  private var credited = 0

  init(pipe: MessagePipe, limit: Int) {
    self.pipe = pipe
    assembler = MessageAssembler(limit: limit)
  }

  /// Its messages may be compressed, and come in the marked form of `MessageCoding`. Before the first.
  var marksCompression: Bool {
    get { assembler.marksCompression }
    set { assembler.marksCompression = newValue }
  }

  /// Whether the peer may end its stream here.
  var isAtBoundary: Bool { assembler.isAtBoundary }

  /// Takes `bytes` in; returns the credit that is due at once.
  mutating func receive(_ bytes: UnsafeRawBufferPointer) throws(DubboError) -> Int {
    received += bytes.count
    var rest = bytes[...]
    while let message = try assembler.next(&rest) { pipe.offer(message) }
    return creditForPart()
  }

  /// The user has taken messages of `bytes` bytes; returns the credit that is due.
  mutating func take(_ bytes: Int) -> Int {
    taken += bytes
    return credit(through: taken) + creditForPart()
  }

  /// What is due for a message of which a part is here. When others wait before it, whoever takes the last of them
  /// makes us ask again.
  private mutating func creditForPart() -> Int {
    guard !assembler.isAtBoundary, pipe.tellWhenEmpty() else { return 0 }
    return credit(through: received)
  }

  private mutating func credit(through count: Int) -> Int {
    guard count > credited else { return 0 }
    defer { credited = count }
    return count - credited
  }
}

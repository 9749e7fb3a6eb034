public import DubboCore
public import DubboProtobuf

/// The messages that come from the other side, each decoded when it is taken. Iterate it once, from one task.
public struct MessageSequence<Element: Message>: AsyncSequence, Sendable {
  @usableFromInline let reader: any MessageReader

  @inlinable
  public init(_ reader: any MessageReader) {
    self.reader = reader
  }

  /// The next message, or nil when the other side has finished well. Throws the call's `DubboError`.
  @inlinable
  public func next() async throws -> Element? {
    guard let bytes = try await reader.next() else { return nil }
    do {
      return try Element(serializedBytes: bytes)
    } catch {
      throw DubboError(
        .internal, "a message of the stream is no \(Element.self): \(error)", reason: .serialization,
        progress: .answered, cause: error)
    }
  }

  /// The metadata that came before the first message; waits for it.
  public func headers() async throws -> Metadata {
    try await reader.headers()
  }

  @inlinable
  public func makeAsyncIterator() -> Iterator {
    Iterator(sequence: self)
  }

  public struct Iterator: AsyncIteratorProtocol {
    @usableFromInline let sequence: MessageSequence

    @inlinable
    init(sequence: MessageSequence) {
      self.sequence = sequence
    }

    @inlinable
    public mutating func next() async throws -> Element? {
      try await sequence.next()
    }
  }
}

/// The way to the other side of a stream. Write from one task at a time.
public struct MessageSink<Element: Message>: Sendable {
  @usableFromInline let writer: any MessageWriter

  @inlinable
  public init(_ writer: any MessageWriter) {
    self.writer = writer
  }

  /// Sends one message; returns when there is room for the next, so a slow reader slows its writer.
  @inlinable
  public func write(_ message: Element) async throws {
    try await writer.write(try message.serializedBytes())
  }

  /// Says that no message follows. A caller may go on reading; a provider's stream is finished by its method's return.
  public func finish() async throws {
    try await writer.finish()
  }
}

/// The requests that a provider reads.
public typealias RequestReader<Request: Message> = MessageSequence<Request>
/// The replies that a caller reads.
public typealias ReplyReader<Response: Message> = MessageSequence<Response>
/// The requests that a caller writes.
public typealias RequestWriter<Request: Message> = MessageSink<Request>
/// The replies that a provider writes.
public typealias ReplyWriter<Response: Message> = MessageSink<Response>

internal import DubboCore

/// The values that come from the other side, each decoded when it is taken. Iterate it once, from one task.
public struct CodableSequence<Element: Decodable & Sendable>: AsyncSequence, Sendable {
  let reader: any MessageReader
  let coding: ValueCoding
  /// Whose fault a value is that does not fit.
  let fault: StatusCode

  /// The next value, or nil when the other side has finished well. Throws the call's `DubboError`.
  public func next() async throws -> Element? {
    guard let bytes = try await reader.next() else { return nil }
    return try coding.decode(Element.self, from: bytes, fault)
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(sequence: self)
  }

  public struct Iterator: AsyncIteratorProtocol {
    let sequence: CodableSequence

    public mutating func next() async throws -> Element? {
      try await sequence.next()
    }
  }
}

/// The way to the other side of a stream. Write from one task at a time.
public struct CodableSink<Element: Encodable & Sendable>: Sendable {
  let writer: any MessageWriter
  let coding: ValueCoding

  /// Sends one value; returns when there is room for the next, so a slow reader slows its writer.
  public func write(_ value: Element) async throws {
    try await writer.write(try coding.encode(value))
  }

  /// Says that no value follows. A caller may go on reading; a provider's stream is finished by its method's return.
  public func finish() async throws {
    try await writer.finish()
  }
}

internal import DubboCore

/// How the messages of one direction of a call are compressed. Immutable; used by whatever task has the message.
///
/// Between the wire and the task a message is in its *marked form*: the bytes as they travel, and behind them the flag
/// that stands in the prefix on the wire. So messages wait compressed and a queue holds no more than a window, however
/// large they become.
final class MessageCoding: Sendable {
  /// The token of `grpc-encoding`.
  let name: [UInt8]
  private let compression: any Compression
  /// The largest message that may come out.
  private let limit: Int

  init(name: String, _ compression: any Compression, limit: Int) {
    self.name = Array(name.utf8)
    self.compression = compression
    self.limit = limit
  }

  /// What may be compressed, and expanded, by a task on an event loop: more would hold up the loop's other calls, for
  /// milliseconds and more. A kilobyte may become a megabyte.
  private static let (quickToShrink, quickToExpand) = (16_384, 1_024)

  /// The marked form of `message`; as it is where compressing gains nothing.
  func shrink(_ message: [UInt8]) async -> [UInt8] {
    if message.count <= Self.quickToShrink { return shrunk(message) }
    return await onGlobalPool { self.shrunk(message) }
  }

  private func shrunk(_ message: [UInt8]) -> [UInt8] {
    if var smaller = try? compression.compress(message), smaller.count < message.count {
      smaller.append(1)
      return smaller
    }
    return message + [0]
  }

  /// The message of a marked form, which only a known `coding` can have compressed.
  static func expand(_ marked: [UInt8], by coding: MessageCoding?) async throws -> [UInt8] {
    var message = marked
    guard message.popLast() == 1 else { return message }
    guard let coding else {
      throw DubboError(
        .internal, "a compressed message came without a grpc-encoding that is known here", reason: .protocolViolation,
        progress: .answered)
    }
    if message.count <= quickToExpand { return try coding.expanded(message) }
    return try await onGlobalPool { [message] in try coding.expanded(message) }
  }

  private func expanded(_ message: [UInt8]) throws(DubboError) -> [UInt8] {
    do throws(CompressionError) {
      let expanded = try compression.decompress(message, limit: limit)
      // A compression of the user's may not have kept to it.
      guard expanded.count <= limit else { throw CompressionError.tooLarge }
      return expanded
    } catch .tooLarge {
      throw DubboError(
        .resourceExhausted,
        "a message came that is \(message.count) bytes compressed, and more than the limit of \(limit) when it is not",
        reason: .limit, progress: .answered)
    } catch {
      throw DubboError(
        .internal, "a message came that is not \(String(decoding: name, as: UTF8.self)): \(error)",
        reason: .protocolViolation, progress: .answered)
    }
  }
}

/// The compressions that one side knows.
struct MessageCodings: Sendable {
  private let codings: [MessageCoding]
  /// Their names as `grpc-accept-encoding` lists them.
  let names: String

  init(_ compressions: [String: any Compression], limit: Int) {
    let order = compressions.keys.sorted()
    codings = order.compactMap { name in compressions[name].map { MessageCoding(name: name, $0, limit: limit) } }
    names = order.joined(separator: ",")
  }

  /// The one that is called so, nil when there is none.
  func named(_ name: some Sequence<UInt8>) -> MessageCoding? {
    codings.first { $0.name.elementsEqual(name) }
  }

  /// The one that is called so and that a peer with this `grpc-accept-encoding` takes.
  func named(_ name: String, for accepted: [UInt8]) -> MessageCoding? {
    guard let coding = named(name.utf8) else { return nil }
    let isTaken = accepted.split(separator: UInt8(ascii: ",")).contains { part in
      part.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != UInt8(ascii: ";") }.elementsEqual(coding.name)
    }
    return isTaken ? coding : nil
  }
}

/// Expands the messages of a stream as they are read: a pipe of marked forms.
struct ExpandingReader: MessageReader {
  let pipe: MessagePipe
  let coding: CodingReference

  func next() async throws -> [UInt8]? {
    guard let marked = try await pipe.next() else { return nil }
    do {
      return try await MessageCoding.expand(marked, by: coding.value)
    } catch {
      // What follows cannot be understood either, and whoever reads on is told the same.
      let error = DubboError.wrapping(error)
      pipe.fail(error)
      throw error
    }
  }

  func headers() async throws -> Metadata { try await pipe.headers() }
}

/// Compresses the messages of a stream as they are written.
struct ShrinkingWriter: MessageWriter {
  let writer: any MessageWriter
  let coding: MessageCoding

  func write(_ message: [UInt8]) async throws { try await writer.write(await coding.shrink(message)) }
  func finish() async throws { try await writer.finish() }
}

import Foundation
import Synchronization

/// JSON documents in their order: those of the command line, or else the lines of standard input.
actor DocumentSource {
  private var documents: ArraySlice<String>
  private let readsInput: Bool
  private let input: LineReader
  private var pending: Answer?
  private var isStopped = false

  init(_ documents: [String], input: FileHandle = .standardInput) {
    self.documents = documents[...]
    readsInput = documents.isEmpty
    self.input = LineReader(input)
  }

  /// Nobody waits for a document any more, and who does gets none.
  func stop() {
    isStopped = true
    pending?.give(nil)
  }

  /// The next document; nil when there is none, or when the task is cancelled or the source stopped while it waits for one.
  /// A line is read only when it is asked for.
  func next() async -> String? {
    guard !isStopped else { return nil }
    guard readsInput else { return documents.popFirst() }
    while let line = await line() {
      if line.contains(where: { !$0.isWhitespace }) { return line }
    }
    return nil
  }

  private func line() async -> String? {
    guard !isStopped else { return nil }
    let answer = Answer()
    pending = answer
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if answer.expect(continuation) { input.read { answer.give($0) } }
      }
    } onCancel: {
      answer.give(nil)
    }
  }
}

/// One line for one who waits; the first answer counts.
private final class Answer: Sendable {
  private enum State {
    case new
    case waiting(CheckedContinuation<String?, Never>)
    case given
  }

  private let state = Mutex(State.new)

  /// False if nobody needs to read: the answer came before the question, and the continuation has it.
  func expect(_ continuation: CheckedContinuation<String?, Never>) -> Bool {
    let isWaiting = state.withLock { state in
      guard case .new = state else { return false }
      state = .waiting(continuation)
      return true
    }
    if !isWaiting { continuation.resume(returning: nil) }
    return isWaiting
  }

  func give(_ line: String?) {
    let waiting = state.withLock { state -> CheckedContinuation<String?, Never>? in
      defer { state = .given }
      guard case .waiting(let continuation) = state else { return nil }
      return continuation
    }
    waiting?.resume(returning: line)
  }
}

/// Lines of a file, read on a thread that may wait. Not by the C library's streams: their lock would be held meanwhile,
/// and who prints or leaves the process would wait for the next line, too.
private final class LineReader: Sendable {
  private let file: FileHandle
  private let queue = DispatchQueue(label: "standard input")
  private let rest = Mutex(Data())

  init(_ file: FileHandle) { self.file = file }

  func read(_ body: @escaping @Sendable (String?) -> Void) {
    queue.async { body(self.line()) }
  }

  /// The next line, without its end; nil behind the last one.
  private func line() -> String? {
    var text = rest.withLock { $0 }
    var added = text
    while !added.contains(10) {
      added = file.availableData
      if added.isEmpty {
        rest.withLock { $0 = Data() }
        return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
      }
      text.append(added)
    }
    let end = text.firstIndex(of: 10) ?? text.endIndex
    rest.withLock { $0 = Data(text[end...].dropFirst()) }
    return String(decoding: text[..<end], as: UTF8.self)
  }
}

import Foundation

/// JSON documents in their order: those of the command line, or else the lines of standard input.
actor DocumentSource {
  private var documents: ArraySlice<String>
  private let readsInput: Bool
  private let queue = DispatchQueue(label: "standard input")

  init(_ documents: [String]) {
    self.documents = documents[...]
    readsInput = documents.isEmpty
  }

  /// The next document; nil when there is none. One line is read at a time, and only when it is asked for.
  func next() async -> String? {
    guard readsInput else { return documents.popFirst() }
    while let line = await line() {
      if line.contains(where: { !$0.isWhitespace }) { return line }
    }
    return nil
  }

  private func line() async -> String? {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: readLine()) }
    }
  }
}

package import DubboCore
internal import Synchronization

/// What is read from a consumer's URL, such as its timeouts, at present: from the URL as it was given, or as the override
/// rules and the providers of a directory have it. Read once for each state of the directory; for any thread.
package final class LiveReading<Value: Sendable>: Sendable {
  private let url: DubboURL
  private let read: @Sendable (DubboURL) -> Value
  private let given: Value
  private let present = Mutex<(version: Int, value: Value)?>(nil)

  package init(_ url: DubboURL, read: @escaping @Sendable (DubboURL) -> Value) {
    self.url = url
    self.read = read
    given = read(url)
  }

  package func value(_ snapshot: DirectorySnapshot) -> Value {
    // Mostly nobody else says anything, and calls share nothing that is locked.
    guard snapshot.changesCalls else { return given }
    return present.withLock { present in
      if let present, present.version == snapshot.version { return present.value }
      let value = read(snapshot.effective(url))
      present = (snapshot.version, value)
      return value
    }
  }
}

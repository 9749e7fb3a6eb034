internal import DubboCluster
internal import DubboCore
internal import Synchronization

/// The timeouts of a consumer's URL, read once.
struct Timeouts: Sendable {
  private let timeouts: PerMethod<TimeoutKey>

  init(_ consumer: DubboURL) {
    timeouts = PerMethod(consumer, TimeoutKey.self)
  }

  /// A unary call has the reference's timeout. A call with streams lives as long as its streams, as in Dubbo Java: only
  /// a timeout of its own method, or of the call, ends it.
  func of(_ method: MethodDescriptor) -> Duration? {
    let own = timeouts.own.isEmpty ? nil : timeouts.own[method.name]
    return method.kind == .unary ? own ?? timeouts.general : own
  }
}

/// The timeouts of a reference at present: its own, those of its providers where it says none, and over both what
/// override rules say. Read once for each state of the directory.
final class LiveTimeouts: Sendable {
  private let url: DubboURL
  private let given: Timeouts
  private let directory: any Directory
  private let present = Mutex<(version: Int, timeouts: Timeouts)?>(nil)

  init(_ url: DubboURL, _ directory: any Directory) {
    self.url = url
    given = Timeouts(url)
    self.directory = directory
  }

  func of(_ method: MethodDescriptor) -> Duration? {
    let snapshot = directory.snapshot
    guard snapshot.changesCalls else { return given.of(method) }
    return present.withLock { present in
      if let present, present.version == snapshot.version { return present.timeouts.of(method) }
      let timeouts = Timeouts(snapshot.effective(url))
      present = (snapshot.version, timeouts)
      return timeouts.of(method)
    }
  }
}

internal import DubboCluster
internal import DubboCore
internal import DubboRegistry
internal import Synchronization

/// Lines on their way into a file. Calls only queue them; `run` appends what has come, opening the file anew each time, so
/// that it may be moved away under it. What comes faster than the disk takes it is dropped and counted.
final class AccessLogFile: BackgroundWork {
  private struct Queue {
    var lines: [String] = []
    var dropped = 0
  }

  private static let longestQueue = 10_000

  private let path: String
  private let log: Log
  private let bell = Doorbell()
  private let queue = Mutex(Queue())

  init(path: String, log: Log) {
    self.path = path
    self.log = log
  }

  func add(_ line: String) {
    queue.withLock { queue in
      if queue.lines.count < Self.longestQueue { queue.lines.append(line) } else { queue.dropped += 1 }
    }
    bell.ring()
  }

  /// Writes until its task is cancelled, and then what is left.
  func run() async {
    await withTaskExecutorPreference(globalConcurrentExecutor) {
      while !Task.isCancelled {
        await bell.wait()
        flush()
      }
      flush()
    }
  }

  private func flush() {
    let taken = queue.withLock { queue in
      defer { queue = Queue() }
      return queue
    }
    guard !taken.lines.isEmpty else { return }
    let text = taken.lines.joined(separator: "\n") + "\n"
    if let reason = LineFile.append(Array(text.utf8), to: path) {
      log.warning("lines of an access log are lost", ["file": path, "lines": taken.lines.count, "reason": reason])
    }
    if taken.dropped > 0 {
      log.warning("an access log is written too slowly", ["file": path, "dropped": taken.dropped])
    }
  }
}

import Dubbo
import Synchronization

final class Lines: LogHandler {
  private let stored = Mutex<[String]>([])
  let minimumLevel = LogLevel.info
  var all: [String] { stored.withLock { $0 } }

  func handle(_ event: LogEvent) {
    stored.withLock { $0.append(([event.message] + event.fields.all.map(\.value)).joined(separator: " ")) }
  }
}

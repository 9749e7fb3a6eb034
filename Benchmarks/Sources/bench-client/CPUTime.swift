import Glibc

/// CPU time, of this process and of another one of this machine, in nanoseconds.
enum CPUTime {
  static var own: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The scheduler's account of each thread of the process; empty when there is no such process.
  static func threads(of pid: Int) -> [String: UInt64] {
    let folder = "/proc/\(pid)/task"
    guard let listing = opendir(folder) else { return [:] }
    defer { closedir(listing) }
    var times: [String: UInt64] = [:]
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.first != ".", let file = fopen("\(folder)/\(name)/schedstat", "r") else { continue }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 128)
      guard fgets(&line, Int32(line.count), file) != nil else { continue }
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      times[name] = text.split(separator: " ").first.flatMap { UInt64($0) }
    }
    return times
  }

  /// What was spent between two accounts; of threads that ended in between, nothing is known.
  static func between(_ before: [String: UInt64], _ after: [String: UInt64]) -> UInt64 {
    after.reduce(0) { sum, thread in
      let earlier = before[thread.key] ?? 0
      return sum + (thread.value > earlier ? thread.value - earlier : 0)
    }
  }
}

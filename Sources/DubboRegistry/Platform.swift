// The one file of this target that touches the C library: files, folders and processes.

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A system call that failed.
struct SystemFailure: Error, Hashable, CustomStringConvertible {
  var operation: String
  var path: String
  var code: Int32

  var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  var description: String { "\(operation) \(path): \(String(cString: strerror(code)))" }

  fileprivate static func last(_ operation: String, _ path: String) -> SystemFailure {
    SystemFailure(operation: operation, path: path, code: errno)
  }
}

/// What `lstat` says of a regular file.
struct FileFacts: Sendable, Hashable {
  var inode: UInt64
  /// Nanoseconds of the last change of its content.
  var modified: Int64
  var size: Int
}

/// The blocking file operations of this target. Never called on an event loop.
enum FileSystem {
  /// The names in `folder`, sorted; at most `limit`.
  static func names(in folder: String, limit: Int) throws(SystemFailure) -> [String] {
    guard let directory = opendir(folder) else { throw .last("cannot open the folder", folder) }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < limit, let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
          String(cString: $0)
        }
      }
      names.append(name)
    }
    return names.sorted()
  }

  /// What is known of the regular file at `path`; nil for anything else, links and pipes too.
  static func facts(of path: String) throws(SystemFailure) -> FileFacts? {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .last("cannot look at", path) }
    return facts(status)
  }

  private static func facts(_ status: stat) -> FileFacts? {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    // Read by its bytes, two words: the optimised build looks for the fields in a module that nothing may import.
    let (seconds, nanoseconds) = withUnsafeBytes(of: time) { bytes in
      (bytes.load(as: Int.self), bytes.load(fromByteOffset: MemoryLayout<Int>.size, as: Int.self))
    }
    return FileFacts(
      inode: UInt64(status.st_ino), modified: Int64(seconds) &* 1_000_000_000 &+ Int64(nanoseconds),
      size: Int(status.st_size))
  }

  /// The bytes of the file at `path`, at most `limit` of them.
  static func read(_ path: String, limit: Int) throws(SystemFailure) -> [UInt8] {
    // Non-blocking, for the file may have become a pipe since it was looked at.
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last("cannot open", path) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var filled = 0
    while filled < limit {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + filled }, limit - filled, off_t(filled))
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .last("cannot read", path) }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes.prefix(filled))
  }

  /// Puts `bytes` at `path` so that a reader sees the old file or the new one, never a part: written under another
  /// name first, then renamed.
  static func replace(_ path: String, temporary: String, with bytes: [UInt8]) throws(SystemFailure) -> FileFacts? {
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .last("cannot create", temporary) }
    defer { close(descriptor) }
    var status = stat()
    do throws(SystemFailure) {
      try write(bytes, to: descriptor, at: 0, temporary)
      guard fstat(descriptor, &status) == 0 else { throw SystemFailure.last("cannot look at", temporary) }
      guard rename(temporary, path) == 0 else { throw SystemFailure.last("cannot rename to", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    return facts(status)
  }

  /// Overwrites the last bytes of the file at `path`; false when it is gone or is another file than `inode`.
  static func overwriteEnd(of path: String, inode: UInt64, with bytes: [UInt8]) throws(SystemFailure) -> Bool {
    let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let failure = SystemFailure.last("cannot open", path)
      if failure.isMissing { return false }
      throw failure
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last("cannot look at", path) }
    guard let facts = facts(status), facts.inode == inode, facts.size >= bytes.count else { return false }
    try write(bytes, to: descriptor, at: facts.size - bytes.count, path)
    return true
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int, _ path: String)
    throws(SystemFailure)
  {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        pwrite(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written, off_t(offset + written))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .last("cannot write", path) }
      written += count
    }
  }

  /// Removes the file at `path`; one that is not there is no error.
  static func remove(_ path: String) throws(SystemFailure) {
    guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw .last("cannot remove", path) }
  }

  /// Makes the folder at `path` and those above it, where they are missing.
  static func makeFolder(_ path: String) throws(SystemFailure) {
    if mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, 0o755) == 0 { return }
    }
    guard errno == EEXIST else { throw .last("cannot make the folder", path) }
    var status = stat()
    guard stat(path, &status) == 0 else { throw .last("cannot look at", path) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw SystemFailure(operation: "cannot make the folder", path: path, code: ENOTDIR)
    }
  }
}

/// What this machine knows of processes.
enum Processes {
  static var own: Int { Int(getpid()) }

  /// The user's own folder; nil when the environment names none.
  static var homeFolder: String? {
    guard let text = getenv("HOME") else { return nil }
    let folder = String(cString: text)
    return folder.hasPrefix("/") ? folder : nil
  }

  /// Whether the process with this number is known to be gone. One that belongs to another user is there.
  static func isGone(_ pid: Int) -> Bool {
    guard let number = pid_t(exactly: pid), number > 0 else { return true }
    return kill(number, 0) != 0 && errno == ESRCH
  }

  /// A text that is equal for two processes exactly when the process numbers of one mean something to the other: the
  /// system's start and the process space (a container has its own). Nil when the system tells neither.
  static func host() -> String? {
    #if os(Linux)
      guard let boot = try? FileSystem.read("/proc/sys/kernel/random/boot_id", limit: 64), !boot.isEmpty else {
        return nil
      }
      var space = [UInt8](repeating: 0, count: 64)
      let count = space.withUnsafeMutableBytes { buffer in
        guard let base = buffer.baseAddress else { return -1 }
        return readlink("/proc/self/ns/pid", base.assumingMemoryBound(to: CChar.self), buffer.count)
      }
      guard count > 0, count < space.count else { return nil }
      let digits = space.prefix(count).filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      let start = boot.prefix { $0 != UInt8(ascii: "\n") }
      return String(decoding: start, as: UTF8.self) + "/" + String(decoding: digits, as: UTF8.self)
    #elseif canImport(Darwin)
      var size = 64
      var text = [CChar](repeating: 0, count: size)
      guard sysctlbyname("kern.bootsessionuuid", &text, &size, nil, 0) == 0 else { return nil }
      return String(decoding: text.prefix(max(0, size - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #else
      return nil
    #endif
  }
}

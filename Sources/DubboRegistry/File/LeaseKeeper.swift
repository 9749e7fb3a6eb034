internal import DubboCore

/// The registrations of this process in the folder: publishes them, gives their signs of life, takes them back.
///
/// An actor whose methods never wait, so that a heartbeat and a withdrawal cannot overtake each other.
actor LeaseKeeper {
  private struct Registration {
    var path: String
    var temporary: String
    var file: LeaseFile
    var inode: UInt64
  }

  private let options: FileRegistryOptions
  private let host: String?
  /// Tells the files of this registry from those of all others, whatever process numbers do.
  private let identity: String
  private var registrations: [(url: DubboURL, registration: Registration)] = []
  private var count = 0

  init(_ options: FileRegistryOptions, identity: UInt64) {
    self.options = options
    self.identity = String(identity, radix: 16)
    host = Processes.host()
  }

  func publish(_ url: DubboURL) throws {
    guard !registrations.contains(where: { $0.url == url }) else { return }
    let file = LeaseFile(url: url, host: host, pid: Processes.own, lease: options.lease)
    guard url.text.utf8.count <= 65_536 else {
      throw DubboError(.invalidArgument, "cannot register a URL of more than 64 KiB", reason: .limit)
    }
    let folder = options.folder(of: ServiceKey(url).interface)
    count += 1
    let name = "\(identity)-\(count)"
    var registration = Registration(
      path: "\(folder)/\(name)\(FileRegistryOptions.suffix)", temporary: "\(folder)/.\(name).tmp", file: file, inode: 0)
    try write(&registration)
    registrations.append((url, registration))
  }

  func withdraw(_ url: DubboURL) throws {
    guard let place = registrations.firstIndex(where: { $0.url == url }) else { return }
    // Forgotten first: a file that could not be removed ends with its lease.
    let registration = registrations.remove(at: place).registration
    try FileSystem.remove(registration.path)
  }

  func withdrawAll() {
    for (_, registration) in registrations { try? FileSystem.remove(registration.path) }
    registrations = []
  }

  /// One sign of life for each registration; publishes anew what somebody has removed. Returns the first failure.
  func beat() -> (any Error)? {
    var failure: (any Error)?
    for place in registrations.indices {
      do {
        var registration = registrations[place].registration
        registration.file.beat &+= 1
        let isThere = try FileSystem.overwriteEnd(
          of: registration.path, inode: registration.inode, with: LeaseFile.beatBytes(registration.file.beat))
        if !isThere { try write(&registration) }
        registrations[place].registration = registration
      } catch {
        failure = failure ?? error
      }
    }
    return failure
  }

  private func write(_ registration: inout Registration) throws {
    if let slash = registration.path.lastIndex(of: "/") {
      try FileSystem.makeFolder(String(registration.path[..<slash]))
    }
    let facts = try FileSystem.replace(
      registration.path, temporary: registration.temporary, with: registration.file.bytes)
    registration.inode = facts?.inode ?? 0
  }
}

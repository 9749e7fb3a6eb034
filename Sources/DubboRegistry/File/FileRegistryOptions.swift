public import DubboCore

/// `lease`: How long a provider is listed without a sign of life, in milliseconds.
public enum LeaseKey: URLParameterKey {
  public static let name = "lease"
  public static let defaultValue: Duration = .seconds(3)
}

/// `heartbeat`: How often a provider gives a sign of life, in milliseconds; at most half of the lease.
public enum HeartbeatKey: URLParameterKey {
  public static let name = "heartbeat"
  public static let defaultValue: Duration = .milliseconds(700)
}

/// `poll`: How often a consumer looks into the folder, in milliseconds.
public enum PollKey: URLParameterKey {
  public static let name = "poll"
  public static let defaultValue: Duration = .milliseconds(200)
}

/// What the URL of a file registry says: `file:///tmp/dubbo?lease=3000&heartbeat=700&poll=200`.
struct FileRegistryOptions: Sendable, Hashable {
  /// The folder, an absolute path.
  var folder: String
  var lease: Duration
  var heartbeat: Duration
  var poll: Duration

  init(_ url: DubboURL) throws {
    func refuse(_ why: String) -> DubboError {
      DubboError(.invalidArgument, "cannot use the file registry \(url): \(why)", reason: .configuration)
    }
    guard url.host.isEmpty, !url.path.isEmpty else {
      throw refuse("write file:///FOLDER with three slashes and an absolute path")
    }
    guard !url.path.utf8.contains(0) else { throw refuse("the path holds a zero byte") }
    folder = "/" + url.path
    do {
      lease = try url.value(of: LeaseKey.self)
      heartbeat = try url.value(of: HeartbeatKey.self)
      poll = try url.value(of: PollKey.self)
    } catch {
      throw refuse("\(error)")
    }
    guard poll >= .milliseconds(1), heartbeat >= .milliseconds(1) else {
      throw refuse("poll and heartbeat must be at least 1 ms")
    }
    guard heartbeat * 2 <= lease else {
      throw refuse("heartbeat must be at most half of lease, or a living provider would drop out")
    }
  }
}

extension FileRegistryOptions {
  /// The end of each lease's file name.
  static let suffix = ".provider"

  /// Where the leases of an interface, or the texts of a group, lie.
  func folder(of name: String) -> String {
    "\(folder)/\(Self.fileName(name))"
  }

  /// `name` as the name of a file or folder.
  static func fileName(_ name: String) -> String {
    let encoded = PercentCoding.encode(name)
    // "." and ".." would be other folders, and what begins with a dot is hidden.
    return encoded.hasPrefix(".") ? "%2E\(encoded.dropFirst())" : encoded
  }
}

public import DubboCore

/// A config center that is a folder: `file:///etc/dubbo` keeps the text of a key in `GROUP/NAME`, both percent-encoded
/// where a file name needs it. Looks for changes five times a second (`poll`, in milliseconds); a text has at most 1 MiB.
public final class FileConfigCenter: ConfigCenter {
  /// The largest text, in bytes.
  static let limit = 1_048_576

  public let url: DubboURL
  private let options: FileRegistryOptions
  private let context: RegistryContext
  private let feed: ConfigFeed
  private let bell = Doorbell()

  /// Throws `DubboError` when the URL does not name a folder. Touches no file.
  public init(url: DubboURL, context: RegistryContext = RegistryContext()) throws {
    self.url = url
    self.context = context
    options = try FileRegistryOptions(url)
    let bell = self.bell
    feed = ConfigFeed { bell.ring() }
  }

  public func watch(_ key: ConfigKey) -> AsyncStream<ConfigState> {
    feed.values(of: key)
  }

  public func publish(_ content: String, for key: ConfigKey) async throws {
    let bytes = Array(content.utf8)
    guard bytes.count <= Self.limit else {
      throw DubboError(.invalidArgument, "the text for \(key) is larger than \(Self.limit) bytes", reason: .limit)
    }
    let folder = options.folder(of: key.group)
    let path = path(of: key)
    let temporary = "\(folder)/.\(UInt64.random(in: .min ... .max)).tmp"
    try await reporting("write \(key) to") {
      try FileSystem.makeFolder(folder)
      _ = try FileSystem.replace(path, temporary: temporary, with: bytes)
    }
  }

  public func remove(_ key: ConfigKey) async throws {
    let path = path(of: key)
    try await reporting("remove \(key) from") { try FileSystem.remove(path) }
  }

  public func run() async throws {
    await onWorker {
      var seen: [ConfigKey: FileFacts] = [:]
      while !Task.isCancelled {
        var looked: [ConfigKey: FileFacts] = [:]
        for key in self.feed.topics { looked[key] = self.look(at: key, seen[key]) }
        seen = looked
        await self.bell.wait(until: self.context.clock.now.advanced(by: self.options.poll), self.context.clock)
      }
      self.feed.finish()
    }
  }

  /// Publishes what is under `key`, read only when the file has changed; returns what to compare the next look with.
  private func look(at key: ConfigKey, _ seen: FileFacts?) -> FileFacts? {
    let path = path(of: key)
    do {
      guard let facts = try FileSystem.facts(of: path) else {
        feed.report(trouble: "\(path) is no regular file", for: key)
        return nil
      }
      if facts == seen { return seen }
      let bytes = try FileSystem.read(path, limit: Self.limit + 1)
      guard bytes.count <= Self.limit else {
        feed.report(trouble: "\(path) is larger than \(Self.limit) bytes", for: key)
        return facts
      }
      feed.publish(ConfigState(content: String(decoding: bytes, as: UTF8.self)), for: key)
      return facts
    } catch {
      if error.isMissing {
        feed.publish(ConfigState(content: nil), for: key)
      } else {
        feed.report(trouble: "\(error)", for: key)
      }
      return nil
    }
  }

  private func path(of key: ConfigKey) -> String {
    "\(options.folder(of: key.group))/\(FileRegistryOptions.fileName(key.name))"
  }

  private func reporting(_ operation: String, _ body: @escaping @Sendable () throws -> Void) async throws {
    do {
      try await onWorker { try body() }
      bell.ring()
    } catch let error as SystemFailure {
      throw DubboError(
        .unavailable, "cannot \(operation) \(url): \(error)", reason: .configuration, cause: error)
    }
  }
}

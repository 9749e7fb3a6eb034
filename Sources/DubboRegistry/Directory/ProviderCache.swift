public import DubboCore

/// `file-cache`: False: what a registry says is not kept on disk.
public enum FileCacheKey: URLParameterKey {
  public static let name = "file-cache"
  public static let defaultValue = true
}

/// `file`: The folder of a registry's cache.
public enum CacheFolderKey: URLParameterKey {
  public static let name = "file"
  public static let defaultValue: String? = nil
}

/// The last good list of one registry and service on disk, to start from when the registry is down.
///
/// One file per registry and service, replaced whole, so that it is never half of one list and half of another.
struct ProviderCache: Sendable {
  private static let firstLine = "dubbo-providers 1"
  /// Ten thousand providers of a few hundred bytes each.
  static let limit = 16 * 1_048_576

  private let folder: String
  private let path: String

  /// Nil for a registry that needs none, because it lives on this machine, or wants none.
  init?(registry: DubboURL, service: ServiceKey) {
    guard registry[FileCacheKey.self], !["file", "memory", "static"].contains(registry.scheme),
      let folder = registry[CacheFolderKey.self] ?? Processes.homeFolder.map({ "\($0)/.dubbo" })
    else { return nil }
    self.folder = folder
    let name = FileRegistryOptions.fileName("\(registry.scheme)-\(registry.address)-\(service.colonText)")
    path = "\(folder)/swift-providers-\(name.suffix(200)).cache"
  }

  /// The list that was kept; empty when there is none or it is damaged.
  func load() -> [DubboURL] {
    guard let bytes = try? FileSystem.read(path, limit: Self.limit), bytes.last == UInt8(ascii: "\n") else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard lines.first.map(String.init) == Self.firstLine else { return [] }
    return lines.dropFirst().compactMap { try? DubboURL(String($0)) }
  }

  func store(_ providers: [DubboURL]) throws(SystemFailure) {
    let text = ([Self.firstLine] + providers.map(\.text)).joined(separator: "\n") + "\n"
    guard text.utf8.count <= Self.limit else { return }
    try FileSystem.makeFolder(folder)
    // Of two processes that write at the same time the later one counts, each whole.
    _ = try FileSystem.replace(path, temporary: "\(path).\(Processes.own).tmp", with: Array(text.utf8))
  }
}

public import DubboCore

/// Where rules and settings that change at run time come from: texts by key, watched.
public protocol ConfigCenter: Sendable {
  /// The URL that this center was made from.
  var url: DubboURL { get }

  /// The text under `key`: the present state first, then the newest after each change. A key that is not there is a
  /// state too. Reading ends when the reader's task is cancelled or the center stops.
  func watch(_ key: ConfigKey) -> AsyncStream<ConfigState>

  /// Writes `content` under `key`. Throws `DubboError` when the center cannot be reached or refuses.
  func publish(_ content: String, for key: ConfigKey) async throws

  /// Removes what is under `key`; one that is not there is no error.
  func remove(_ key: ConfigKey) async throws

  /// Feeds the watches until its task is cancelled. Called once; survives the loss of the center.
  func run() async throws
}

/// What a text is filed under, as Dubbo does it: `org.example.Greeter:1.0.0:.condition-router` in the group `dubbo`.
public struct ConfigKey: Sendable, Hashable, Comparable, CustomStringConvertible {
  public static let defaultGroup = "dubbo"

  public var group: String
  public var name: String

  public init(_ name: String, group: String = defaultGroup) {
    self.name = name
    self.group = group
  }

  public var description: String { "\(group)/\(name)" }

  public static func < (left: ConfigKey, right: ConfigKey) -> Bool {
    (left.group, left.name) < (right.group, right.name)
  }
}

/// What a config center knows of one key at one time.
public struct ConfigState: Sendable, Hashable {
  /// The text; nil when there is none under the key.
  public var content: String?
  /// Why the center cannot tell the present state, for people; `content` is then the last that was known.
  public var trouble: String?

  public init(content: String?, trouble: String? = nil) {
    self.content = content
    self.trouble = trouble
  }
}

/// The extension point of config centers: their names are URL schemes.
public enum ConfigCenters: ExtensionPoint {
  public typealias Factory = @Sendable (_ url: DubboURL, _ context: RegistryContext) async throws -> any ConfigCenter
  public static let name = "config-center"
}

/// A config center's watches.
package typealias ConfigFeed = Feed<ConfigKey, ConfigState>

extension ConfigFeed {
  /// Hands `state` on if it is not the last one.
  package func publish(_ state: ConfigState, for key: ConfigKey) {
    publish(for: key) { last in last == state ? nil : state }
  }

  /// Says that the center cannot tell the state of `key` now.
  package func report(trouble: String, for key: ConfigKey) {
    publish(for: key) { last in
      let next = ConfigState(content: last?.content, trouble: trouble)
      return last == next ? nil : next
    }
  }
}

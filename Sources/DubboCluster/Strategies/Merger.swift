public import DubboCore

/// Joins the replies of several groups into one.
public protocol Merger: Sendable {
  /// `replies` in the order of the groups; at least one.
  func merge(_ replies: [Reply], of method: MethodDescriptor) throws -> Reply
}

/// The extension point of mergers; the name is what `merger=` says.
public enum Mergers: ExtensionPoint {
  public typealias Factory = @Sendable () -> any Merger
  public static let name = "merger"
}

/// `protobuf`, also `true` and `default`: the messages one after another, which for protobuf is their union: lists are
/// joined, of single values the last counts (protobuf's encoding guide, "last one wins").
public struct ProtobufMerger: Merger {
  public init() {}

  public func merge(_ replies: [Reply], of method: MethodDescriptor) throws -> Reply {
    guard var merged = replies.first else { return Reply() }
    for reply in replies.dropFirst() {
      merged.message += reply.message
      merged.trailers.append(contentsOf: reply.trailers)
    }
    return merged
  }
}

public import DubboCore

/// `mergeable`: one provider of every group at once, and their replies joined by the `merger`. Without a merger one
/// provider of any group. Streams are refused when there is a merger.
public struct MergeableCluster: Invoker {
  private let context: ClusterContext

  /// The merger is looked up in the context's catalog.
  public init(_ context: ClusterContext) {
    self.context = context
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    let options = context.options(invocation.method.name)
    guard let name = options.merger, name != "false" else { return try await context.invokeOnce(invocation) }
    try invocation.mustNotStream("mergeable")
    let merger: any Merger
    do {
      merger = try context.catalog.factory(name, for: Mergers.self)()
    } catch {
      throw DubboError(.invalidArgument, "\(error)", reason: .configuration, progress: .notSent)
    }
    let roster = try await context.directory.list(invocation)
    let groups = Self.groups(of: roster, wallMilliseconds: context.clock.wallMilliseconds)
    let selection = context.selection(for: invocation, options)
    let replies = try await withThrowingTaskGroup(of: (Int, Reply).self) { [context] group in
      for (index, members) in groups.enumerated() {
        guard let candidate = selection.next(from: members, for: invocation, tried: []) else { continue }
        group.addTask { (index, try await context.attempt(invocation, at: candidate, among: members)) }
      }
      var replies: [(Int, Reply)] = []
      for try await reply in group { replies.append(reply) }
      return replies.sorted { $0.0 < $1.0 }.map(\.1)
    }
    if invocation.translation != nil { try mustBeAlike(replies) }
    return try merger.merge(replies, of: invocation.method)
  }

  private func mustBeAlike(_ replies: [Reply]) throws {
    let serializations = Set(replies.compactMap(\.serialization)).sorted()
    guard serializations.count > 1 else { return }
    throw DubboError(
      .internal,
      "the groups of \(context.directory.service) answer in \(serializations.joined(separator: " and ")), which cannot be "
        + "merged; name one serialization at the reference", reason: .serialization, progress: .answered)
  }

  /// The candidates of each group, groups in the order in which they first occur.
  private static func groups(of roster: Roster, wallMilliseconds: Int64) -> [Roster] {
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for (place, candidate) in roster.candidates.enumerated() {
      let group = candidate.url.group ?? ""
      if members[group] == nil { order.append(group) }
      members[group, default: []].append(place)
    }
    return order.map { roster.part(members[$0] ?? [], wallMilliseconds: wallMilliseconds) }
  }
}

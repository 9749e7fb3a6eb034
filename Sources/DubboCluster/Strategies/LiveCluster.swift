package import DubboCore
internal import Synchronization

/// The cluster of a reference: as its own URL says, and as the override rules and the providers have it where they name
/// another strategy or another load balance.
package final class LiveCluster: Invoker {
  /// Makes the cluster of a consumer's URL.
  package typealias Factory = @Sendable (DubboURL) async throws -> any Invoker

  private struct Present {
    var version: Int
    var invoker: any Invoker
    /// What was asked for and could not be made.
    var refused: DubboURL?
  }

  private let url: DubboURL
  private let directory: any Directory
  private let given: any Invoker
  private let log: Log
  private let make: Factory
  private let others = SharedInstances<DubboURL, any Invoker>()
  private let present = Mutex<Present?>(nil)

  /// Rules that name more strategies and balances than this, one after another, are not followed.
  private static let limit = 64

  /// - Parameters:
  ///   - given: the cluster of `url`.
  ///   - make: called once for each way of choosing, of which the URL that it gets tells; never for that of `url`.
  package init(
    _ url: DubboURL, directory: any Directory, given: any Invoker, log: Log, make: @escaping Factory
  ) {
    self.url = url
    self.directory = directory
    self.given = given
    self.log = log
    self.make = make
  }

  package func invoke(_ invocation: Invocation) async throws -> Reply {
    let snapshot = directory.snapshot
    guard snapshot.changesCalls else { return try await given.invoke(invocation) }
    let known = present.withLock { $0.flatMap { $0.version == snapshot.version ? $0.invoker : nil } }
    if let known { return try await known.invoke(invocation) }
    return try await invoker(snapshot).invoke(invocation)
  }

  private func invoker(_ snapshot: DirectorySnapshot) async throws -> any Invoker {
    let wanted = snapshot.effective(url).chosen(over: url)
    var invoker = given
    var refused = present.withLock { $0?.refused }
    if wanted != url, wanted != refused {
      do {
        guard others.instances.count < Self.limit else { throw TooMany() }
        invoker = try await others.instance(of: wanted) { try await make(wanted) }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        // Once, and not again with each change of the providers.
        log.warning("what rules or providers say of calls is not followed", ["error": "\(error)"])
        refused = wanted
      }
    }
    present.withLock { present in
      if let present, present.version > snapshot.version { return }
      present = Present(version: snapshot.version, invoker: invoker, refused: refused)
    }
    return invoker
  }

  private struct TooMany: Error, CustomStringConvertible {
    var description: String { "\(LiveCluster.limit) strategies and load balances were named before" }
  }
}

extension DubboURL {
  private static let choices = [ClusterKey.name, LoadBalanceKey.name, HashNodesKey.name, HashArgumentsKey.name]

  /// `url` with what this URL says of the strategy and the load balance, of single methods too.
  fileprivate func chosen(over url: DubboURL) -> DubboURL {
    var result = url
    for element in parameters where result[element.name] != element.value {
      if Self.choices.contains(where: { element.name == $0 || element.name.hasSuffix(".\($0)") }) {
        result[element.name] = element.value
      }
    }
    return result
  }
}

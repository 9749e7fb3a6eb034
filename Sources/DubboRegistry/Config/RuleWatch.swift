package import DubboCluster
package import DubboCore
internal import Synchronization

/// Keeps the rules of one reference current: watches the config center under every name where a rule for it may be
/// filed, and hands on what is found.
///
/// A text that is wrong is refused with its line and a caret, and the rule before it stays. A config center that cannot
/// be reached changes nothing.
package final class RuleWatch: Sendable {
  private struct State {
    var applications: [String] = []
    var changes: [(name: String, state: ConfigState)] = []
  }

  /// Applications whose rules are watched, the consumer's own counted in.
  package static let limit = 1_000

  private let service: ServiceKey
  private let consumer: String?
  private let onlyOverrides: Bool
  private let center: any ConfigCenter
  private let log: Log
  private let bell = Doorbell()
  private let state = Mutex(State())

  /// - Parameters:
  ///   - consumer: the name of the calling application; of the one that provides, where that watches.
  ///   - onlyOverrides: whether the other rules, which providers have no use for, are left alone.
  package init(
    service: ServiceKey, consumer: String?, center: any ConfigCenter, log: Log, onlyOverrides: Bool = false
  ) {
    self.service = service
    self.consumer = consumer
    self.onlyOverrides = onlyOverrides
    self.center = center
    self.log = log.with(["service": service])
  }

  /// The applications that provide the service, whose rules count too.
  package func providers(_ applications: [String]) {
    let isNew = state.withLock { state in
      defer { state.applications = applications }
      return state.applications != applications
    }
    if isNew { bell.ring() }
  }

  /// Watches until the task is cancelled; `apply` gets all rules after each change.
  ///
  /// - Parameter settled: called when the config center has told under every name what it has, with the applications whose
  ///   names that were.
  package func run(
    settled: @Sendable ([String]) -> Void = { _ in }, _ apply: @Sendable (RuleBook) async -> Void
  ) async {
    await withDiscardingTaskGroup { group in
      var book = RuleBook()
      var watched: Set<String> = []
      var told: Set<String> = []
      var lastSettled: [String]?
      while !Task.isCancelled {
        let (applications, changes) = state.withLock { state in
          defer { state.changes = [] }
          return (state.applications, state.changes)
        }
        let names = RuleBook.names(
          service: service, consumer: consumer, providers: Array(applications.prefix(Self.limit)))
        for name in names
        where (!onlyOverrides || RuleBook.isOverride(name)) && watched.insert(name).inserted {
          group.addTask {
            for await state in self.center.watch(ConfigKey(name)) { self.put(state, name) }
          }
        }
        var isChanged = false
        for (name, state) in changes where file(state, name, &book) { isChanged = true }
        if isChanged { await apply(book) }
        told.formUnion(changes.map(\.name))
        if lastSettled != applications, watched.isSubset(of: told) {
          lastSettled = applications
          settled(applications)
        }
        await bell.wait()
      }
    }
  }

  private func put(_ new: ConfigState, _ name: String) {
    state.withLock { state in
      state.changes.removeAll { $0.name == name }
      state.changes.append((name, new))
    }
    bell.ring()
  }

  /// Takes one text in; true when it counts.
  private func file(_ state: ConfigState, _ name: String, _ book: inout RuleBook) -> Bool {
    if let trouble = state.trouble {
      log.warning("the config center cannot tell a rule; the last one stays", ["rule": name, "reason": trouble])
      return false
    }
    do {
      for doubt in try book.file(state.content, under: name) {
        log.warning("a rule is doubtful", ["rule": name, "why": "\(doubt)"])
      }
      return true
    } catch {
      log.error("refused a rule; the one before it stays", ["rule": name, "error": "\(error)"])
      return false
    }
  }
}

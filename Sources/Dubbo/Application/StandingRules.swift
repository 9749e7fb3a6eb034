internal import DubboCluster
internal import DubboRegistry
internal import Synchronization

/// The routing rules that an application was started with, or that its file has had since, for all of its references.
final class StandingRules: Sendable {
  private struct State {
    var rules: RuleSet
    var references: [ReferenceRules] = []
  }

  private let state: Mutex<State>

  init(_ rules: RuleSet) {
    state = Mutex(State(rules: rules))
  }

  /// Replaces the rules, for the references that there are and all to come.
  func update(_ rules: RuleSet) {
    state.withLock { state in
      state.rules = rules
      for reference in state.references { reference.update(standing: rules) }
    }
  }

  /// Makes the rules hold for `directory`, now and after each change.
  ///
  /// - Parameter routers: those that this reference alone has.
  func reference(over directory: RegistryDirectory, routers: [any Router]) -> ReferenceRules {
    state.withLock { state in
      let reference = ReferenceRules(directory, RuleSet(routers: routers))
      reference.update(standing: state.rules)
      state.references.append(reference)
      return reference
    }
  }
}

/// The rules of one directory: those that stand, and the live ones of a config center, each replaced without the other.
final class ReferenceRules: Sendable {
  private let directory: RegistryDirectory
  private let own: RuleSet
  private let parts = Mutex((standing: RuleSet(), live: RuleSet()))

  init(_ directory: RegistryDirectory, _ own: RuleSet) {
    self.directory = directory
    self.own = own
  }

  func update(standing: RuleSet) {
    // Applied under the lock, so that of two changes the later one is the last to apply.
    parts.withLock { parts in
      parts.standing = standing
      directory.update(rules: standing.adding(own).adding(parts.live))
    }
  }

  func update(live: RuleSet) {
    parts.withLock { parts in
      parts.live = live
      directory.update(rules: parts.standing.adding(own).adding(live))
    }
  }
}

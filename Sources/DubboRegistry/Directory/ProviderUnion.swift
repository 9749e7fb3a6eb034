internal import DubboCluster
public import DubboCore

/// The providers of one service in several registries as one list, with Dubbo's protection against lists that a
/// registry empties by mistake. Pure: snapshots and the time come in.
struct ProviderUnion: Sendable {
  private struct Source {
    /// In use: the last list that was not empty, or the empty one once it is believed.
    var providers: [DubboURL] = []
    /// The registry's list has been empty since then, and is not believed yet.
    var isEmptySince: MonotonicInstant?
    var isKnown = false
    var trouble: String?
  }

  private var sources: [Source]
  private let filter: ProviderFilter
  /// How long an empty list must last before it is believed; nil believes it at once.
  private let protection: Duration?

  init(filter: ProviderFilter, sources: Int, protection: Duration?) {
    self.filter = filter
    self.protection = protection
    self.sources = Array(repeating: Source(), count: sources)
  }

  /// Each registry has told its state at least once.
  var isKnown: Bool { sources.allSatisfy(\.isKnown) }

  /// The registry at `place` has told its state at least once.
  func isKnown(_ place: Int) -> Bool { sources.indices.contains(place) && sources[place].isKnown }

  /// What registries say of themselves when they cannot tell the present state.
  var troubles: [String] { sources.compactMap(\.trouble) }

  /// The list of some registry is empty and the one before is still used.
  var isProtected: Bool { sources.contains { $0.isEmptySince != nil } }

  /// When to call `believe(now:)`; nil when nothing waits.
  var nextBelief: MonotonicInstant? {
    guard let protection else { return nil }
    return sources.compactMap(\.isEmptySince).min()?.advanced(by: protection)
  }

  /// All providers, those of the first registry first; each provider once.
  var providers: [DubboURL] {
    if sources.count == 1 { return sources[0].providers }
    var known: Set<String> = []
    return sources.flatMap(\.providers).filter { known.insert($0.providerIdentity).inserted }
  }

  /// Takes in what the registry at `place` says now.
  mutating func apply(
    _ snapshot: RegistrySnapshot, from place: Int, now: MonotonicInstant
  ) -> ProviderFilter.Rejections {
    guard sources.indices.contains(place) else { return ProviderFilter.Rejections() }
    let (providers, rejections) = filter.usable(among: snapshot.providers)
    sources[place].trouble = snapshot.trouble
    // A registry in trouble knows nothing: its list is what it knew before.
    if snapshot.trouble != nil, providers.isEmpty { return rejections }
    sources[place].isKnown = true
    if providers.isEmpty, protection != nil, !sources[place].providers.isEmpty {
      sources[place].isEmptySince = sources[place].isEmptySince ?? now
    } else {
      sources[place].providers = providers
      sources[place].isEmptySince = nil
    }
    return rejections
  }

  /// Believes the empty lists that have lasted long enough; true when that changed something.
  mutating func believe(now: MonotonicInstant) -> Bool {
    guard let protection else { return false }
    var isChanged = false
    for place in sources.indices {
      guard let since = sources[place].isEmptySince, since.advanced(by: protection) <= now else { continue }
      sources[place] = Source(isKnown: true, trouble: sources[place].trouble)
      isChanged = true
    }
    return isChanged
  }
}

/// `empty-protection-delay`: How long an empty list must last before it is believed, in milliseconds.
public enum EmptyProtectionDelayKey: URLParameterKey {
  public static let name = "empty-protection-delay"
  public static let defaultValue: Duration = .seconds(30)
}

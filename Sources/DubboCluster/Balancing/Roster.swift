internal import Synchronization

/// An immutable list of candidates, with what balancers have prepared for it.
///
/// Made when providers or rules change and then read by every call, so that a choice costs the same for ten providers
/// as for ten thousand.
public final class Roster: Sendable {
  public let candidates: [Candidate]
  /// The list that routing took this one from; nil when it is no part of another.
  let whole: Whole?
  private let hasMethodWeights: Bool
  private let tables: Mutex<[String: Prepared]>
  /// The table of all methods, when neither time nor method changes it.
  private let constant: WeightTable?
  private let isConstant: Bool
  private let cache = Mutex<[CacheKey: Made]>([:])

  /// What a part knows of its whole: a balancer that has made something for all may use it for some.
  struct Whole: Sendable {
    var roster: Roster
    /// Where each candidate of the part stands in the whole.
    fileprivate var places: [Int]
    var members: CandidateSet
  }

  private struct Prepared {
    var table: WeightTable?
    /// The wall milliseconds for which the table holds.
    var validity: Range<Int64>
  }

  /// What a balancer keeps with the list, and how it made it.
  private struct Made: Sendable {
    var value: any Sendable
    var make: @Sendable (Roster) -> any Sendable
  }

  private struct CacheKey: Hashable {
    var type: ObjectIdentifier
    var variant: String
  }

  /// How long a table is used while providers warm up, in milliseconds.
  private static let warmupStep: Int64 = 1_000
  private static let methodLimit = 1_024
  /// All of it is made anew for each list.
  private static let variantLimit = 16

  /// - Parameter wallMilliseconds: the wall clock's moment, which decides whether a provider is still warming up.
  public convenience init(_ candidates: [Candidate], wallMilliseconds: Int64) {
    self.init(candidates, wallMilliseconds: wallMilliseconds, whole: nil)
  }

  private init(_ candidates: [Candidate], wallMilliseconds: Int64, whole: Whole?) {
    self.candidates = candidates
    self.whole = whole
    hasMethodWeights = candidates.contains { !$0.weighting.ofMethods.isEmpty }
    let isWarmingUp = candidates.contains { $0.weighting.isWarmingUp(wallMilliseconds: wallMilliseconds) }
    isConstant = !hasMethodWeights && !isWarmingUp
    constant = isConstant ? WeightTable(candidates.map(\.weighting.base)) : nil
    tables = Mutex([:])
  }

  /// A list of those candidates that stand at `places`, which are in order.
  func part(_ places: [Int], wallMilliseconds: Int64) -> Roster {
    let candidates = places.map { self.candidates[$0] }
    let roster = whole?.roster ?? self
    let places = whole.map { whole in places.map { whole.places[$0] } } ?? places
    var members = CandidateSet(size: roster.count, all: false)
    for place in places { members.insert(place) }
    return Roster(
      candidates, wallMilliseconds: wallMilliseconds, whole: Whole(roster: roster, places: places, members: members))
  }

  public var isEmpty: Bool { candidates.isEmpty }
  public var count: Int { candidates.count }

  /// A candidate drawn with a probability in proportion to its weight; nil when there is none.
  ///
  /// Equal weights, or weights that are all zero, give all the same chance.
  public func draw(method: String, wallMilliseconds: @autoclosure () -> Int64, _ random: RandomSource) -> Candidate? {
    guard !candidates.isEmpty else { return nil }
    return candidates[drawIndex(method: method, wallMilliseconds: wallMilliseconds(), random)]
  }

  /// The index of a candidate drawn by weight; 0 when there is none.
  func drawIndex(method: String, wallMilliseconds: @autoclosure () -> Int64, _ random: RandomSource) -> Int {
    guard candidates.count > 1 else { return 0 }
    let table = isConstant ? constant : table(method, wallMilliseconds())
    return table?.draw(random) ?? random.next(below: candidates.count)
  }

  private func table(_ method: String, _ now: Int64) -> WeightTable? {
    let key = hasMethodWeights ? method : ""
    return tables.withLock { tables in
      if let prepared = tables[key], prepared.validity.contains(now) { return prepared.table }
      let weights = candidates.map { $0.weight(method: method, wallMilliseconds: now) }
      let isWarmingUp = candidates.contains { $0.weighting.isWarmingUp(wallMilliseconds: now) }
      let table = WeightTable(weights)
      if tables.count >= Self.methodLimit { tables.removeAll() }
      let end = isWarmingUp ? now.addingReportingOverflow(Self.warmupStep).partialValue : .max
      tables[key] = Prepared(table: table, validity: now..<max(now, end))
      return table
    }
  }

  /// What a balancer needs for this list and makes once: a hash ring, a sequence of turns.
  ///
  /// - Parameters:
  ///   - key: the balancer's own key type.
  ///   - variant: tells apart several of one key, as per method; more than sixteen start over.
  public func cached<Key: RosterCacheKey>(
    _ key: Key.Type, variant: String = "", make: @escaping @Sendable (Roster) -> Key.Value
  ) -> Key.Value {
    let cacheKey = CacheKey(type: ObjectIdentifier(key), variant: variant)
    if let value = cache.withLock({ $0[cacheKey]?.value }) as? Key.Value { return value }
    // Made outside the lock: it may take long, and two makers at once agree on the first that is stored.
    let made = make(self)
    return cache.withLock { cache in
      if let value = cache[cacheKey]?.value as? Key.Value { return value }
      if cache.count >= Self.variantLimit { cache.removeAll() }
      cache[cacheKey] = Made(value: made, make: make)
      return made
    }
  }

  /// Makes what balancers have made for the list before this one, so that no call has to: a ring of ten thousand
  /// providers takes a fifth of a second, and calls run on event loops.
  func prepare(like earlier: Roster) {
    for (key, made) in earlier.cache.withLock({ $0 }) {
      let value = made.make(self)
      cache.withLock { $0[key] = Made(value: value, make: made.make) }
    }
  }
}

/// The type of something that a balancer keeps with a `Roster`.
public protocol RosterCacheKey {
  associatedtype Value: Sendable
}

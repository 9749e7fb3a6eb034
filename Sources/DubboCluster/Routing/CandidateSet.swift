/// Some of the candidates of a list, as one bit each.
struct CandidateSet: Sendable, Hashable {
  private var words: [UInt64]
  private let size: Int

  /// All of `size` candidates, or none.
  init(size: Int, all: Bool) {
    self.size = size
    words = [UInt64](repeating: all ? .max : 0, count: (size + 63) / 64)
    if all, size % 64 != 0 { words[words.count - 1] = (1 << UInt64(size % 64)) - 1 }
  }

  /// The candidates of `list` that `condition` names.
  init(_ list: [Candidate], where condition: (Candidate) -> Bool) {
    self.init(size: list.count, all: false)
    for (index, candidate) in list.enumerated() where condition(candidate) { insert(index) }
  }

  mutating func insert(_ index: Int) {
    guard index < size else { return }
    words[index / 64] |= 1 << UInt64(index % 64)
  }

  func contains(_ index: Int) -> Bool {
    index < size && words[index / 64] >> UInt64(index % 64) & 1 == 1
  }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  func intersection(_ other: CandidateSet) -> CandidateSet { merged(other) { $0 & $1 } }
  func subtracting(_ other: CandidateSet) -> CandidateSet { merged(other) { $0 & ~$1 } }
  func union(_ other: CandidateSet) -> CandidateSet { merged(other) { $0 | $1 } }

  /// Where the members stand, in order.
  var places: [Int] { (0..<size).filter(contains) }

  /// The members of `list` that are in the set, in its order.
  func members(of list: [Candidate]) -> [Candidate] {
    places.map { list[$0] }
  }

  private func merged(_ other: CandidateSet, _ combine: (UInt64, UInt64) -> UInt64) -> CandidateSet {
    var result = self
    for index in words.indices { result.words[index] = combine(words[index], other.words[index]) }
    return result
  }
}

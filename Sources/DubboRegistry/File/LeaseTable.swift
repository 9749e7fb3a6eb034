internal import DubboCore

/// Decides which of the leases in a folder are alive, from what successive looks into it show.
///
/// Pure, and blind to the wall clock: a lease is alive as long as its file keeps changing, measured by this process's
/// own monotonic clock. A clock that is set, a file from the future, a folder copied from elsewhere change nothing.
struct LeaseTable: Sendable {
  /// What tells two states of a file apart: a new publication has another `identity`, a heartbeat another `change`.
  struct Stamp: Sendable, Hashable {
    var identity: UInt64
    var change: Int64
  }

  /// One file, seen in one look.
  struct Sighting: Sendable {
    var name: String
    var stamp: Stamp
    /// What it holds; nil when `mustRead` said that it is known.
    var file: LeaseFile?
    var owner: Owner
  }

  /// What this machine knows of the process that holds a lease.
  enum Owner: Sendable {
    case running, gone, unknown
  }

  /// The outcome of one look.
  struct Judgement: Sendable, Equatable {
    /// The providers whose leases are alive, in the order of their text, each once.
    var providers: [DubboURL] = []
    /// Files that nobody will ever renew: to be removed.
    var leftovers: [String] = []
  }

  private struct Entry {
    var stamp: Stamp
    var file: LeaseFile
    var lastChange: MonotonicInstant
  }

  /// A process that is there but silent, on a machine that is busy perhaps, gets this many leases.
  static let patience = 3
  /// A file that has been silent for so many leases is removed.
  static let abandonedAfter = 20

  private var entries: [String: Entry] = [:]
  private var lastLook: MonotonicInstant?
  /// A pause between two looks that is longer than this was this process's own standstill and says nothing of others.
  private let longestPause: Duration

  init(poll: Duration) {
    longestPause = max(.milliseconds(500), poll * 5)
  }

  /// Whether the file must be read, or is the one that was read before.
  func mustRead(_ name: String, _ stamp: Stamp) -> Bool {
    entries[name]?.stamp.identity != stamp.identity
  }

  /// What is known of the file from an earlier look.
  func file(_ name: String) -> LeaseFile? {
    entries[name]?.file
  }

  mutating func look(_ sightings: [Sighting], now: MonotonicInstant) -> Judgement {
    forgiveStandstill(now)
    var next: [String: Entry] = [:]
    var judgement = Judgement()
    var texts: [String: DubboURL] = [:]
    for sighting in sightings {
      guard let entry = update(sighting, now) else { continue }
      next[sighting.name] = entry
      let silence = entry.lastChange.duration(to: now)
      switch sighting.owner {
      case .gone:
        judgement.leftovers.append(sighting.name)
      case .running, .unknown:
        let allowed = sighting.owner == .running ? entry.file.lease * Self.patience : entry.file.lease
        if silence < allowed {
          texts[entry.file.url.text] = entry.file.url
        } else if silence > entry.file.lease * Self.abandonedAfter {
          judgement.leftovers.append(sighting.name)
        }
      }
    }
    entries = next
    judgement.providers = texts.sorted { $0.key < $1.key }.map(\.value)
    return judgement
  }

  private mutating func forgiveStandstill(_ now: MonotonicInstant) {
    defer { lastLook = now }
    guard let lastLook, lastLook.duration(to: now) > longestPause else { return }
    let pause = lastLook.duration(to: now)
    entries = entries.mapValues { entry in
      var entry = entry
      entry.lastChange = entry.lastChange.advanced(by: pause)
      return entry
    }
  }

  private func update(_ sighting: Sighting, _ now: MonotonicInstant) -> Entry? {
    if let file = sighting.file { return Entry(stamp: sighting.stamp, file: file, lastChange: now) }
    guard var entry = entries[sighting.name], entry.stamp.identity == sighting.stamp.identity else { return nil }
    if entry.stamp != sighting.stamp {
      entry.stamp = sighting.stamp
      entry.lastChange = now
    }
    return entry
  }
}

internal import DubboCore

/// Looks into the folder of one interface again and again, and says who provides it.
struct LeaseScanner {
  /// What a look found.
  enum Outcome {
    case providers([DubboURL])
    /// The folder cannot be read.
    case trouble(String)
  }

  /// More files than this in one folder are not looked at.
  static let limit = 10_000

  private let folder: String
  private let host: String?
  private var table: LeaseTable
  /// Files that are no leases: what was wrong, by name, so that each is read and reported once.
  private(set) var malformed: [String: (stamp: LeaseTable.Stamp, reason: String)] = [:]

  init(folder: String, host: String?, poll: Duration) {
    self.folder = folder
    self.host = host
    table = LeaseTable(poll: poll)
  }

  /// One look; `report` gets the name of each newly found malformed file and what is wrong with it.
  mutating func look(now: MonotonicInstant, report: (_ path: String, _ reason: String) -> Void) -> Outcome {
    let names: [String]
    do {
      names = try FileSystem.names(in: folder, limit: Self.limit * 2)
    } catch {
      // Nobody has registered this service yet.
      return error.isMissing ? .providers([]) : .trouble("\(error)")
    }
    var sightings: [LeaseTable.Sighting] = []
    var stillMalformed: [String: (stamp: LeaseTable.Stamp, reason: String)] = [:]
    for name in names where name.hasSuffix(FileRegistryOptions.suffix) && !name.hasPrefix(".") {
      guard sightings.count < Self.limit, let facts = try? FileSystem.facts(of: "\(folder)/\(name)") else { continue }
      let stamp = LeaseTable.Stamp(identity: facts.inode, change: facts.modified)
      if let known = malformed[name], known.stamp == stamp {
        stillMalformed[name] = known
        continue
      }
      switch sighting(name, stamp) {
      case .success(let sighting): sightings.append(sighting)
      case .failure(let why):
        stillMalformed[name] = (stamp, why.reason)
        report("\(folder)/\(name)", why.reason)
      case nil: break
      }
    }
    malformed = stillMalformed
    let judgement = table.look(sightings, now: now)
    for name in judgement.leftovers { try? FileSystem.remove("\(folder)/\(name)") }
    return .providers(judgement.providers)
  }

  private func sighting(
    _ name: String, _ stamp: LeaseTable.Stamp
  ) -> Result<LeaseTable.Sighting, LeaseFile.Malformed>? {
    var file: LeaseFile?
    if table.mustRead(name, stamp) {
      // Gone between two calls: as if it had never been seen.
      guard let bytes = try? FileSystem.read("\(folder)/\(name)", limit: LeaseFile.maximumSize + 1) else { return nil }
      do {
        file = try LeaseFile(parsing: bytes)
      } catch {
        return .failure(error)
      }
    }
    return (file ?? table.file(name)).map { lease in
      .success(LeaseTable.Sighting(name: name, stamp: stamp, file: file, owner: owner(of: lease)))
    }
  }

  private func owner(of file: LeaseFile) -> LeaseTable.Owner {
    guard let host, file.host == host else { return .unknown }
    return Processes.isGone(file.pid) ? .gone : .running
  }
}

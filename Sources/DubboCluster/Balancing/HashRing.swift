/// Dubbo's hash ring: each address has points, a key belongs to the first point at or after its own hash.
struct HashRing: Sendable {
  private let points: [UInt32]
  private let owners: [Int32]

  /// - Parameter nodes: points of each address, in fours.
  init(addresses: [String], nodes: Int) {
    var places: [(point: UInt32, owner: Int32)] = []
    places.reserveCapacity(addresses.count * nodes)
    for (owner, address) in addresses.enumerated() {
      for replica in 0..<(nodes / 4) {
        for point in MD5.words("\(address)\(replica)".utf8) { places.append((point, Int32(truncatingIfNeeded: owner))) }
      }
    }
    // Of two on one point the later address has it, as in Java's map.
    places.sort { ($0.point, $0.owner) < ($1.point, $1.owner) }
    var points: [UInt32] = []
    var owners: [Int32] = []
    for place in places {
      if points.last == place.point {
        owners[owners.count - 1] = place.owner
      } else {
        points.append(place.point)
        owners.append(place.owner)
      }
    }
    self.points = points
    self.owners = owners
  }

  /// The index of the address that `key` belongs to; nil without addresses.
  func index(for key: [UInt8]) -> Int? {
    guard !points.isEmpty else { return nil }
    let hash = MD5.words(key)[0]
    var low = 0
    var high = points.count
    while low < high {
      let middle = (low + high) / 2
      if points[middle] < hash { low = middle + 1 } else { high = middle }
    }
    return Int(owners[low == points.count ? 0 : low])
  }
}

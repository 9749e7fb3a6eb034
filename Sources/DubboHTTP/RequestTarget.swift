/// What a request asks for: its pseudo-headers. Requests of a connection that ask for the same share one object.
package final class RequestTarget {
  package let method: [UInt8]
  package let scheme: [UInt8]
  package let authority: [UInt8]
  package let path: [UInt8]
  /// For the protocol above: what it found for this target, so that the look-up is made once per connection.
  package final var resolution: AnyObject?
  /// The pseudo-headers as they were collected, to recognise them.
  let signature: [UInt8]

  init(_ pseudo: UnsafeBufferPointer<UInt8>) {
    var method: [UInt8] = []
    var scheme: [UInt8] = []
    var authority: [UInt8] = []
    var path: [UInt8] = []
    var offset = 0
    while pseudo.count - offset >= PseudoHeader.prefixCount {
      let count = Int(pseudo[offset + 1]) << 8 | Int(pseudo[offset + 2])
      let start = offset + PseudoHeader.prefixCount
      guard pseudo.count - start >= count else { break }
      let value = [UInt8](pseudo[start..<(start + count)])
      switch PseudoHeader(rawValue: pseudo[offset]) {
      case .method: method = value
      case .scheme: scheme = value
      case .authority: authority = value
      case .path: path = value
      case .status, nil: break
      }
      offset = start + count
    }
    self.method = method
    self.scheme = scheme
    self.authority = authority
    self.path = path
    signature = [UInt8](pseudo)
  }
}

/// The pseudo-headers that the engine knows.
enum PseudoHeader: UInt8 {
  case method = 1
  case scheme
  case authority
  case path
  case status

  /// In a collected list: the case, then the value's length in two bytes.
  static var prefixCount: Int { 3 }

  /// The library lets only the defined names through, so length and one letter tell them apart.
  init?(_ name: UnsafeBufferPointer<UInt8>) {
    switch name.count {
    case 5: self = .path
    case 10: self = .authority
    case 7 where name[1] == UInt8(ascii: "m"): self = .method
    case 7 where name[2] == UInt8(ascii: "c"): self = .scheme
    case 7: self = .status
    default: return nil
    }
  }
}

/// The few targets that a connection asked for last.
final class RecentTargets {
  private static var largest: Int { 512 }
  /// Touched by `target` alone, for the length of one read or one write.
  @exclusivity(unchecked) private var targets: [RequestTarget?] = .init(repeating: nil, count: 8)

  /// The target for these pseudo-headers: a remembered one if it is the same.
  func target(_ pseudo: UnsafeBufferPointer<UInt8>) -> RequestTarget {
    let slot = pseudo.count & 7
    if let known = targets[slot], known.signature.withUnsafeBufferPointer({ equalBytes($0, pseudo) }) { return known }
    let target = RequestTarget(pseudo)
    if pseudo.count <= Self.largest { targets[slot] = target }
    return target
  }
}

/// Compares eight bytes at a time.
func equalBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  let left = UnsafeRawBufferPointer(left)
  let right = UnsafeRawBufferPointer(right)
  var offset = 0
  while left.count - offset >= 8 {
    if left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      != right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    {
      return false
    }
    offset += 8
  }
  while offset < left.count {
    if left[offset] != right[offset] { return false }
    offset += 1
  }
  return true
}

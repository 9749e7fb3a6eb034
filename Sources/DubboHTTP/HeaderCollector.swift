/// The header block that is being received, counted as it is decoded and copied once when it is complete.
///
/// One is enough for a session: HTTP/2 lets no other frame between the parts of a block.
final class HeaderCollector {
  private let fields = GrowingBytes()
  private let pseudo = GrowingBytes()
  private let targets = RecentTargets()
  /// The value of `:status`, 0 without one.
  private(set) var status = 0
  private var size = 0
  private var count = 0
  private let maxSize: Int
  private let maxFields: Int

  init(_ limits: HTTP2Limits) {
    maxSize = limits.maxHeaderListSize
    maxFields = limits.maxHeaderFields
  }

  func begin() {
    fields.clear()
    pseudo.clear()
    status = 0
    size = 0
    count = 0
  }

  /// Counts a field; false when the list is now over a limit.
  func admit(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
    count += 1
    size += name.count + value.count + 32
    return size <= maxSize && count <= maxFields && name.count <= Int(UInt16.max)
  }

  /// Adds a field that was admitted.
  func add(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    fields.reserve(6 + name.count + value.count)
    fields.append(bigEndian: UInt16(truncatingIfNeeded: name.count))
    fields.append(bigEndian: UInt32(truncatingIfNeeded: value.count))
    fields.append(name)
    fields.append(value)
  }

  /// Takes a pseudo-header that was admitted; false when it is too large.
  func addPseudo(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let header = PseudoHeader(name) else { return true }
    if header == .status {
      // Three digits: the library has checked.
      for digit in value.prefix(3) { status = status * 10 + Int(digit & 0x0F) }
      return true
    }
    guard value.count <= Int(UInt16.max) else { return false }
    pseudo.reserve(PseudoHeader.prefixCount + value.count)
    pseudo.append(header.rawValue)
    pseudo.append(bigEndian: UInt16(truncatingIfNeeded: value.count))
    pseudo.append(value)
    return true
  }

  /// The request's target.
  func target() -> RequestTarget { targets.target(pseudo.bytes) }

  /// The fields without pseudo-headers, in an array of their exact size.
  func block() -> [UInt8] { [UInt8](fields.bytes) }
}

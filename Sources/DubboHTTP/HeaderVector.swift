internal import CNghttp2

/// The scratch list in which a session lays out the fields of one header block for the library, checked on the way.
///
/// Names and values are pointers: constants for ever, everything else only inside the closure that gave the bytes. The
/// library copies what is not constant before `submit` returns.
final class HeaderVector {
  private(set) var fields: UnsafeMutablePointer<nghttp2_nv>
  private(set) var count = 0
  private var capacity = 16
  /// The list's size in RFC 9113's count.
  private(set) var size = 0

  init() {
    fields = .allocate(capacity: capacity)
  }

  deinit {
    fields.deallocate()
  }

  func removeAll() {
    count = 0
    size = 0
  }

  func append(_ constants: ConstantHeaders) {
    for field in constants.fields { append(name: field.name, value: field.value) }
  }

  func append(name: StaticString, value: StaticString) {
    append(
      name: .init(start: name.utf8Start, count: name.utf8CodeUnitCount),
      value: .init(start: value.utf8Start, count: value.utf8CodeUnitCount),
      flags: Self.constantName | Self.constantValue)
  }

  /// A pseudo-header whose value comes from outside.
  func append(name: StaticString, checking value: UnsafeBufferPointer<UInt8>) throws(HTTP2Refusal) {
    guard !value.isEmpty, Self.isValidValue(value) else {
      throw .invalidHeader("\(name) is empty or has characters that HTTP/2 forbids")
    }
    append(
      name: .init(start: name.utf8Start, count: name.utf8CodeUnitCount), value: value, flags: Self.constantName)
  }

  /// All fields of a flat block. A broken layout or a field that must not be sent refuses the whole list.
  func append(block: UnsafeBufferPointer<UInt8>) throws(HTTP2Refusal) {
    var offset = 0
    while offset < block.count {
      guard block.count - offset >= 6 else { throw .invalidHeader("the header block is cut off") }
      let nameCount = Int(block[offset]) << 8 | Int(block[offset + 1])
      let valueCount =
        Int(block[offset + 2]) << 24 | Int(block[offset + 3]) << 16 | Int(block[offset + 4]) << 8
        | Int(block[offset + 5])
      offset += 6
      guard block.count - offset >= nameCount + valueCount else {
        throw .invalidHeader("the header block is cut off")
      }
      let name = UnsafeBufferPointer(rebasing: block[offset..<(offset + nameCount)])
      let value = UnsafeBufferPointer(rebasing: block[(offset + nameCount)..<(offset + nameCount + valueCount)])
      offset += nameCount + valueCount
      try check(name, value)
      append(name: name, value: value, flags: HeaderRules.isVolatile(name, value: value) ? Self.neverIndexed : 0)
    }
  }

  private func append(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, flags: UInt8
  ) {
    if count == capacity { grow() }
    (fields + count).initialize(
      to: nghttp2_nv(
        name: UnsafeMutablePointer(mutating: name.baseAddress),
        value: UnsafeMutablePointer(mutating: value.baseAddress),
        namelen: name.count, valuelen: value.count, flags: flags))
    count += 1
    size += name.count + value.count + 32
  }

  private func grow() {
    let new = UnsafeMutablePointer<nghttp2_nv>.allocate(capacity: capacity * 2)
    new.moveInitialize(from: fields, count: count)
    fields.deallocate()
    fields = new
    capacity *= 2
  }

  private func check(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
  ) throws(HTTP2Refusal) {
    guard let first = name.first, first != UInt8(ascii: ":"),
      nghttp2_check_header_name(name.baseAddress, name.count) != 0
    else {
      throw .invalidHeader("'\(Self.printable(name))' is no header name: lower-case letters, digits and -_. are")
    }
    if HeaderRules.isForbidden(name, value: value) {
      throw .invalidHeader("'\(Self.printable(name))' belongs to HTTP/1.1 connections and must not be sent")
    }
    guard Self.isValidValue(value) else {
      throw .invalidHeader(
        "the value of '\(Self.printable(name))' has a control character, or space at an end; send it as a -bin field")
    }
  }

  private static func isValidValue(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = value.first, let last = value.last else { return true }
    if first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09 { return false }
    return nghttp2_check_header_value(value.baseAddress, value.count) != 0
  }

  private static func printable(_ name: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: name.prefix(64).map { $0 > 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }

  private static let constantName = UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue)
  private static let constantValue = UInt8(NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
  private static let neverIndexed = UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue)
}

/// Header fields whose names and values are part of the program: never copied, never validated at run time.
package struct ConstantHeaders: Sendable {
  let fields: [(name: StaticString, value: StaticString)]

  /// Names in lower case; values without control characters.
  package init(_ fields: (name: StaticString, value: StaticString)...) {
    self.fields = fields
  }

  package static let none = ConstantHeaders()
}

/// What a request starts with.
package struct RequestHead: Sendable {
  package var method: StaticString
  package var scheme: StaticString
  package var authority: [UInt8]
  package var path: [UInt8]
  package var constants: ConstantHeaders
  /// Further fields in the flat layout of `HTTP2Stream.headerBlock`.
  package var block: [UInt8]

  package init(
    method: StaticString = "POST", scheme: StaticString = "http", authority: [UInt8], path: [UInt8],
    constants: ConstantHeaders = .none, block: [UInt8] = []
  ) {
    self.method = method
    self.scheme = scheme
    self.authority = authority
    self.path = path
    self.constants = constants
    self.block = block
  }
}

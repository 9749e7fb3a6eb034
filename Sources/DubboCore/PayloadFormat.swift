/// How the messages of a call are written, as its content type says: `application/grpc+SUBTYPE`.
public struct PayloadFormat: Sendable, Hashable, CustomStringConvertible {
  /// What stands behind the plus sign: `proto`, `json`, or a name that both sides know.
  public let subtype: String

  /// `application/grpc+proto`: what calls are in that say nothing else.
  public static var protobuf: PayloadFormat { PayloadFormat(valid: "proto") }
  /// `application/grpc+json`.
  public static var json: PayloadFormat { PayloadFormat(valid: "json") }

  /// The longest subtype, in bytes.
  public static var maximumLength: Int { 64 }

  /// Nil unless `subtype` is 1 to 64 characters of `a` to `z`, `0` to `9`, `.`, `_` and `-`. `protobuf` means `proto`.
  public init?(_ subtype: String) {
    self.init(bytes: subtype.utf8)
  }

  /// The same, from the bytes of a content type.
  package init?(bytes: some Collection<UInt8>) {
    guard (1...Self.maximumLength).contains(bytes.count), bytes.allSatisfy(Self.isAllowed) else { return nil }
    self.init(valid: bytes.elementsEqual("protobuf".utf8) ? "proto" : String(decoding: bytes, as: UTF8.self))
  }

  private init(valid subtype: String) {
    self.subtype = subtype
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// The name that `serialization` has for it: `protobuf`, else the subtype.
  public var description: String { subtype == "proto" ? "protobuf" : subtype }
}

/// The format of an invocation's messages; protobuf when there is none.
public enum PayloadFormatKey: AttributeKey {
  public typealias Value = PayloadFormat
}

extension DubboURL {
  /// What `serialization` says of the messages of a service, taken for the subtype: protobuf where it says nothing, or
  /// what can be no subtype.
  public var payloadFormat: PayloadFormat { serialization.flatMap { PayloadFormat($0) } ?? .protobuf }
}

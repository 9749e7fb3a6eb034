/// What generated enums have in common.
///
/// An open enum (proto3) keeps a number it does not know in its case `UNRECOGNIZED`, so `init(rawValue:)` never fails;
/// a closed one (proto2) has no such case.
public protocol Enum: RawRepresentable, Hashable, Sendable, CaseIterable where RawValue == Int {
  /// The default: the value of number zero in an open enum, the first one in a closed enum.
  init()

  /// The value of a name in the .proto, aliases included.
  init?(protoName: String)

  /// The .proto that defines the enum.
  static var protoFile: ProtoFile { get }

  /// The name in the .proto; nil for a number that has none.
  var protoName: StaticString? { get }
}

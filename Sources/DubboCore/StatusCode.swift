/// The outcome of a call as gRPC and Triple number it (gRPC's `doc/statuscodes.md`).
///
/// The set is open: a number that a newer peer sends survives, so `17`, dubbo-go's business error, is kept as it is.
public struct StatusCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  public let rawValue: Int

  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// The call succeeded.
  public static let ok = StatusCode(rawValue: 0)
  /// The caller gave the call up.
  public static let cancelled = StatusCode(rawValue: 1)
  /// An error without a better name, such as one thrown by a provider's method.
  public static let unknown = StatusCode(rawValue: 2)
  /// The caller sent something that is wrong whatever the state of the system.
  public static let invalidArgument = StatusCode(rawValue: 3)
  /// The deadline passed before the call ended.
  public static let deadlineExceeded = StatusCode(rawValue: 4)
  /// What was asked for is not there.
  public static let notFound = StatusCode(rawValue: 5)
  /// What should be made exists.
  public static let alreadyExists = StatusCode(rawValue: 6)
  /// The caller is known and may not do this.
  public static let permissionDenied = StatusCode(rawValue: 7)
  /// A quota or a limit is used up, such as the largest message.
  public static let resourceExhausted = StatusCode(rawValue: 8)
  /// The system is not in the state that the call needs.
  public static let failedPrecondition = StatusCode(rawValue: 9)
  /// A conflict with another caller stopped the call.
  public static let aborted = StatusCode(rawValue: 10)
  /// Past the valid range.
  public static let outOfRange = StatusCode(rawValue: 11)
  /// The provider has no such service or method.
  public static let unimplemented = StatusCode(rawValue: 12)
  /// An invariant broke, on either side.
  public static let `internal` = StatusCode(rawValue: 13)
  /// No provider could be reached; trying again may help.
  public static let unavailable = StatusCode(rawValue: 14)
  /// Data is lost.
  public static let dataLoss = StatusCode(rawValue: 15)
  /// The caller is not known.
  public static let unauthenticated = StatusCode(rawValue: 16)
  /// A business error of dubbo-go, outside gRPC's range.
  public static let business = StatusCode(rawValue: 17)

  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED", "BUSINESS_ERROR",
  ]

  /// gRPC's name, such as `NOT_FOUND`; `CODE_n` for a number that has none.
  public var description: String {
    Self.names.indices.contains(rawValue) ? Self.names[rawValue] : "CODE_\(rawValue)"
  }

  /// The code that gRPC calls `name`, in any case; nil when there is none.
  public init?(name: String) {
    guard let index = Self.names.firstIndex(of: name.uppercased()) else { return nil }
    self.init(rawValue: index)
  }
}

/// The value of a field that is known by its definition only.
public indirect enum DynamicValue: Sendable, Hashable {
  case int32(Int32)
  case int64(Int64)
  case uint32(UInt32)
  case uint64(UInt64)
  case float(Float)
  case double(Double)
  case bool(Bool)
  case string(String)
  case bytes([UInt8])
  case enumeration(Int32)
  case message(DynamicMessage)
  case list([DynamicValue])
  /// Keys are integers, booleans or strings.
  case map([DynamicValue: DynamicValue])

  /// Whether a field without presence that holds this value is left out.
  var isDefault: Bool {
    switch self {
    case .int32(let value), .enumeration(let value): value == 0
    case .int64(let value): value == 0
    case .uint32(let value): value == 0
    case .uint64(let value): value == 0
    case .float(let value): value.bitPattern == 0
    case .double(let value): value.bitPattern == 0
    case .bool(let value): !value
    case .string(let value): value.isEmpty
    case .bytes(let value): value.isEmpty
    case .list(let values): values.isEmpty
    case .map(let entries): entries.isEmpty
    case .message: false
    }
  }
}

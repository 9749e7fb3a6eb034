internal import DubboProtobuf

/// A type that is neither message nor enum.
struct ScalarKind {
  /// The runtime's function, also protobuf's own name of the type.
  let function: String
  let swiftType: String
  let wireType: UInt32
  /// Bytes and alignment in a struct.
  let size: Int
  let alignment: Int

  init?(_ type: Google_Protobuf_FieldDescriptorProto.TypeEnum) {
    let row: (String, String, UInt32, Int, Int)
    switch type {
    case .double: row = ("double", "Double", 1, 8, 8)
    case .float: row = ("float", "Float", 5, 4, 4)
    case .int64: row = ("int64", "Int64", 0, 8, 8)
    case .uint64: row = ("uint64", "UInt64", 0, 8, 8)
    case .int32: row = ("int32", "Int32", 0, 4, 4)
    case .fixed64: row = ("fixed64", "UInt64", 1, 8, 8)
    case .fixed32: row = ("fixed32", "UInt32", 5, 4, 4)
    case .bool: row = ("bool", "Bool", 0, 1, 1)
    case .string: row = ("string", "String", 2, 16, 8)
    case .bytes: row = ("bytes", "[UInt8]", 2, 8, 8)
    case .uint32: row = ("uint32", "UInt32", 0, 4, 4)
    case .sfixed32: row = ("sfixed32", "Int32", 5, 4, 4)
    case .sfixed64: row = ("sfixed64", "Int64", 1, 8, 8)
    case .sint32: row = ("sint32", "Int32", 0, 4, 4)
    case .sint64: row = ("sint64", "Int64", 0, 8, 8)
    case .group, .message, .enum: return nil
    }
    (function, swiftType, wireType, size, alignment) = row
  }

  var isPackable: Bool { wireType != 2 }
  var isFloat: Bool { function == "float" || function == "double" }

  var codec: String {
    switch function {
    case "sint32", "sint64", "sfixed32", "sfixed64":
      "ProtoS\(function.dropFirst().prefix(1).uppercased())\(function.dropFirst(2))"
    case "uint32", "uint64": "ProtoUI\(function.dropFirst(2))"
    default: "Proto\(function.prefix(1).uppercased())\(function.dropFirst())"
    }
  }

  var zero: String {
    switch function {
    case "string": "\"\""
    case "bytes": "[]"
    case "bool": "false"
    default: "0"
    }
  }

  /// True, in code, when a value is not the default. -0.0 is not.
  func isSet(_ value: String) -> String {
    switch function {
    case "string", "bytes": "!\(value).isEmpty"
    case "bool": value
    case "float", "double": "\(value).bitPattern != 0"
    default: "\(value) != 0"
    }
  }

  /// A proto2 default, as the descriptor spells it, in Swift.
  func literal(_ text: String) -> String {
    switch function {
    case "string": return quoted(text)
    case "bytes": return "[" + Self.unescape(text).map(String.init).joined(separator: ", ") + "]"
    case "float", "double":
      switch text {
      case "inf": return ".infinity"
      case "-inf": return "-.infinity"
      case "nan": return ".nan"
      default: return text
      }
    default: return text
    }
  }

  /// The bytes of a C-escaped text.
  static func unescape(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    var rest = [UInt8](text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
        result.append(byte)
        continue
      }
      switch escape {
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "r"): result.append(13)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "x"): result.append(digits(&rest, first: nil, radix: 16, limit: 2))
      case UInt8(ascii: "0")...UInt8(ascii: "7"): result.append(digits(&rest, first: escape, radix: 8, limit: 3))
      default: result.append(escape)
      }
    }
    return result
  }

  private static func digits(_ rest: inout ArraySlice<UInt8>, first: UInt8?, radix: Int, limit: Int) -> UInt8 {
    var text = first.map { String(UnicodeScalar($0)) } ?? ""
    while text.count < limit, let next = rest.first,
      Character(UnicodeScalar(next)).hexDigitValue.map({ $0 < radix }) ?? false
    {
      text.append(Character(UnicodeScalar(next)))
      rest.removeFirst()
    }
    return UInt8(truncatingIfNeeded: Int(text, radix: radix) ?? 0)
  }
}

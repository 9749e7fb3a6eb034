import Glibc

/// What the command line asks for.
struct Options: Sendable {
  var target = ""
  var registry = ""
  var inflight = 1
  var depth = 1
  var seconds = 5.0
  var warmUp = 1.0
  var bytes = 11
  var isBidi = false
  var rate = 0
  var isIdempotent = false
  var serverPID = 0

  static let help = """
    bench-client --target HOST:PORT [--inflight 1] [--seconds 5] [--warm-up 1] [--bytes 11] [--server-pid PID]
    bench-client --target HOST:PORT --bidi [--inflight 1] [--depth 1] …
    bench-client --registry URL --rate 1000 [--seconds 5] [--idempotent]

    Load on grpc.examples.echo.Echo through the whole client. --inflight: calls, or with --bidi streams, at a time;
    --depth: unanswered messages in each stream; --bytes: of text in a message (11 make an 18-byte frame). A call of
    --bidi is one message there and back. --rate: so many calls a second, however long each takes, until the seconds are
    over or stdin ends. Prints one JSON line; exit status 1 when a call failed.
    """

  /// Reads the arguments; ends the process with the help when they are not understood.
  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      switch name {
      case "--help", "-h": Self.end(0)
      case "--bidi": isBidi = true
      case "--idempotent": isIdempotent = true
      default:
        guard let value = rest.popFirst(), take(name, value) else { Self.end(2) }
      }
    }
    guard target.isEmpty != registry.isEmpty else { Self.end(2) }
  }

  private mutating func take(_ name: String, _ value: String) -> Bool {
    switch name {
    case "--target": target = value
    case "--registry": registry = value
    case "--inflight": return Self.set(&inflight, Int(value), 1...100_000)
    case "--depth": return Self.set(&depth, Int(value), 1...100_000)
    case "--seconds": return Self.set(&seconds, Double(value), 0.1...86_400)
    case "--warm-up": return Self.set(&warmUp, Double(value), 0...60)
    case "--bytes": return Self.set(&bytes, Int(value), 0...16_000_000)
    case "--rate": return Self.set(&rate, Int(value), 1...100_000)
    case "--server-pid": return Self.set(&serverPID, Int(value), 0...Int(Int32.max))
    default: return false
    }
    return true
  }

  private static func set<Value: Comparable>(_ field: inout Value, _ value: Value?, _ range: ClosedRange<Value>) -> Bool
  {
    guard let value, range.contains(value) else { return false }
    field = value
    return true
  }

  private static func end(_ status: Int32) -> Never {
    print(help)
    exit(status)
  }
}

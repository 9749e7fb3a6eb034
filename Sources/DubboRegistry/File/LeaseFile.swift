internal import DubboCore

/// What lies in the folder for one registered provider: its URL, who holds the lease, and a counter that grows for as
/// long as the owner lives.
///
///     dubbo-provider 1
///     url tri://127.0.0.1:50051/org.example.Greeter?version=1.0.0
///     host 6c1f…/4026531836
///     pid 4711
///     lease 3000
///     beat 00000000000000000042
struct LeaseFile: Sendable, Hashable {
  /// 64 KiB for the URL and room for the other lines.
  static let maximumSize = 65_536 + 1_024
  /// The last line is `beat` and the counter in as many digits, so that it can be overwritten in place.
  static let beatDigits = 20
  private static let firstLine = "dubbo-provider 1"

  var url: DubboURL
  /// Names the system start and process space in which `pid` means something; nil when the owner could not tell.
  var host: String?
  var pid: Int
  var lease: Duration
  var beat: UInt64

  var bytes: [UInt8] {
    let lines = [
      Self.firstLine, "url \(url.text)", "host \(host ?? "")", "pid \(pid)", "lease \(lease.parameterText ?? "")",
      "beat \(Self.beatText(beat))", "",
    ]
    return Array(lines.joined(separator: "\n").utf8)
  }

  /// The counter as it stands in the file, its line feed included.
  static func beatBytes(_ beat: UInt64) -> [UInt8] {
    Array((beatText(beat) + "\n").utf8)
  }

  private static func beatText(_ beat: UInt64) -> String {
    let digits = String(beat)
    return String(repeating: "0", count: max(0, beatDigits - digits.count)) + digits
  }

  init(url: DubboURL, host: String?, pid: Int, lease: Duration, beat: UInt64 = 0) {
    self.url = url
    self.host = host
    self.pid = pid
    self.lease = lease
    self.beat = beat
  }

  /// Reads what `bytes` holds; throws a sentence that says what is wrong. Unknown lines are for newer versions.
  init(parsing bytes: [UInt8]) throws(Malformed) {
    guard bytes.count <= Self.maximumSize else {
      throw Malformed(reason: "it is larger than \(Self.maximumSize) bytes")
    }
    guard bytes.last == UInt8(ascii: "\n") else { throw Malformed(reason: "its last line is not finished") }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first.map(String.init) == Self.firstLine else {
      throw Malformed(reason: "it does not begin with \"\(Self.firstLine)\"")
    }
    var fields: [Substring: Substring] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      fields[parts[0]] = parts[1]
    }
    guard let text = fields["url"] else { throw Malformed(reason: "it has no line \"url\"") }
    do {
      url = try DubboURL(String(text))
    } catch {
      throw Malformed(reason: "its URL is wrong: \(error)")
    }
    host = fields["host"].flatMap { $0.isEmpty ? nil : String($0) }
    guard let pid = fields["pid"].flatMap({ Int($0) }), pid > 0 else { throw Malformed(reason: "it has no pid") }
    self.pid = pid
    guard let lease = fields["lease"].flatMap({ Duration(parameterText: String($0)) }), lease > .zero,
      lease <= .seconds(3_600)
    else { throw Malformed(reason: "it has no lease between 1 ms and an hour") }
    self.lease = lease
    guard let beat = fields["beat"].flatMap({ UInt64($0) }) else { throw Malformed(reason: "it has no beat") }
    self.beat = beat
  }

  /// Why a file is no lease.
  struct Malformed: Error, Hashable, CustomStringConvertible {
    var reason: String
    var description: String { reason }
  }
}

import DubboCore
import Testing

@testable import DubboRegistry

struct LeaseFileTests {
  private let file = LeaseFile(
    url: provider(50_051, "org.example.Greeter", ["version": "1.0.0", "note": "a b\nc"]), host: "boot/1", pid: 4_711,
    lease: .milliseconds(2_500), beat: 42)

  @Test func `what was written is read back`() throws {
    #expect(try LeaseFile(parsing: file.bytes) == file)
    let unknown = LeaseFile(url: file.url, host: nil, pid: 1, lease: .seconds(1), beat: .max)
    #expect(try LeaseFile(parsing: unknown.bytes) == unknown)
  }

  @Test func `the counter can be overwritten in place`() throws {
    var bytes = file.bytes
    let counter = LeaseFile.beatBytes(43)
    bytes.replaceSubrange(bytes.count - counter.count..<bytes.count, with: counter)
    #expect(try LeaseFile(parsing: bytes).beat == 43)
  }

  @Test func `no part of a file is taken for the whole`() {
    let bytes = file.bytes
    for length in 0..<bytes.count {
      #expect(throws: LeaseFile.Malformed.self, "the first \(length) bytes") {
        try LeaseFile(parsing: Array(bytes.prefix(length)))
      }
    }
  }

  @Test(arguments: [
    ("", "not finished"), ("hello\n", "begin"), ("dubbo-provider 2\n", "begin"),
    ("dubbo-provider 1\npid 1\nlease 5\nbeat 1\n", "url"),
    ("dubbo-provider 1\nurl nonsense\npid 1\nlease 5\nbeat 1\n", "URL"),
    ("dubbo-provider 1\nurl tri://a:1/s\npid -1\nlease 5\nbeat 1\n", "pid"),
    ("dubbo-provider 1\nurl tri://a:1/s\npid 1\nlease 0\nbeat 1\n", "lease"),
    ("dubbo-provider 1\nurl tri://a:1/s\npid 1\nlease 99999999999999999999\nbeat 1\n", "lease"),
    ("dubbo-provider 1\nurl tri://a:1/s\npid 1\nlease 5\nbeat x\n", "beat"),
  ])
  func `a malformed file is refused with its reason`(text: String, word: String) {
    let error = #expect(throws: LeaseFile.Malformed.self) { try LeaseFile(parsing: Array(text.utf8)) }
    #expect(error?.reason.contains(word) == true)
  }

  @Test func `random bytes never trap`() {
    var generator = SeededGenerator(seed: 7)
    let bytes = file.bytes
    for _ in 0..<5_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      _ = try? LeaseFile(parsing: damaged)
    }
  }

  @Test func `a file larger than the limit is refused`() {
    let error = #expect(throws: LeaseFile.Malformed.self) {
      try LeaseFile(parsing: [UInt8](repeating: 10, count: LeaseFile.maximumSize + 1))
    }
    #expect(error?.reason.contains("larger") == true)
  }
}

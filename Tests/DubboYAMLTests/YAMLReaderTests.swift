import Testing

@testable import DubboYAML

@Suite struct YAMLReaderTests {
  @Test func `text fields take what was written`() throws {
    let (fields, diagnostics) = try read("version: 1.10\nport: '8888'\nempty: ''\nabsent:\ngroup: no\n")
    #expect(fields.string("version") == "1.10")
    #expect(fields.string("port") == "8888")
    #expect(fields.string("empty") == "")
    #expect(fields.string("absent") == nil)
    #expect(diagnostics.all.isEmpty)
    #expect(fields.string("group") == "no")
    #expect(
      diagnostics.all.map(firstLine) == [
        "t.yaml:5:8: note: group: no is read as text here, but other programs read a boolean; quote it to be clear"
      ])
  }

  @Test(arguments: [("true", true), ("Yes", true), ("ON", true), ("false", false), ("no", false), ("'off'", false)])
  func `booleans have six words`(written: String, value: Bool) throws {
    let (fields, diagnostics) = try read("a: \(written)")
    #expect(fields.bool("a") == value)
    #expect(diagnostics.all.isEmpty)
  }

  @Test(arguments: ["1", "y", "truth", "''", "[true]", "{}"])
  func `what is no boolean is refused`(written: String) throws {
    let (fields, diagnostics) = try read("a: \(written)")
    #expect(fields.bool("a") == nil)
    #expect(diagnostics.hasErrors)
  }

  @Test(arguments: [("0", 0), ("65535", 65_535), ("'42'", 42)])
  func `whole numbers are decimal`(written: String, value: Int) throws {
    let (fields, _) = try read("a: \(written)")
    #expect(fields.integer("a", in: 0...65_535) == value)
  }

  @Test(arguments: ["010", "0x10", "1_000", "1.0", "-1", "65536", "99999999999999999999999", "''", "+"])
  func `what is no number or out of its range is refused with the range`(written: String) throws {
    let (fields, diagnostics) = try read("a: \(written)")
    #expect(fields.integer("a", in: 0...65_535) == nil)
    #expect(diagnostics.all.map(\.message).first?.hasSuffix("is not a whole number from 0 to 65535") == true)
  }

  @Test(arguments: [
    ("3s", Duration.seconds(3)), ("3000", .seconds(3)), ("3000ms", .seconds(3)), ("1m30s", .seconds(90)),
    ("1.5s", .milliseconds(1_500)), ("2h", .seconds(7_200)), ("250us", .microseconds(250)), ("0", .zero),
  ])
  func `durations have units or count milliseconds`(written: String, value: Duration) throws {
    let (fields, diagnostics) = try read("a: \(written)")
    #expect(fields.duration("a") == value)
    #expect(diagnostics.all.isEmpty)
  }

  @Test func `a field may count seconds`() throws {
    let (fields, _) = try read("a: 10")
    #expect(fields.duration("a", unit: .seconds) == .seconds(10))
  }

  @Test(arguments: ["-1", "3 s", "s", "3x", "1.s", ".", "9223372036854775807h", "999999999999999", "1e3", "''", "३s"])
  func `what is no duration is refused`(written: String) throws {
    let (fields, diagnostics) = try read("a: \(written)")
    #expect(fields.duration("a") == nil)
    #expect(diagnostics.hasErrors)
  }

  @Test(arguments: [("4mb", 4 << 20), ("64KiB", 64 << 10), ("1 g", 1 << 30), ("17", 17)])
  func `sizes have units or count bytes`(written: String, value: Int) throws {
    let (fields, diagnostics) = try read("a: \(written)")
    #expect(fields.size("a") == value)
    #expect(diagnostics.all.isEmpty)
  }

  @Test(arguments: ["-1", "4tb", "mb", "9223372036854775807g", "1.5mb", "٣mb"])
  func `what is no size is refused`(written: String) throws {
    let (fields, diagnostics) = try read("a: \(written)")
    #expect(fields.size("a") == nil)
    #expect(diagnostics.hasErrors)
  }

  @Test func `a value from elsewhere is named by its origin`() throws {
    let document = YAMLDocument("a: 1", file: "t.yaml")
    let node = YAMLNode(.scalar(YAMLScalar("x")), at: .start, origin: "environment variable DUBBO_A")
    let reader = YAMLReader(node, path: "a", diagnostics: document.diagnostics)
    #expect(reader.integer() == nil)
    #expect(
      document.diagnostics.all.map(\.description)
        == ["environment variable DUBBO_A: error: a: 'x' is not a whole number"])
  }

  @Test func `a choice names what it accepts`() throws {
    let (fields, diagnostics) = try read("a: Round-Robin\nb: fastest")
    #expect(fields.choice("a", ["random": 1, "roundrobin": 2]) == 2)
    #expect(fields.choice("b", ["random": 1, "roundrobin": 2]) == nil)
    #expect(
      diagnostics.all.map(\.description) == [
        """
        t.yaml:2:4: error: b: 'fastest' is not one of random, roundrobin
          b: fastest
             ^
        """
      ])
  }

  @Test func `a list may be one value or a text with commas`() throws {
    let (fields, diagnostics) = try read("a: [x, y]\nb: x\nc: 'x, y,, z'\nd:\ne: { f: g }")
    #expect(fields.strings("a") == ["x", "y"])
    #expect(fields.strings("b") == ["x"])
    #expect(fields.strings("c", separatedByCommas: true) == ["x", "y", "z"])
    #expect(fields.strings("d") == [] && fields.strings("missing") == [])
    #expect(diagnostics.all.isEmpty)
    #expect(fields.strings("e") == [])
    #expect(diagnostics.all.map(\.message) == ["e: this must be a list, but it is a mapping"])
  }

  @Test func `all spellings of a key are one key and saying it twice is an error`() throws {
    let (fields, diagnostics) = try read("registry-ids: a\nenable_auth: yes\nupTime: 3\ntps.limit: 4\nregistryIDs: b")
    #expect(fields.string("registry-ids") == "a")
    #expect(fields.bool("enable-auth") == true)
    #expect(fields.integer("uptime") == 3)
    #expect(fields.integer("tps-limit") == 4)
    #expect(
      diagnostics.all.map(firstLine)
        == ["t.yaml:5:1: error: 'registryIDs' and 'registry-ids' (line 1) are the same; keep one"])
  }

  @Test func `two words for one thing are both read, but not together`() throws {
    let (fields, diagnostics) = try read("ip: 0.0.0.0")
    #expect(fields.string("host", "ip") == "0.0.0.0")
    fields.finish()
    #expect(diagnostics.all.isEmpty)
    let (both, complaints) = try read("ip: 0.0.0.0\nhost: 127.0.0.1")
    #expect(both.string("host", "ip") == "127.0.0.1")
    #expect(complaints.hasErrors)
  }

  @Test func `unknown keys warn with the nearest known one`() throws {
    let (fields, diagnostics) = try read("tiemout: 3s\nzzz: 1\nretries: 2")
    _ = (fields.duration("timeout"), fields.integer("retries"))
    fields.finish()
    #expect(
      diagnostics.all.map(firstLine) == [
        "t.yaml:1:1: warning: tiemout: a test has no key 'tiemout'; it is ignored; did you mean 'timeout'?",
        "t.yaml:2:1: warning: zzz: a test has no key 'zzz'; it is ignored; it knows timeout, retries",
      ])
  }

  @Test func `all mistakes come out in one pass, with their paths`() throws {
    let document = YAMLDocument("a:\n  b: x\n  c: [1, two]\n  b: y\nd: 5s", file: "t.yaml")
    let root = try #require(document.reader.fields("a test"))
    let below = try #require(root.fields("a", as: "a part"))
    _ = below.integer("b")
    _ = below.list("c").map { $0.integer() }
    _ = root.bool("d")
    root.require("e")
    #expect(
      document.diagnostics.all.map(firstLine) == [
        "t.yaml:1:1: error: a test needs the key 'e'",
        "t.yaml:2:6: error: a.b: 'x' is not a whole number",
        "t.yaml:3:10: error: a.c[1]: 'two' is not a whole number",
        "t.yaml:4:3: error: the key 'b' stands here again; it is already on line 2",
        "t.yaml:5:4: error: d: '5s' is not true or false",
      ])
  }

  @Test func `what was refused already is passed over in silence`() throws {
    let document = YAMLDocument("a: *x\n", file: "t.yaml")
    let fields = try #require(document.reader.fields("a test"))
    #expect(fields.integer("a") == nil && fields.strings("a") == [] && fields.fields("a", as: "x") == nil)
    #expect(document.diagnostics.all.count == 1)
  }

  private func read(_ text: String) throws -> (YAMLFields, YAMLDiagnostics) {
    let document = YAMLDocument(text, file: "t.yaml")
    return (try #require(document.reader.fields("a test")), document.diagnostics)
  }
}

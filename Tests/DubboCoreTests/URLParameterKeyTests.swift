import DubboCore
import Testing

@Suite struct URLParameterKeyTests {
  @Test func `a missing or malformed parameter has its default`() throws {
    let url = try DubboURL("tri://h/?timeout=soon&weight=7")
    #expect(url.timeout == .seconds(3))
    #expect(url.weight == 7)
    #expect(url.retries == 2)
    #expect(url.loadBalance == "random")
    #expect(url.group == nil)
  }

  @Test func `the strict reading names the parameter and its text`() throws {
    let url = try DubboURL("tri://h/?greet.timeout=soon&timeout=500")
    #expect(try url.value(of: TimeoutKey.self) == .milliseconds(500))
    let error = #expect(throws: URLParameterError.self) { try url.value(of: TimeoutKey.self, method: "greet") }
    #expect(error?.name == "greet.timeout")
    #expect(error?.text == "soon")
  }

  @Test func `a method's own parameter comes before the general one`() throws {
    var url = try DubboURL("tri://h/?greet.timeout=50&timeout=500")
    #expect(url[TimeoutKey.self, method: "greet"] == .milliseconds(50))
    #expect(url[TimeoutKey.self, method: "other"] == .milliseconds(500))
    url[RetriesKey.self, method: "greet"] = 0
    #expect(url["greet.retries"] == "0")
    #expect(url[RetriesKey.self, method: "other"] == 2)
  }

  @Test func `values are written as they are read`() {
    var url = DubboURL(scheme: "tri", host: "h")
    url.timeout = .seconds(2)
    url.methods = ["a", "b"]
    url.isSticky = true
    url.group = "g"
    url.side = .consumer
    #expect(url.text == "tri://h/?timeout=2000&methods=a,b&sticky=true&group=g&side=consumer")
    url.group = nil
    url.methods = []
    #expect(url.text == "tri://h/?timeout=2000&sticky=true&side=consumer")
  }

  @Test(arguments: ["-1", "1.5", "", "9999999999999999999999", "0x10"])
  func `a duration is a whole number of milliseconds`(text: String) {
    #expect(Duration(parameterText: text) == nil)
  }

  @Test func `an empty version or group is none`() throws {
    let key = ServiceKey(try DubboURL("tri://h/org.example.A?group=&version="))
    #expect(key == ServiceKey(interface: "org.example.A"))
  }
}

@Suite struct ServiceKeyTests {
  @Test(arguments: [
    ServiceKey(interface: "a.B"), ServiceKey(interface: "a.B", group: "g"), ServiceKey(interface: "a.B", version: "1"),
    ServiceKey(interface: "a.B", group: "g", version: "1"),
  ])
  func `both text forms read back`(key: ServiceKey) {
    #expect(ServiceKey(key.description) == key)
    #expect(ServiceKey(colonText: key.colonText) == key)
  }

  @Test func `the colon form keeps both colons`() {
    #expect(ServiceKey(interface: "a.B").colonText == "a.B::")
    #expect(ServiceKey(colonText: "a.B") == ServiceKey(interface: "a.B"))
    #expect(ServiceKey(colonText: "a:b:c:d") == nil)
    #expect(ServiceKey("g/") == nil)
  }

  @Test(arguments: [
    ("g/a.B:1", "g/a.B:1", true), ("g/a.B:1", "*/a.B:*", true), ("a.B", "*/a.B:*", true), ("g/a.B", "x,g/a.B", true),
    ("g/a.B", "a.B", false), ("a.B", "g/a.B", false), ("a.B:1", "a.B:2", false), ("a.B:0.0.0", "a.B", true),
    ("a.B", "a.B:0.0.0", true), ("a.B", "a.C", false), ("a.B:2", "a.B:1,2", true),
  ])
  func `a wish is matched with stars and lists`(provider: String, wish: String, matches: Bool) throws {
    #expect(try #require(ServiceKey(provider)).answers(#require(ServiceKey(wish))) == matches)
  }
}

import DubboCore
import Testing

@Suite struct DubboURLTests {
  @Test func `a full URL splits into its parts`() throws {
    let url = try DubboURL("tri://user:p%40ss@10.0.0.7:50051/org.example.Greeter?group=test&version=1.0.0")
    #expect(url.scheme == "tri")
    #expect(url.user == "user")
    #expect(url.password == "p@ss")
    #expect(url.host == "10.0.0.7")
    #expect(url.port == 50051)
    #expect(url.path == "org.example.Greeter")
    #expect(url.parameters.map(\.name) == ["group", "version"])
    #expect(url.address == "10.0.0.7:50051")
  }

  @Test func `an IPv6 host stands in brackets and its address too`() throws {
    let url = try DubboURL("tri://[fe80::1%25eth0]:50051")
    #expect(url.host == "fe80::1%eth0")
    #expect(url.address == "[fe80::1%eth0]:50051")
    #expect(try DubboURL("tri://[::1]/x").address == "[::1]")
    #expect(try DubboURL(url.text) == url)
  }

  @Test(arguments: [
    "file:///tmp/dubbo", "static://", "nacos://127.0.0.1:8848/?namespace=a%20b",
    "extension://0.0.0.0/?extension-type=registry&extension-name=nacos&registry=nacos:%2F%2F127.0.0.1:8848",
    "tri://h:1/a/b?x=&y=%E4%BD%A0&z=a,b;c",
  ])
  func `text reads back as the same URL`(text: String) throws {
    let url = try DubboURL(text)
    #expect(try DubboURL(url.text) == url)
    #expect(try DubboURL(registryText: url.registryText) == url)
  }

  @Test func `every URL of random parts survives both encodings`() throws {
    var generator = SeededGenerator(seed: 5)
    let pieces = [
      "a", "Z", "0", "-", "%", "+", " ", "&", "=", "?", "#", "/", "@", ":", "你", "é", "\u{0}", "\n", "%41", ",",
    ]
    func part() -> String {
      (0..<Int.random(in: 1...6, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }
      .joined()
    }
    for _ in 0..<2_000 {
      var url = DubboURL(scheme: "tri", user: part(), password: part(), host: "h-1.example", port: 1, path: part())
      for _ in 0..<4 { url[part()] = part() }
      #expect(try DubboURL(url.text) == url)
      #expect(try DubboURL(registryText: url.registryText) == url)
    }
  }

  @Test func `a plus sign is itself in text and a blank in a registry's outer encoding`() throws {
    #expect(try DubboURL("tri://h:1/?a=1+1")["a"] == "1+1")
    #expect(DubboURL(scheme: "tri", host: "h", parameters: ["a": "1+1 b"]).text == "tri://h/?a=1%2B1%20b")
    #expect(try DubboURL(registryText: "tri%3A%2F%2Fh%3A1%2Fx%3Fa%3Dhello+world")["a"] == "hello world")
  }

  @Test func `a node that Java writes is read`() throws {
    let node =
      "tri%3A%2F%2F192.168.1.10%3A50051%2Forg.apache.dubbo.demo.GreetService%3Fapplication%3Ddemo-provider%26deprecated%3Dfalse"
      + "%26dubbo%3D2.0.2%26interface%3Dorg.apache.dubbo.demo.GreetService%26methods%3Dgreet%2CgreetAsync"
      + "%26prefer.serialization%3Dhessian2%2Cfastjson2%26release%3D3.3.1%26side%3Dprovider%26timestamp%3D1730000000000"
    let url = try DubboURL(registryText: node)
    #expect(url.address == "192.168.1.10:50051")
    #expect(url.interface == "org.apache.dubbo.demo.GreetService")
    #expect(url.methods == ["greet", "greetAsync"])
    #expect(url.timestamp == 1_730_000_000_000)
    #expect(url.side == .provider)
    #expect(url.registryText == node)
  }

  @Test func `a registry's text may hold what other implementations leave unencoded`() throws {
    let url = try DubboURL(
      registryText: "tri%3A%2F%2Ffe80%3A%3A1%3A20880%2Fx%3Fa%3D50%25%26b%3D%E4%BD%A0+%E5%A5%BD%26%3Dnoname")
    #expect(url.host == "fe80::1")
    #expect(url.port == 20880)
    #expect(url["a"] == "50%")
    #expect(url["b"] == "你 好")
    #expect(url.parameters.count == 2)
  }

  @Test func `further addresses become the backup`() throws {
    let url = try DubboURL("zookeeper://a:2181,b:2182,[::1]:3/x")
    #expect(url.address == "a:2181")
    #expect(url.backup == ["b:2182", "[::1]:3"])
  }

  @Test func `of two parameters with one name the later counts`() throws {
    let url = try DubboURL("tri://h/?a=1&b=2&a=3")
    #expect(url.parameters.map(\.value) == ["3", "2"])
  }

  @Test(arguments: [
    ("", 0), ("tri", 0), ("://h", 0), ("1tri://h", 0), ("tri://h:70000/x", 8), ("tri://h:/x", 8), ("tri://h:-1", 8),
    ("tri://:8080", 6), ("tri://[::1", 6), ("tri://[::1]x", 11), ("tri://[zz::1]", 7), ("tri://::1:50051", 6),
    ("tri://h/%4", 8), ("tri://h/?a=%zz", 11), ("tri://h/a b", 9), ("tri://h/#x", 8), ("tri://h\u{1}", 7),
    ("tri://a,,b", 8), ("tri://h/?=1", 9), ("tri://h/%FF", 8), ("tri://a,b:x", 10), ("tri://ho$t", 8),
  ])
  func `a malformed URL is refused at the byte at fault`(text: String, offset: Int) {
    let error = #expect(throws: DubboURL.ParseError.self) { try DubboURL(text) }
    #expect(error?.offset == offset, "\(String(describing: error))")
  }

  @Test func `an overlong URL is refused in either reading`() {
    let text = "tri://h/?a=" + String(repeating: "x", count: 70_000)
    #expect(throws: DubboURL.ParseError.self) { try DubboURL(text) }
    #expect(throws: DubboURL.ParseError.self) { try DubboURL(registryText: text) }
  }

  @Test func `no password shows in descriptions and errors`() throws {
    #expect(try !DubboURL("nacos://u:secret@h:1").description.contains("secret"))
    let error = #expect(throws: DubboURL.ParseError.self) { try DubboURL("nacos://u:secret@h:x") }
    #expect(error?.description.contains("secret") == false)
  }

  @Test func `random bytes never trap either reading`() {
    var generator = SeededGenerator(seed: 11)
    let alphabet = Array("tri://h:1/?a=&@[]%,# 4\u{1}é".utf8) + [0xFF, 0x80]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      let text = "tri://" + String(decoding: bytes, as: UTF8.self)
      if let url = try? DubboURL(text) { #expect((try? DubboURL(url.text)) == url, "\(text)") }
      if let url = try? DubboURL(registryText: text) { _ = url.registryText }
    }
  }
}

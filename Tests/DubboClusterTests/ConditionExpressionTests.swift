import DubboCore
import Testing

@testable import DubboCluster

@Suite struct ConditionExpressionTests {
  private let consumer = DubboURL(
    scheme: "consumer", host: "10.1.1.1", path: "org.example.Greeter",
    parameters: ["application": "shop", "region": "hangzhou", "empty": ""])

  private func isMeant(_ text: String, _ invocation: Invocation = .unary()) throws -> Bool {
    try ConditionExpression(text).when.allSatisfy {
      $0.fits($0.key.value(in: invocation, consumer: consumer), consumer: consumer.fact, unreadable: false)
    }
  }

  private func keeps(_ text: String, _ parameters: URLParameters = [:]) throws -> Bool {
    let provider = DubboURL(
      scheme: "tri", host: "10.0.0.7", port: 50051, path: "org.example.Greeter", parameters: parameters)
    guard let then = try ConditionExpression(text).then else { return false }
    return then.allSatisfy { pair in
      guard case .parameter(let name) = pair.key else { return false }
      return pair.fits(provider.fact(name), consumer: consumer.fact, unreadable: true)
    }
  }

  @Test(arguments: [
    ("=> host=x", true), ("true => host=x", true), ("method=greet => host=x", true), ("methods=greet => host=x", true),
    ("method=other,greet => host=x", true), ("method=other => host=x", false), ("method!=greet => host=x", false),
    ("method!=a,b => host=x", true), ("method!=a,greet => host=x", false), ("method=gr* => host=x", true),
    ("method=*et => host=x", true), ("method=g*t => host=x", true), ("method=g*x => host=x", false),
    ("method=* => host=x", true), ("host=10.1.1.1 => host=x", true), ("host=10.1.*.* => host=x", true),
    ("application=shop & method=greet => host=x", true), ("application=shop & method=x => host=x", false),
    ("consumer.application=shop => host=x", true), ("missing=a => host=x", false), ("missing!=a => host=x", false),
    ("method=greet & method=other => host=x", true), ("method=g* & method!=greet => host=x", false),
    ("path=org.example.Greeter => host=x", true), ("protocol=consumer => host=x", true), ("host=x", true),
  ])
  func `the left side says which calls are meant`(text: String, expected: Bool) throws {
    #expect(try isMeant(text) == expected)
  }

  @Test(arguments: [
    ("attachments[user]=vip => host=x", true), ("attachments[USER]=vip => host=x", true),
    ("attachments[user]!=vip => host=x", false), ("attachments[none]!=vip => host=x", false),
    ("attachments[level]=5~10 => host=x", true), ("attachments[level]=8~ => host=x", false),
    ("attachments[level]=~7 => host=x", true), ("attachments[level]=7~7 => host=x", true),
    ("attachments[user]=1~10 => host=x", false),
  ])
  func `attachments are compared`(text: String, expected: Bool) throws {
    #expect(try isMeant(text, .unary(metadata: ["user": "vip", "level": "7"])) == expected)
  }

  @Test(arguments: [
    ("arguments[0]=a => host=x", true), ("arguments[1]=b* => host=x", true), ("arguments[0]=b => host=x", false),
    ("arguments[9]=a => host=x", false),
  ])
  func `arguments are compared where the stub knows them`(text: String, expected: Bool) throws {
    var invocation = Invocation.unary()
    #expect(try !isMeant(text, invocation))
    invocation.attributes[ArgumentTexts.self] = ["a", "bee"]
    #expect(try isMeant(text, invocation) == expected)
  }

  @Test(arguments: [
    ("=> host=10.0.0.7", true), ("=> host=10.0.0.*", true), ("=> host!=10.0.0.7", false), ("=> port=50051", true),
    ("=> port=50000~50100", true), ("=> port=1~2", false), ("=> protocol=tri", true), ("=> region=$region", true),
    ("=> region!=$region", false), ("=> region=$missing", false), ("=> provider.region=hang*", true),
    ("=> tag=$empty", false), ("=> region=1~5", true), ("=> missing=1~5", false), ("=> ", false), ("=> false", false),
    ("", false), ("=> region=$consumer.region", true), ("=> region=hangzhou & env=gray", false),
    ("=> region = hangzhou , beijing", true),
  ])
  func `the right side says which providers may take them`(text: String, expected: Bool) throws {
    #expect(try keeps(text, ["region": "hangzhou"]) == expected)
  }

  @Test(arguments: [
    ("=host=x", 0), ("host => x", 0), ("host= => x=1", 4), ("a=1 b=2 => x=1", 4), ("a==1 => x=1", 1),
    ("a=1=2 => x=1", 3), ("a=1 => host", 7), ("a=1,=2 => x=1", 3), ("a=1 => arguments[0]=1", 7),
    ("arguments[x]=1 => a=1", 0), ("attachments[]=1 => a=1", 0), ("attachments[a=1 => a=1", 0), ("a=1 => b=x~y", 9),
    ("a=1 => b=$", 9), ("a=1~2~3 => b=1", 2), ("& a=1 => b=1", 0), ("a=1 & => b=1", 4), ("*=1 => b=1", 0),
    ("a=1 =>> b=1", 8), (",a => b=1", 0),
  ])
  func `a mistake is found where it stands`(text: String, offset: Int) {
    let error = #expect(throws: RuleSyntaxError.self) { try ConditionExpression(text) }
    #expect(error?.offset == offset, "\(text): \(String(describing: error))")
  }

  @Test func `random text never traps`() {
    var generator = SeededGenerator(seed: 3)
    let pieces = [
      "=", "=>", "!=", "&", ",", " ", "a", "method", "$", "*", "~", "1", "arguments[0]", "attachments[", "]", "é",
      "consumer.",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined()
      do {
        _ = try ConditionExpression(text)
      } catch {
        #expect(error.offset >= 0 && error.offset <= text.unicodeScalars.count, "\(text)")
      }
    }
  }
}

@Suite struct AddressPatternTests {
  @Test(arguments: [
    ("10.0.0.7:50051", "10.0.0.7", 50051, true), ("10.0.0.7:50051", "10.0.0.7", 1, false),
    ("10.0.0.7", "10.0.0.7", 1, true),
    ("10.0.0.7:*", "10.0.0.7", 9, true), ("0.0.0.0:9", "1.2.3.4", 9, true), ("0.0.0.0:9", "1.2.3.4", 8, false),
    ("*:9", "host", 9, true), ("*", "host", 9, true), ("10.0.0.*", "10.0.0.200", 1, true),
    ("10.0.*.1", "10.0.5.2", 1, false),
    ("10.0.0.1-63", "10.0.0.63", 1, true), ("10.0.0.1-63", "10.0.0.64", 1, false),
    ("10.0.0.1-63:5", "10.0.0.2", 5, true),
    ("10.0.0.0/24", "10.0.0.255", 1, true), ("10.0.0.0/24", "10.0.1.0", 1, false),
    ("10.0.0.0/24:5", "10.0.0.9", 6, false),
    ("0.0.0.0/0", "9.9.9.9", 1, true), ("10.0.0.128/25", "10.0.0.127", 1, false),
    ("host-1.example", "host-1.example", 1, true),
    ("host-1.example:5", "host-1.example", 6, false), ("[2001:db8::1]:5", "2001:db8::1", 5, true),
    ("2001:db8::/32", "2001:db8:1::9", 1, true), ("2001:db8::/32", "2001:db9::", 1, false),
    ("10.0.0.0/8", "host", 1, false),
    ("2001:db8:0:0:0:0:0:*", "2001:db8::77", 1, true), ("10.0.0.7:0", "10.0.0.7", 3, true),
  ])
  func `addresses fit`(pattern: String, host: String, port: UInt16, expected: Bool) throws {
    #expect(try AddressPattern(pattern).fits(host: host, port: port) == expected)
  }

  @Test(arguments: [
    "", "10.0.0.7:x", "10.0.0.7:70000", "10.0.0.0/33", "host/8", "10.0.*", "10.0.0.300-400", "10.0.0.*x", "[::1]x",
  ])
  func `a malformed address is refused`(pattern: String) {
    #expect(throws: RuleSyntaxError.self) { try AddressPattern(pattern) }
  }
}

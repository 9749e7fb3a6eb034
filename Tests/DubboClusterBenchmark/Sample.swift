import DubboCluster
import DubboCore

/// A provider that answers at once.
struct IdleEndpoint: Endpoint {
  let url: DubboURL
  var availability: Availability { .ready }
  func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
  func close() async {}
}

enum Sample {
  static let service = ServiceKey(interface: "org.example.Greeter")
  static let consumer = DubboURL(
    scheme: "consumer", host: "10.1.1.1", path: service.interface, parameters: ["application": "caller", "region": "a"])
  static let method = MethodDescriptor(service: service.interface, name: "greet", kind: .unary)
  static let plain = Invocation(method: method, body: .message([1]))
  static let attached = Invocation(
    method: method, body: .message([1]), metadata: ["k0": "v4", "x-trace": "abc", "x-user": "42"])

  static func providers(_ count: Int) -> [DubboURL] {
    (0..<count).map {
      DubboURL(
        scheme: "tri", host: "10.\($0 / 62_500).\($0 / 250 % 250).\($0 % 250)", port: 50051, path: service.interface,
        parameters: ["application": "shop", "region": $0 % 2 == 0 ? "a" : "b", "weight": "\(50 + $0 % 100)"])
    }
  }

  /// Twenty lines on the method and the consumer, or on attachments.
  static func rules(onAttachments: Bool) throws -> RuleSet {
    let lines = (0..<20).map { number in
      onAttachments
        ? "  - 'attachments[k\(number % 4)]=v\(number) => region=a,b'"
        : "  - 'method=greet & application=caller => region=a,b\(number)'"
    }
    let text = "scope: service\nkey: org.example.Greeter\nconditions:\n" + lines.joined(separator: "\n")
    return try RuleSet(reading: ["sample.condition-router": text])
  }
}

import Dubbo
import SampleServices

/// A service without a .proto: closures over `Codable` values, JSON on the wire.
struct Calculator: CodableService {
  static let serviceName = "org.example.Calculator"

  var methods: [CodableMethod] {
    [
      .unary("add", idempotent: true) { (left: Double, right: Double) in left + right },
      .unary("mean", mean),
      .serverStream("countDown") { (start: Int, replies: CodableSink<Int>, _) in
        for number in stride(from: start, through: 0, by: -1) { try await replies.write(number) }
      },
    ]
  }

  private func mean(_ numbers: [Double]) async throws -> Double {
    guard !numbers.isEmpty else { throw DubboError(.invalidArgument, "a mean needs numbers") }
    return numbers.reduce(0, +) / Double(numbers.count)
  }
}

// Provides the calculator until SIGTERM or Control-C.
//
//   calculator-server --port 50051
let arguments = Arguments(of: "calculator-server")
var app = DubboApplication(
  name: "calculator-server", protocols: [arguments.listening], registries: arguments.registries)
app.provide(Calculator(), version: "1.0.0")
app.onReady = { say("READY \($0.port ?? 0)") }
try await app.run()

import Dubbo
import SampleServices

// Calls the calculator by the names of its methods: no .proto, no stub.
//
//   calculator-client --target 127.0.0.1:50051
let arguments = Arguments(of: "calculator-client", isClient: true)
let app = DubboApplication(name: "calculator-client", registries: arguments.registries)
try await app.run { app in
  let calculator = app.reference(to: "org.example.Calculator", version: "1.0.0", at: arguments.provider)

  let sum: Double = try await calculator.invoke("add", 1.5, 2.0)
  say("1.5 + 2 = \(sum)")

  let mean: Double = try await calculator.invoke("mean", [1.0, 2.0, 6.0])
  say("the mean of 1, 2 and 6 is \(mean)")

  try await calculator.serverStream("countDown", 3, of: Int.self) { numbers in
    for try await number in numbers { say("\(number)…") }
  }

  do {
    let _: Double = try await calculator.invoke("mean", [Double]())
  } catch let error as DubboError {
    say("no mean of nothing: \(error)")
  }
}

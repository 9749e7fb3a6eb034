import Dubbo
import SampleServices

/// A load balance of your own chooses among the providers that routing left: here the cheapest that is well.
struct Cheapest: LoadBalance {
  func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    let now = context.clock.now
    let well = roster.candidates.filter { $0.isUsable(now: now) }
    return (well.isEmpty ? roster.candidates : well).min { price($0) < price($1) }
  }

  private func price(_ candidate: Candidate) -> Int {
    candidate.url["price"].flatMap { Int($0) } ?? .max
  }
}

let extensions = {
  var extensions = ExtensionCatalog.builtIn
  extensions.register("cheapest", for: LoadBalances.self) { _ in Cheapest() }
  return extensions
}()

func shop(_ name: String, price: Int) -> DubboApplication {
  Shop.application(name, registry: "memory://here", extensions: extensions, parameters: ["price": "\(price)"])
}

try await shop("the dear one", price: 9).run { _ in
  try await shop("the cheap one", price: 4).run { app in
    let shop = app.reference(to: Shop.serviceName, parameters: ["loadbalance": "cheapest"])
    for _ in 0..<3 { say("buys at \(try await shop.invoke("name", returning: String.self))") }
  }
}

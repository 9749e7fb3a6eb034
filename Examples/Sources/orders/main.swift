import Dubbo

/// Its messages and stubs come from `desk.proto` and `shop/order.proto` each time that one of them has changed: see the
/// plugin in `Package.swift`.
struct Desk: OrderDesk.Service {
  func place(_ order: Order, context: ServerContext) async throws -> Receipt {
    .with {
      $0.number = 1
      $0.placed.seconds = 1_700_000_000
      $0.total.currency = order.items.first?.price.currency ?? ""
      $0.total.cents = order.items.reduce(0) { $0 + Int64($1.count) * $1.price.cents }
    }
  }
}

// Provides the desk, calls it once, prints what came back, and ends.
var app = DubboApplication(name: "orders", protocols: ["tri://127.0.0.1:0"], log: .silent)
app.provide(Desk())
try await app.run { app in
  let desk = app.client(for: OrderDesk.self, at: "tri://127.0.0.1:\(app.port ?? 0)")
  let receipt = try await desk.place(
    .with {
      $0.customer = "Ada"
      $0.items = [
        .with {
          $0.name = "tea"
          $0.count = 3
          $0.price = .with {
            $0.currency = "EUR"
            $0.cents = 450
          }
        }
      ]
    })
  print(receipt.debugDescription, terminator: "")
  print(try receipt.jsonString())
}

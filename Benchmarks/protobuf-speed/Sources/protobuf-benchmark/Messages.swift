/// The messages, filled the same way each time.
enum Messages {
  static let echo = EchoMessage.with { $0.message = "hello, dubbo-go!" }

  static func order(_ number: Int) -> Order {
    .with {
      $0.id = 1_000_000_007 + Int64(number)
      $0.customer = "customer-\(number)-of-many"
      $0.status = .shipped
      $0.paid = true
      $0.total = 1_234.56 + Double(number)
      $0.created = 1_700_000_000_000
      $0.adjustment = -17
      $0.flags = 0x1234
      $0.shipping = address("221b Baker Street", "London", "NW1 6XE")
      $0.billing = address("1600 Amphitheatre Parkway", "Mountain View", "94043")
      $0.items = (0..<3).map { index in
        .with {
          $0.sku = "sku-\(index)-0042"
          $0.quantity = Int32(index + 1)
          $0.price = 9.99 * Double(index + 1)
        }
      }
      $0.tags = ["express", "gift", "a longer tag than fits inline"]
      $0.scores = [1, 20, 300, 4_000, 50_000]
      $0.payment = .card("4111 1111 1111 1111")
      $0.signature = (0..<32).map { UInt8($0 * 7) }
      $0.discount = 0.125
      $0.note = "leave at the door"
    }
  }

  private static func address(_ street: String, _ city: String, _ zip: String) -> Address {
    .with {
      $0.street = street
      $0.city = city
      $0.zip = zip
      $0.country = "GB"
    }
  }

  static let large = Large.with {
    for index in 0..<40 {
      $0.counts["counter-\(index)"] = Int32(index * 37)
      $0.names[Int32(index * 11)] = "the name of \(index)"
    }
    for index in 0..<20 { $0.index["item-\(index)"] = order(index).items[index % 3] }
    $0.orders = (0..<14).map(order)
    $0.series = (0..<200).map { Int64($0) * Int64($0) * 1_001 }
    $0.samples = (0..<64).map { Double($0) * 0.37 }
    $0.tree = tree(depth: 5)
  }

  private static func tree(depth: Int) -> Tree {
    .with {
      $0.label = "node at \(depth)"
      $0.weight = Int32(depth)
      if depth > 1 {
        $0.left = tree(depth: depth - 1)
        $0.right = tree(depth: depth - 1)
      }
    }
  }
}

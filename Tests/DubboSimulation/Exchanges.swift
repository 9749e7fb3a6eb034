import DubboCore

/// What callers do with streams.
extension Callers {
  /// Sends messages of several sizes and compares what comes back.
  func chat() -> Exchange {
    // Less than what is kept to be replayed.
    var sizes = (0..<world.random(0...5)).map { _ in world.random(0...2_000) }
    if world.chance(20) { sizes.append(40_000) }
    let isInTurns = world.chance(50)
    return { [sizes] requests, replies in
      func receive(_ index: Int) async throws {
        guard let reply = try await replies.next(), reply == message(index, sizes[index]) else {
          throw DubboError(.dataLoss, "reply \(index) is missing or wrong")
        }
      }
      for index in sizes.indices {
        try await requests.write(message(index, sizes[index]))
        if isInTurns { try await receive(index) }
      }
      try await requests.finish()
      if !isInTurns { for index in sizes.indices { try await receive(index) } }
      guard try await replies.next() == nil else { throw DubboError(.dataLoss, "a reply too many") }
    }
  }

  private func message(_ index: Int, _ size: Int) -> [UInt8] { [UInt8](repeating: UInt8(index), count: size) }

  func upload(_ id: Int) -> Exchange {
    let count = world.random(20...60)
    return { requests, replies in
      for _ in 0..<count {
        try await requests.write([UInt8](repeating: 7, count: Methods.largeMessage))
        world.ledger.wrote(id, Methods.largeMessage)
      }
      try await requests.finish()
      guard let reply = try await replies.next(), reply == Array("\(count * Methods.largeMessage)".utf8) else {
        throw DubboError(.dataLoss, "not all that was sent has arrived")
      }
      _ = try await replies.next()
    }
  }

  func download(_ id: Int) -> Exchange {
    let count = world.random(20...60)
    return { requests, replies in
      try await requests.write([UInt8(count)])
      try await requests.finish()
      try await world.clock.sleep(for: .milliseconds(20))
      var next = 0
      while let message = try await replies.next() {
        world.ledger.read(id, message.count)
        guard message.count == Methods.largeMessage, message.first == UInt8(next) else {
          throw DubboError(.dataLoss, "reply \(next) is wrong")
        }
        next += 1
      }
      guard next == count else { throw DubboError(.dataLoss, "\(count - next) replies are missing") }
    }
  }
}

import DubboCluster
import DubboCore

/// What a provider does with calls, in the mood that it is in.
///
/// `@unchecked Sendable`: see `World`.
final class ProviderWork: Invoker, @unchecked Sendable {
  enum Mood: CaseIterable {
    case well, slow, overloaded, erring, stuck
  }

  private let world: World
  var mood = Mood.well

  init(_ world: World) { self.world = world }

  func invoke(_ invocation: Invocation) async throws -> Reply {
    guard let id = invocation.metadata[Methods.callID].flatMap(Int.init) else {
      throw DubboError(.dataLoss, "the call's number is missing")
    }
    world.ledger.executed(id)
    try await work()
    switch invocation.body {
    case .message(let message): return Reply(message: message)
    case .exchange: throw DubboError(.internal, "a provider got an exchange")
    case .inbound(let streams):
      switch invocation.method.name {
      case Methods.chat.name: try await chat(streams)
      case Methods.upload.name: try await takeUpload(id, streams)
      default: try await sendDownload(id, streams)
      }
      return Reply()
    }
  }

  private func work() async throws {
    switch mood {
    case .well:
      if world.chance(60) { try await world.clock.sleep(for: .milliseconds(world.random(1...10))) }
    case .slow: try await world.clock.sleep(for: .milliseconds(world.random(100...2_000)))
    case .stuck: try await world.clock.sleep(for: .seconds(1_000))
    case .erring: throw DubboError(world.pick([.internal, .unknown, .notFound, .resourceExhausted]), "no")
    case .overloaded where world.chance(70):
      throw DubboError(
        .unavailable, "too many calls",
        metadata: world.chance(50) ? [RetryDecision.pushbackName: "\(world.random(-1...50))"] : [:])
    case .overloaded: break
    }
  }

  private func chat(_ streams: InboundStream) async throws {
    while let message = try await streams.requests.next() { try await streams.replies.write(message) }
  }

  private func takeUpload(_ id: Int, _ streams: InboundStream) async throws {
    world.ledger.readsAnew(id)
    try await world.clock.sleep(for: .milliseconds(20))
    var count = 0
    while let message = try await streams.requests.next() {
      world.ledger.read(id, message.count)
      count += message.count
    }
    try await streams.replies.write(Array("\(count)".utf8))
  }

  private func sendDownload(_ id: Int, _ streams: InboundStream) async throws {
    guard let count = try await streams.requests.next()?.first else { return }
    for number in 0..<count {
      let message = [UInt8](repeating: number, count: Methods.largeMessage)
      try await streams.replies.write(message)
      world.ledger.wrote(id, message.count)
    }
  }
}

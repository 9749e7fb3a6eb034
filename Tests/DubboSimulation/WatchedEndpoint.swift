import DubboCore

/// Writes down which calls come to an endpoint.
///
/// `@unchecked Sendable`: see `World`.
final class WatchedEndpoint: Endpoint, @unchecked Sendable {
  private let inner: any Endpoint
  private let world: World
  private let number: Int
  private var isClosed = false

  init(_ inner: any Endpoint, _ world: World) {
    self.inner = inner
    self.world = world
    number = world.nextEndpoint()
  }

  var url: DubboURL { inner.url }
  var availability: Availability { inner.availability }

  func invoke(_ invocation: Invocation) async throws -> Reply {
    let id = invocation.metadata[Methods.callID].flatMap(Int.init) ?? 0
    world.tell("call \(id) goes to \(url.address), endpoint \(number)")
    world.ledger.attempted(id, at: number)
    // Those that list once for several attempts may come late.
    if isClosed, !["forking", "broadcast", "mergeable"].contains(world.plan.cluster) {
      world.ledger.breach("call \(id) went to \(url.address), which the directory had let go")
    }
    do {
      return try await inner.invoke(invocation)
    } catch {
      world.tell("call \(id) failed at \(url.address): \(error)")
      throw error
    }
  }

  func close() async {
    isClosed = true
    world.tell("endpoint \(number) is closed")
    await inner.close()
  }
}

import Dubbo
import SampleServices
import Synchronization

/// A registry of your own has four members: here a board on which providers pin their addresses.
final class Board: Registry {
  let url: DubboURL
  private let pinned = Mutex<([DubboURL], [AsyncStream<RegistrySnapshot>.Continuation])>(([], []))

  init(url: DubboURL) { self.url = url }

  func register(_ provider: DubboURL) async throws { change { $0.append(provider) } }
  func unregister(_ provider: DubboURL) async throws { change { $0.removeAll { $0 == provider } } }
  func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    let (stream, reader) = AsyncStream.makeStream(of: RegistrySnapshot.self, bufferingPolicy: .bufferingNewest(1))
    pinned.withLock { $0.1.append(reader) }
    change { _ in }
    return stream
  }
  func run() async throws { while true { try await Task.sleep(for: .seconds(3_600)) } }

  private func change(_ edit: (inout [DubboURL]) -> Void) {
    pinned.withLock { board in
      edit(&board.0)
      for reader in board.1 { reader.yield(RegistrySnapshot(version: 0, providers: board.0)) }
    }
  }
}

let board = Board(url: try DubboURL("board://kitchen"))
var extensions = ExtensionCatalog.builtIn
extensions.register("board", for: Registries.self) { _, _ in board }
try await Shop.application("the shop", registry: "board://kitchen", extensions: extensions).run { app in
  say("found \(try await app.reference(to: Shop.serviceName).invoke("name", returning: String.self)) on the board")
}

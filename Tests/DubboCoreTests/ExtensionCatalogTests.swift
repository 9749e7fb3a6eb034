import DubboCore
import Synchronization
import Testing

private enum Greetings: ExtensionPoint {
  typealias Factory = @Sendable (DubboURL) async throws -> String
  static let name = "registry"
}

private enum Numbers: ExtensionPoint {
  typealias Factory = @Sendable () -> Int
  static let name = "number"
}

@Suite struct ExtensionCatalogTests {
  @Test func `extensions are registered, replaced and removed by name`() throws {
    var catalog = ExtensionCatalog()
    catalog.register("one", for: Numbers.self) { 1 }
    let copy = catalog
    catalog.register("one", for: Numbers.self) { 11 }
    catalog.register("two", for: Numbers.self) { 2 }
    #expect(try catalog.factory("one", for: Numbers.self)() == 11)
    #expect(try copy.factory("one", for: Numbers.self)() == 1)
    let removals = [catalog.remove("one", for: Numbers.self), catalog.remove("one", for: Numbers.self)]
    #expect(removals == [true, false])
    #expect(catalog.names(for: Numbers.self) == ["two"])
    #expect(catalog.names(for: Greetings.self) == [])
  }

  @Test func `an unknown name is an error that lists the known ones`() {
    var catalog = ExtensionCatalog()
    catalog.register("zebra", for: Numbers.self) { 1 }
    catalog.register("ant", for: Numbers.self) { 2 }
    let error = #expect(throws: UnknownExtension.self) { try catalog.factory("bee", for: Numbers.self) }
    #expect(error?.description.contains("no number is called \"bee\": known are ant, zebra") == true)
  }

  @Test(arguments: [
    "nacos://127.0.0.1:8848",
    "extension://0.0.0.0/?extension-type=registry&extension-name=nacos&registry=nacos%3A%2F%2F127.0.0.1%3A8848",
    "extension://0.0.0.0/?extension-type=registry&extension-name=nacos&registry-url=nacos%3A%2F%2F127.0.0.1%3A8848",
    "extension://0.0.0.0/?registry=nacos%3A%2F%2F127.0.0.1%3A8848",
  ])
  func `a registry is found by its URL in each form`(text: String) async throws {
    var catalog = ExtensionCatalog()
    catalog.register("nacos", for: Greetings.self) { url in "nacos at \(url.address)" }
    let (factory, url) = try catalog.factory(forSchemeOf: DubboURL(text), point: Greetings.self)
    #expect(try await factory(url) == "nacos at 127.0.0.1:8848")
  }

  @Test func `an extension URL without an inner URL is given to its extension itself`() throws {
    let url = try DubboURL("extension://0.0.0.0/?extension-type=registry&extension-name=mine&x=1")
    #expect(try ExtensionReference(url, point: "registry") == ExtensionReference(url, point: "registry"))
    #expect(try ExtensionReference(url, point: "registry").name == "mine")
    #expect(try ExtensionReference(url, point: "registry").url == url)
  }

  @Test(arguments: [
    "extension://0.0.0.0/?extension-type=filter&extension-name=x", "extension://0.0.0.0/",
    "extension://0.0.0.0/?registry=nacos",
    "extension://h/?extension-name=x&registry=extension%3A%2F%2Fh",
  ])
  func `an extension URL that names nothing usable is refused`(text: String) {
    #expect(throws: ExtensionReference.Malformed.self) { try ExtensionReference(DubboURL(text), point: "registry") }
  }
}

@Suite struct SharedInstancesTests {
  private final class Counted: Sendable {}

  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  @Test func `any number of askers at once get one instance`() async throws {
    let shared = SharedInstances<String, Counted>()
    let created = Counter()
    let instances = try await withThrowingTaskGroup(of: Counted.self) { group in
      for _ in 0..<200 {
        group.addTask {
          try await shared.instance(of: "a") {
            created.value.add(1, ordering: .relaxed)
            await Task.yield()
            return Counted()
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(created.value.load(ordering: .relaxed) == 1)
    #expect(instances.allSatisfy { $0 === instances[0] })
    #expect(shared.instances.count == 1)
  }

  @Test func `a failure reaches all who wait and the next asker tries anew`() async throws {
    let shared = SharedInstances<String, Counted>()
    let gate = Gate()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await #expect(throws: Refusal.self) {
          try await shared.instance(of: "a") {
            await gate.wait()
            throw Refusal()
          }
        }
      }
      await gate.waitForWaiter()
      for _ in 0..<3 {
        group.addTask {
          await #expect(throws: Refusal.self) { try await shared.instance(of: "a") { throw Refusal() } }
        }
      }
      for _ in 0..<20 { await Task.yield() }
      gate.open()
    }
    _ = try await shared.instance(of: "a") { Counted() }
  }

  @Test func `a waiting asker can be cancelled alone`() async throws {
    let shared = SharedInstances<String, Counted>()
    let gate = Gate()
    try await withThrowingTaskGroup(of: Counted?.self) { group in
      group.addTask {
        try await shared.instance(of: "a") {
          await gate.wait()
          return Counted()
        }
      }
      await gate.waitForWaiter()
      await withTaskGroup(of: Void.self) { inner in
        inner.addTask {
          await #expect(throws: CancellationError.self) { try await shared.instance(of: "a") { Counted() } }
        }
        inner.cancelAll()
      }
      gate.open()
      let created = try await group.next()
      #expect(created != nil)
    }
  }

  @Test func `when the creator is cancelled a waiter takes over`() async throws {
    let shared = SharedInstances<String, Counted>()
    let gate = Gate()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        await withTaskGroup(of: Void.self) { inner in
          inner.addTask {
            _ = try? await shared.instance(of: "a") {
              await gate.wait()
              try Task.checkCancellation()
              return Counted()
            }
          }
          await gate.waitForWaiter()
          inner.cancelAll()
          for _ in 0..<20 { await Task.yield() }
          gate.open()
        }
      }
      await gate.waitForWaiter()
      group.addTask { _ = try await shared.instance(of: "a") { Counted() } }
      try await group.waitForAll()
    }
    #expect(shared.instances.count == 1)
  }

  @Test func `a removed instance is created again`() async throws {
    let shared = SharedInstances<String, Counted>()
    let first = try await shared.instance(of: "a") { Counted() }
    #expect(shared.remove("a") === first)
    #expect(shared.remove("a") == nil)
    #expect(try await shared.instance(of: "a") { Counted() } !== first)
  }
}

private struct Refusal: Error {}

/// Holds tasks until it is opened, and tells when the first has come.
private final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var arrivals: [CheckedContinuation<Void, Never>] = []
    var hasArrived = false
  }
  private let state = Mutex(State())

  func wait() async {
    await withCheckedContinuation { continuation in
      let (isOpen, arrivals) = state.withLock { state in
        state.hasArrived = true
        if !state.isOpen { state.waiting.append(continuation) }
        defer { state.arrivals = [] }
        return (state.isOpen, state.arrivals)
      }
      arrivals.forEach { $0.resume() }
      if isOpen { continuation.resume() }
    }
  }

  func waitForWaiter() async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if !state.hasArrived { state.arrivals.append(continuation) }
        return state.hasArrived
      }
      if isThere { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    waiting.forEach { $0.resume() }
  }
}

import DubboCore
import Testing

@testable import DubboRegistry

struct ConfigCenterTests {
  private let folder = TemporaryFolder()
  private let key = ConfigKey("org.example.Greeter:1.0.0:.condition-router")

  private func fileCenter() throws -> FileConfigCenter {
    try FileConfigCenter(url: DubboURL("file://\(folder.path)?poll=5"), context: RegistryContext(log: .silent))
  }

  private func running(_ center: any ConfigCenter, _ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup { group in
      group.addTask { try await center.run() }
      try await body()
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  /// The first state of `states` whose content is `content`.
  private func state(_ states: AsyncStream<ConfigState>, _ content: String?) async -> ConfigState? {
    for await state in states where state.content == content { return state }
    return nil
  }

  @Test(arguments: [true, false]) func `a watch tells the present state and every change`(isFile: Bool) async throws {
    let center: any ConfigCenter = try isFile ? fileCenter() : InMemoryConfigCenter()
    try await running(center) {
      let states = center.watch(key)
      #expect(await state(states, nil) == ConfigState(content: nil))
      try await center.publish("one", for: key)
      #expect(await state(states, "one") != nil)
      try await center.publish("two", for: ConfigKey("other"))
      try await center.publish("three", for: key)
      #expect(await state(states, "three") != nil)
      try await center.remove(key)
      #expect(await state(states, nil) == ConfigState(content: nil))
      #expect(await state(center.watch(ConfigKey("other")), "two") != nil)
    }
  }

  @Test func `a file that somebody edits is a change`() async throws {
    let center = try fileCenter()
    try folder.write("by hand", to: "dubbo/app.tag-router")
    try await running(center) {
      let states = center.watch(ConfigKey("app.tag-router"))
      #expect(await state(states, "by hand") != nil)
      try folder.write("by hand again", to: "dubbo/app.tag-router")
      #expect(await state(states, "by hand again") != nil)
    }
  }

  @Test func `what cannot be read keeps the last text and says why`() async throws {
    let center = try fileCenter()
    try await running(center) {
      try await center.publish("good", for: key)
      let states = center.watch(key)
      #expect(await state(states, "good") != nil)
      let file = try #require(folder.files.first { $0.contains("condition-router") })
      try folder.write(String(repeating: "x", count: FileConfigCenter.limit + 1), to: file)
      var troubles = states.makeAsyncIterator()
      let state = await troubles.next()
      #expect(state?.content == "good")
      #expect(state?.trouble?.contains("larger than") == true)
    }
  }

  @Test func `a text over the limit is refused`() async throws {
    let center = try fileCenter()
    let error = await failure {
      try await center.publish(String(repeating: "x", count: FileConfigCenter.limit + 1), for: key)
    }
    #expect(error?.reason == .limit)
  }

  @Test func `a key cannot leave the folder`() async throws {
    let center = try fileCenter()
    try await center.publish("x", for: ConfigKey("../../escape", group: ".."))
    #expect(folder.files == ["%2E.", "%2E./%2E.%2F..%2Fescape"])
  }
}

import DubboCore
import DubboRegistry
import Testing

struct BuiltInRegistriesTests {
  private func registry(_ text: String) async throws -> any Registry {
    var catalog = ExtensionCatalog()
    catalog.registerBuiltInRegistries()
    let (factory, url) = try catalog.factory(forSchemeOf: DubboURL(text), point: Registries.self)
    return try await factory(url, RegistryContext(log: .silent))
  }

  @Test func `each scheme makes its registry`() async throws {
    #expect(try await registry("file:///tmp/dubbo") is FileRegistry)
    #expect(try await registry("memory://localhost") is InMemoryRegistry)
    #expect(try await registry("static://0.0.0.0/?urls=tri%3A%2F%2Fa%3A1") is StaticRegistry)
    #expect(
      try await registry("extension://0.0.0.0/?extension-type=registry&registry=file%3A%2F%2F%2Ftmp%2Fdubbo")
        is FileRegistry)
  }

  @Test func `an unknown scheme's error lists the known ones`() async throws {
    let error = await #expect(throws: UnknownExtension.self) { _ = try await registry("zookeper://localhost") }
    #expect(error?.description.contains("known are file, memory, static") == true)
  }
}

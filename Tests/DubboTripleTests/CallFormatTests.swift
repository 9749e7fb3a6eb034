import DubboCore
import DubboTriple
import Testing

@Suite struct CallFormatTests {
  @Test func `a service in JSON is called in JSON and answers with its content type`() async throws {
    try await withServer(serialization: "json") { endpoint in
      let reply = try await endpoint.invoke(invocation(.json))
      #expect(reply.message == Array("{}".utf8))
    }
  }

  @Test func `a service in a format of its own is called in that and in none`() async throws {
    let plist = try #require(PayloadFormat("plist"))
    try await withServer(serialization: "plist") { endpoint in
      let reply = try await endpoint.invoke(invocation(plist))
      #expect(reply.message == Array("{}".utf8))
    }
    try await withServer(serialization: "json") { endpoint in
      let error = await #expect(throws: DubboError.self) { try await endpoint.invoke(invocation(plist)) }
      #expect(error?.code == .unimplemented)
      #expect(error?.message == "test.Echo/unary has messages in json only")
    }
  }

  @Test(arguments: [("json", PayloadFormat.protobuf), ("protobuf", .json), ("plist", .json), ("plist", .protobuf)])
  func `a call in another format than the service's is refused`(serialization: String, format: PayloadFormat)
    async throws
  {
    try await withServer(serialization: serialization) { endpoint in
      let error = await #expect(throws: DubboError.self) { try await endpoint.invoke(invocation(format)) }
      #expect(error?.code == .unimplemented)
      #expect(error?.message == "test.Echo/unary has messages in \(serialization) only")
    }
  }

  private func invocation(_ format: PayloadFormat) -> Invocation {
    var attributes = Attributes()
    attributes[PayloadFormatKey.self] = format
    return Invocation(method: EchoService.unary, body: .message(Array("{}".utf8)), attributes: attributes)
  }

  private func withServer(serialization: String, _ body: (any Endpoint) async throws -> Void) async throws {
    let tri = try TripleProtocol(loops: 1, log: .silent)
    var url = DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    url.serialization = serialization
    do {
      let exporter = try await tri.export(EchoService(), methods: EchoService.methods, at: url)
      try await body(tri.endpoint(for: exporter.url))
    } catch {
      await tri.shutDown(grace: .zero)
      throw error
    }
    await tri.shutDown(grace: .zero)
  }
}

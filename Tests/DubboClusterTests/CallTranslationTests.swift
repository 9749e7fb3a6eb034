import DubboCore
import Testing

@testable import DubboCluster

/// Providers speak what their `serialization` says; `x` nobody can write.
private struct Words: CallTranslation {
  /// What a call can be put to; nil for all but `x`.
  var only: String?

  func reaches(_ provider: DubboURL, with invocation: Invocation) -> Bool {
    provider.serialization != "x" && (only == nil || provider.serialization == only)
  }

  func translated(
    _ invocation: Invocation, for provider: DubboURL
  ) throws -> (invocation: Invocation, serialization: String?) {
    guard reaches(provider, with: invocation), let name = provider.serialization else {
      throw DubboError(.invalidArgument, "unspeakable", reason: .configuration, progress: .notSent)
    }
    var invocation = invocation
    if case .message = invocation.body { invocation.body = .message(Array(name.utf8)) }
    return (invocation, name)
  }
}

@Suite struct CallTranslationTests {
  /// Answers with what it is sent.
  private func provider(_ number: Int, _ name: String, group: String? = nil, refuses: Bool = false) -> FakeEndpoint {
    var parameters: URLParameters = ["serialization": name]
    parameters["group"] = group
    return FakeEndpoint(number, parameters: parameters) { invocation in
      guard case .message(let message) = invocation.body, !refuses else {
        throw DubboError(.unavailable, "no", reason: .connection, progress: .notSent)
      }
      return Reply(message: message, headers: ["serialization": "its own"])
    }
  }

  private func call(_ words: Words = Words(), _ invocation: Invocation = .unary()) -> Invocation {
    var invocation = invocation
    invocation.attributes[CallTranslationKey.self] = words
    return invocation
  }

  @Test func `each attempt is in what its provider speaks, and the reply says what that was`() async throws {
    let reply = try await FailoverCluster(firstOneContext([provider(1, "a", refuses: true), provider(2, "b")]))
      .invoke(call())
    #expect(reply.message == Array("b".utf8))
    #expect(reply.serialization == "b" && reply.headers["serialization"] == "its own")
    let plain = try await FailfastCluster(firstOneContext([provider(1, "a")])).invoke(.unary())
    #expect(plain.message == [1, 2, 3] && plain.serialization == nil)
  }

  @Test(arguments: ["failover", "failfast", "failsafe", "failback", "available", "forking", "mergeable"])
  func `nobody is called who cannot be spoken to while another can`(cluster: String) async throws {
    let endpoints = [provider(1, "x"), provider(2, "a"), provider(3, "b")]
    let context = firstOneContext(endpoints, ["forks": "2"])
    let invoker = try context.catalog.factory(cluster, for: Clusters.self)(context)
    for only in ["a", "b"] {
      let reply = try await invoker.invoke(call(Words(only: only)))
      #expect(reply.message == Array(only.utf8))
    }
    #expect(endpoints.map(\.callCount) == [0, 1, 1])
  }

  @Test func `a sticky reference leaves a provider that a call cannot be put to`() async throws {
    let endpoints = [provider(1, "a"), provider(2, "b")]
    let cluster = FailoverCluster(firstOneContext(endpoints, ["sticky": "true"]))
    for only in ["a", "b", "b", "a"] { _ = try await cluster.invoke(call(Words(only: only))) }
    #expect(endpoints.map(\.callCount) == [2, 2])
  }

  @Test func `where none can be spoken to the attempt says why, and is made once`() async throws {
    let endpoints = [provider(1, "x"), provider(2, "x")]
    for cluster in ["failover", "available", "failfast"] {
      let context = firstOneContext(endpoints)
      let invoker = try context.catalog.factory(cluster, for: Clusters.self)(context)
      let error = await #expect(throws: DubboError.self) { try await invoker.invoke(call()) }
      #expect(error?.message == "unspeakable" && error?.reason == .configuration)
    }
    #expect(endpoints.map(\.callCount) == [0, 0])
  }

  @Test func `a failed call goes back to who understands it before it goes to who does not`() async throws {
    let endpoints = [provider(1, "a", refuses: true), provider(2, "x")]
    let cluster = FailoverCluster(firstOneContext(endpoints, ["retries": "1"]))
    let error = await #expect(throws: DubboError.self) { try await cluster.invoke(call()) }
    #expect(error?.message.hasPrefix("no (attempt 2 of 2") == true)
    #expect(endpoints.map(\.callCount) == [2, 0])
  }

  @Test func `broadcast speaks to each provider as that does`() async throws {
    let endpoints = [provider(1, "a"), provider(2, "b")]
    let reply = try await BroadcastCluster(firstOneContext(endpoints)).invoke(call())
    #expect(reply.message == Array("b".utf8) && endpoints.map(\.callCount) == [1, 1])
  }

  @Test func `replies in different serializations are not merged`() async throws {
    let mixed = [provider(1, "a", group: "one"), provider(2, "b", group: "two")]
    let error = await #expect(throws: DubboError.self) {
      try await MergeableCluster(firstOneContext(mixed, ["merger": "true"])).invoke(call())
    }
    #expect(error?.message.contains("answer in a and b, which cannot be merged") == true)
    let alike = [provider(1, "a", group: "one"), provider(2, "a", group: "two")]
    let reply = try await MergeableCluster(firstOneContext(alike, ["merger": "true"])).invoke(call())
    #expect(reply.message == Array("aa".utf8))
  }
}

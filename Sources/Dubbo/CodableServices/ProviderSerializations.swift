internal import DubboCore
internal import Synchronization

/// The serializations of a reference that names none: its providers say what they are, each for itself, so that they
/// may change from one to another while they are called. For any thread.
final class ProviderSerializations: Sendable {
  private struct State {
    /// One of each, made when it is needed first.
    var made: [String: NamedSerialization] = [:]
    /// What a call was last written in.
    var latest: NamedSerialization
  }

  private let application: DubboApplication
  private let service: ServiceKey
  private let state: Mutex<State>

  init(_ service: ServiceKey, _ application: DubboApplication) throws {
    self.application = application
    self.service = service
    let usual = try application.serialization(DubboApplication.usualSerialization, of: service)
    state = Mutex(State(made: [usual.name: usual], latest: usual))
  }

  /// What a call is written in before its provider is known: mostly the right one, for mostly all have the same.
  var latest: NamedSerialization { state.withLock { $0.latest } }

  /// A call was written in this one for its provider.
  func use(_ serialization: NamedSerialization) {
    state.withLock { state in
      if state.latest.name != serialization.name { state.latest = serialization }
    }
  }

  /// What the provider at this URL speaks; throws an error of the configuration that names the known ones when the
  /// application does not have it.
  func serialization(of provider: DubboURL) throws -> NamedSerialization {
    let name = application.serializationName(offeredBy: provider) ?? DubboApplication.usualSerialization
    if let known = named(name) { return known }
    let made = try application.serialization(name, of: service, at: provider)
    return state.withLock { state in
      if let earlier = state.made[name] { return earlier }
      state.made[name] = made
      return made
    }
  }

  /// One that a provider was found to speak.
  func named(_ name: String) -> NamedSerialization? { state.withLock { $0.made[name] } }
}

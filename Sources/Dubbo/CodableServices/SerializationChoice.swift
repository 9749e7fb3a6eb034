internal import DubboCore

/// A serialization under the name that URLs have for it.
struct NamedSerialization: Sendable {
  let name: String
  let serialization: any Serialization
}

/// Which serialization a service or a reference has, from what its URL says by name.
extension DubboApplication {
  /// What holds where nobody names one.
  static let usualSerialization = "json"

  /// The name that this application's own word in `url` chooses one by: `serialization`, else the first that
  /// `prefer.serialization` lists and the application has. Nil where it leaves it open.
  func serializationName(in url: DubboURL) -> String? {
    url.namedSerialization ?? preferredSerialization(in: url) ?? url.preferredSerializations.first
  }

  /// The same of a provider's URL, as a consumer takes it that has no word of its own. What providers prefer goes before
  /// `serialization`, which is then for those who have none of it.
  func serializationName(offeredBy provider: DubboURL) -> String? {
    preferredSerialization(in: provider) ?? provider.namedSerialization ?? provider.preferredSerializations.first
  }

  private func preferredSerialization(in url: DubboURL) -> String? {
    url.preferredSerializations.first { (try? extensions.factory($0, for: Serializations.self)) != nil }
  }

  /// The serialization called `name`; throws an error of the configuration that names `user` and the names that are known.
  func serialization(_ name: String, of user: ServiceKey, at provider: DubboURL? = nil) throws -> NamedSerialization {
    do {
      return NamedSerialization(name: name, serialization: try extensions.factory(name, for: Serializations.self)())
    } catch {
      let place = provider.map { " at \($0.address)" } ?? ""
      throw DubboError(
        .invalidArgument, "the messages of \(user)\(place) can't be written: \(error)", reason: .configuration,
        progress: .notSent, cause: error)
    }
  }
}

extension DubboURL {
  /// What `serialization` says; `protobuf` is what stubs write, and chooses none.
  fileprivate var namedSerialization: String? { serialization.flatMap { Self.choosesSerialization($0) ? $0 : nil } }

  fileprivate var preferredSerializations: [String] {
    self[PreferSerializationKey.self].filter(Self.choosesSerialization)
  }

  private static func choosesSerialization(_ name: String) -> Bool {
    !name.isEmpty && name != PayloadFormat.protobuf.description
  }
}

extension ProvidedService {
  /// The service with messages in what `url` says. A service without a .proto gets what writes its values; of another
  /// the format alone counts, and stubs have theirs already.
  func settled(at url: DubboURL, _ application: DubboApplication) throws -> ProvidedService {
    guard format == nil else { return self }
    var service = self
    let name = application.serializationName(in: url)
    if let codable {
      let named = try application.serialization(name ?? DubboApplication.usualSerialization, of: key)
      service.invoker = ServiceInvoker(codable.registrations(in: named.serialization))
      service.format = named.serialization.format
    } else {
      service.format = try name.map { try application.serialization($0, of: key).serialization.format } ?? .protobuf
    }
    return service
  }
}

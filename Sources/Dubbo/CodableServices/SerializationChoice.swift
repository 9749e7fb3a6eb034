internal import DubboCore

/// Which serialization a service or a reference has, from what its URL says by name.
extension DubboApplication {
  /// What holds where nobody names one.
  static let usualSerialization = "json"

  /// The name that `url` chooses one by; nil where it leaves it open. `protobuf` says what stubs write, and chooses none.
  static func serializationName(in url: DubboURL) -> String? {
    guard let name = url.serialization, !name.isEmpty, name != PayloadFormat.protobuf.description else { return nil }
    return name
  }

  /// The serialization called `name`; throws an error of the configuration that names `user` and the names that are known.
  func serialization(_ name: String, of user: ServiceKey) throws -> any Serialization {
    do {
      return try extensions.factory(name, for: Serializations.self)()
    } catch {
      throw DubboError(
        .invalidArgument, "the messages of \(user) can't be written: \(error)", reason: .configuration,
        progress: .notSent, cause: error)
    }
  }

  /// What a reference writes in: what it names itself, else what its providers' addresses say, where they agree and this
  /// application has it, else JSON.
  func serialization(of consumer: DubboURL, at source: ProviderSource) throws -> any Serialization {
    let own = Self.serializationName(in: consumer)
    let told = Set(source.providers.map(Self.serializationName))
    let offered = told.count == 1 ? told.first.flatMap(\.self) : nil
    let known = extensions.names(for: Serializations.self)
    let name = own ?? offered.flatMap { known.contains($0) ? $0 : nil }
    return try serialization(name ?? Self.usualSerialization, of: ServiceKey(consumer))
  }
}

extension ProvidedService {
  /// The service with messages in what `url` says. A service without a .proto gets what writes its values; of another
  /// the format alone counts, and stubs have theirs already.
  func settled(at url: DubboURL, _ application: DubboApplication) throws -> ProvidedService {
    guard format == nil else { return self }
    var service = self
    let name = DubboApplication.serializationName(in: url)
    if let codable {
      let serialization = try application.serialization(name ?? DubboApplication.usualSerialization, of: key)
      service.invoker = ServiceInvoker(codable.registrations(in: serialization))
      service.format = serialization.format
    } else {
      service.format = try name.map { try application.serialization($0, of: key).format } ?? .protobuf
    }
    return service
  }
}

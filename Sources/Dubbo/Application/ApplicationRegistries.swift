internal import DubboCore
internal import DubboRegistry

/// The registries of an application: one instance per URL, each running as long as the application.
final class ApplicationRegistries: Sendable {
  private let application: DubboApplication
  private let tasks: TaskScope
  private let instances = SharedInstances<DubboURL, any Registry>()

  init(_ application: DubboApplication, tasks: TaskScope) {
    self.application = application
    self.tasks = tasks
  }

  /// Makes all of the application's registries; throws for a URL that is wrong or a scheme that is not known.
  func start() async throws {
    _ = try await all()
  }

  /// The application's registries in their order, without those that may be missing (`check=false`) and are.
  ///
  /// - Parameter chosen: some of them, as the application writes them; nil for all.
  func all(_ chosen: [String]? = nil) async throws -> [any Registry] {
    var registries: [any Registry] = []
    for text in application.registries where chosen?.contains(text) ?? true {
      let url = try DubboURL.configured(text, as: "registry")
      do {
        registries.append(try await registry(at: url))
      } catch {
        guard !url.check, !(error is UnknownExtension) else { throw error }
        application.log.warning("left out a registry that cannot be used", ["url": url, "error": "\(error)"])
      }
    }
    return registries
  }

  private func registry(at url: DubboURL) async throws -> any Registry {
    try await instances.instance(of: url) {
      let (factory, inner) = try application.extensions.factory(forSchemeOf: url, point: Registries.self)
      let context = RegistryContext(clock: application.clock, log: application.log.with(["registry": inner]))
      let registry = try await factory(inner, context)
      tasks.start { [log = application.log] in
        do {
          try await registry.run()
        } catch is CancellationError {
        } catch {
          log.error("a registry stopped", ["url": registry.url, "error": "\(error)"])
        }
      }
      return registry
    }
  }
}

extension DubboURL {
  /// Reads a URL of the configuration; the error says what it was meant to be.
  static func configured(_ text: String, as role: String) throws -> DubboURL {
    do {
      return try DubboURL(text)
    } catch {
      throw DubboError(
        .invalidArgument, "the URL of a \(role) is malformed: \(error)", reason: .configuration, cause: error)
    }
  }
}

internal import DubboCore
internal import DubboRegistry

/// The config center of an application, made when it is first asked for, running as long as the application.
final class ApplicationConfigCenter: Sendable {
  private let application: DubboApplication
  private let tasks: TaskScope
  private let centers = SharedInstances<DubboURL, any ConfigCenter>()

  init(_ application: DubboApplication, tasks: TaskScope) {
    self.application = application
    self.tasks = tasks
  }

  /// Nil when the application has none, or may go without the one it has (`check=false`) and must.
  func use() async throws -> (any ConfigCenter)? {
    guard let text = application.configCenter else { return nil }
    let url = try DubboURL.configured(text, as: "config center")
    do {
      return try await centers.instance(of: url) { try await make(url) }
    } catch {
      guard !url.check, !(error is UnknownExtension) else { throw error }
      application.log.warning("goes without a config center that cannot be used", ["url": url, "error": "\(error)"])
      return nil
    }
  }

  private func make(_ url: DubboURL) async throws -> any ConfigCenter {
    let (factory, inner) = try application.extensions.factory(forSchemeOf: url, point: ConfigCenters.self)
    let center = try await factory(inner, RegistryContext(clock: application.clock, log: application.log))
    tasks.start { [log = application.log] in
      do {
        try await center.run()
      } catch is CancellationError {
      } catch {
        log.error("a config center stopped", ["url": center.url, "error": "\(error)"])
      }
    }
    return center
  }
}

internal import DubboCluster
internal import DubboCore
internal import DubboRegistry
internal import Synchronization

/// A service that is offered, and what override rules make of it while it is.
///
/// What a rule changes holds for the filters, which are made anew and go on counting where those before them were, and
/// for what registries tell consumers.
final class ExportedService: Sendable {
  private struct State {
    var exporter: (any Exporter)?
    /// The service where it is offered.
    var url: DubboURL
    var invoker: any Invoker
    var registries: [any Registry] = []
    var isWithdrawn = false
  }

  let service: ProvidedService
  let methods: [MethodDescriptor]
  private let application: DubboApplication
  private let tasks: TaskScope
  /// What the filters count, through all of their changes.
  private let memory = FilterMemory()
  private let work: FilterWork
  private let state: Mutex<State>

  /// - Parameter url: of the service, as the protocol gets it.
  init(_ service: ProvidedService, at url: DubboURL, _ application: DubboApplication, _ tasks: TaskScope) throws {
    self.service = service
    self.application = application
    self.tasks = tasks
    work = FilterWork(tasks)
    let stack = try ServerStack(for: service, at: url, application, memory)
    methods = stack.methods
    state = Mutex(State(url: url, invoker: stack.invoker))
    work.replace(with: stack.background)
  }

  /// What carries out calls at present.
  var invoker: any Invoker { state.withLock { $0.invoker } }

  /// The service where it is offered, as the protocol and then the registries are told.
  var url: DubboURL { state.withLock { $0.url } }

  /// The service is callable: what a rule changes is told to `exporter`.
  func exported(by exporter: any Exporter) {
    state.withLock { $0.exporter = exporter }
  }

  /// Makes the service known in `registries` as `url`, the address that was bound counted in.
  func register(_ url: DubboURL, in registries: [any Registry]) async throws {
    state.withLock { $0.url = url }
    for registry in registries {
      do {
        try await registry.register(url)
        state.withLock { $0.registries.append(registry) }
      } catch {
        guard !registry.url.check else { throw error }
        application.log.warning(
          "not registered, and tried again until it is", ["registry": registry.url, "error": "\(error)"])
        tasks.start { await self.keepTrying(registry) }
      }
    }
  }

  /// Registers where that failed and need not have succeeded (`check=false`).
  private func keepTrying(_ registry: any Registry) async {
    var generator = SystemRandomNumberGenerator()
    var attempt = 0
    while true {
      let pause = Backoff().delay(afterFailures: attempt + 1, using: &generator)
      attempt += 1
      guard (try? await application.clock.sleep(for: pause)) != nil else { return }
      let (url, isWithdrawn) = state.withLock { ($0.url, $0.isWithdrawn) }
      if isWithdrawn { return }
      guard (try? await registry.register(url)) != nil else { continue }
      application.log.info("registered at last", ["registry": registry.url, "service": service.key])
      let isTooLate = state.withLock { state in
        if !state.isWithdrawn, state.url == url { state.registries.append(registry) }
        return state.isWithdrawn || state.url != url
      }
      if !isTooLate { return }
      try? await registry.unregister(url)
      attempt = 0
    }
  }

  /// Where the service is registered; from now on no rule registers it again.
  func withdraw() -> [(registry: any Registry, url: DubboURL)] {
    state.withLock { state in
      state.isWithdrawn = true
      defer { state.registries = [] }
      return state.registries.map { ($0, state.url) }
    }
  }

  /// Keeps the service as override rules say, those of `center` and those of `registries`, until the task is cancelled.
  func follow(_ center: (any ConfigCenter)?, _ registries: [any Registry]) async {
    let original = state.withLock { $0.url }
    let watch = OverrideWatch(
      service: service.key, application: application.name, center: center, registries: registries, log: application.log)
    await watch.run { overrides in
      var url = overrides.applied(to: original, side: .provider, service: service.key, localHost: original.host)
      // The port goes on in the messages that it began with.
      url.serialization = original.serialization
      url[PreferSerializationKey.name] = nil
      await change(to: url)
    }
  }

  private func change(to url: DubboURL) async {
    let before = state.withLock { $0.url }
    guard url != before else { return }
    do {
      let stack = try ServerStack(for: service, at: url, application, memory)
      // What is replaced is let go of after the lock, not under it.
      let replaced = state.withLock { state in
        defer { (state.invoker, state.url) = (stack.invoker, url) }
        state.exporter?.replace(with: stack.invoker)
        return state.invoker
      }
      extendLifetime(replaced)
      work.replace(with: stack.background)
    } catch {
      application.log.error("an override rule cannot be followed", ["service": service.key, "error": "\(error)"])
      return
    }
    application.log.info("override rules changed a service", ["service": service.key, "url": url])
    for registry in state.withLock({ $0.registries }) {
      do {
        // The new one first: at no time is the service not listed.
        try await registry.register(url)
        try await registry.unregister(before)
        if state.withLock({ $0.isWithdrawn }) { try await registry.unregister(url) }
      } catch {
        application.log.warning(
          "a changed service is not registered", ["registry": registry.url, "error": "\(error)"])
      }
    }
  }
}

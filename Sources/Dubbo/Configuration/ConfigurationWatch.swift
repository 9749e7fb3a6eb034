internal import DubboCluster
internal import DubboCore

/// Where a configuration was read from.
struct ConfigurationOrigin: Sendable {
  var path: String
  var environment: [String: String]
  /// What stood there.
  var bytes: [UInt8]
}

/// Looks at the file of a configuration while the application runs. Its routing rules apply when they change; what else
/// changes is named, for it needs a restart. A file that is wrong or missing changes nothing.
struct ConfigurationWatch: Sendable {
  let origin: ConfigurationOrigin
  let period: Duration
  let clock: any DubboClock
  let log: Log

  /// Watches until the task is cancelled; `apply` gets the rules of each version that is sound.
  func run(_ apply: @Sendable (RuleSet) -> Void) async {
    var seen = origin.bytes
    var present = try? parse(seen)
    var trouble: String?
    while (try? await clock.sleep(for: max(period, .milliseconds(10)))) != nil {
      do {
        let bytes = try await read()
        trouble = nil
        guard bytes != seen else { continue }
        seen = bytes
        let next = try parse(bytes)
        for remark in next.remarks where remark.severity == .warning { log.warning("configuration: \(remark)") }
        log.info("the configuration file changed; its routing rules apply from now on", ["file": origin.path])
        apply(next.routers.rules)
        reportRest(present, next)
        present = next
      } catch {
        // Once for each version that is wrong and each reason why there is none.
        if trouble != "\(error)" { log.error("the configuration file changed, and the last version stays: \(error)") }
        trouble = "\(error)"
      }
    }
  }

  private func parse(_ bytes: [UInt8]) throws(ConfigurationError) -> DubboConfiguration {
    try DubboConfiguration(bytes: bytes, file: origin.path, environment: origin.environment)
  }

  /// Reading blocks, and so happens where that does no harm.
  private func read() async throws(ConfigurationError) -> [UInt8] {
    try await withTaskExecutorPreference(globalConcurrentExecutor) { () throws(ConfigurationError) in
      try ConfigurationFile(origin.path, environment: [:]).read()
    }
  }

  private func reportRest(_ before: DubboConfiguration?, _ after: DubboConfiguration) {
    let sections = before?.sectionsThatDiffer(from: after) ?? []
    guard !sections.isEmpty else { return }
    log.warning(
      "what else changed in the configuration file takes effect when the application is started again",
      ["file": origin.path, "sections": sections.joined(separator: ", ")])
  }
}

extension DubboConfiguration {
  /// The sections, but for routing rules, in which `other` says something else.
  fileprivate func sectionsThatDiffer(from other: DubboConfiguration) -> [String] {
    let sections: [(String, Bool)] = [
      ("application", application != other.application), ("protocols", protocols != other.protocols),
      ("registries", registries != other.registries),
      ("provider", services != other.services || otherServices != other.otherServices),
      ("consumer", references != other.references || otherReferences != other.otherReferences),
      ("routers.consumer", routers.directRoutes != other.routers.directRoutes),
      ("routers.nacos", routers.configCenter != other.routers.configCenter),
      ("config-center", configCenter != other.configCenter),
      ("metadata-report", metadataReport != other.metadataReport),
      ("shutdown", shutdown != other.shutdown), ("tls", serverTLS != other.serverTLS || clientTLS != other.clientTLS),
      ("logger", logLevel != other.logLevel), ("data", data != other.data),
    ]
    return sections.filter(\.1).map(\.0)
  }
}

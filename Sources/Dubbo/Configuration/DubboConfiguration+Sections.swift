internal import DubboCore
internal import DubboYAML

extension DubboConfiguration {
  /// The whole file: only `dubbo` is this framework's; other programs share the file.
  mutating func read(file fields: YAMLFields) {
    let logging = fields.fields("logging", as: "logging")
    if let section = fields.fields("dubbo", as: "dubbo") {
      read(section)
    } else {
      let others = fields.remaining().map(\.key)
      let slip = YAMLName.nearest(to: "dubbo", among: others).map { "; is \(quotedText($0)) meant?" } ?? ""
      fields.reader.warning("the file has no section 'dubbo'\(slip)")
    }
    if logLevel == nil, let logging { logLevel = logging["level"].flatMap(Self.level) }
  }

  private mutating func read(_ fields: YAMLFields) {
    if let section = fields.fields("application", as: "application") { application = .init(section) }
    readProtocols(fields)
    let known = KnownIDs(protocols: protocols, registries: readRegistries(fields))
    readProvider(fields, known)
    readConsumer(fields, known)
    if let section = fields.fields("routers", as: "routers") { routers.read(section) }
    routers.read(list: fields.list("router"))
    if let section = fields.fields("config-center", as: "config-center") { configCenter = .init(section) }
    if let section = fields.fields("metadata-report", as: "metadata-report") { metadataReport = .init(section) }
    if let section = fields.fields("shutdown", as: "shutdown") { shutdown = .init(section) }
    readTLS(fields)
    if let section = fields.fields("logger", as: "logger") { readLogger(section) }
    data = fields["data"].map { ConfigurationValue($0.node) } ?? .null
    fields.ignore(
      "metrics", "tracing", "otel", "monitor", "module", "profiles", "custom", "cache-file", "scan", "config",
      because: "this program does not have it")
    fields.finish()
  }

  private mutating func readProtocols(_ fields: YAMLFields) {
    if let one = fields.fields("protocol", as: "a protocol") {
      protocols.append(ProtocolConfiguration(id: "protocol", one))
    }
    for (id, _, value) in fields.entries("protocols") {
      if let section = value.fields("a protocol") { protocols.append(ProtocolConfiguration(id: id, section)) }
    }
  }

  /// Returns all ids, those of wrong sections too.
  private mutating func readRegistries(_ fields: YAMLFields) -> [String] {
    var ids: [String] = []
    let one = fields["registry"].map { [(key: "registry", keyPosition: $0.position, value: $0)] } ?? []
    for (id, _, value) in one + fields.entries("registries") {
      guard !value.isNull, let section = value.fields("a registry") else { continue }
      ids.append(id)
      if let registry = RegistryConfiguration(id: id, section) { registries.append(registry) }
    }
    return ids
  }

  private mutating func readProvider(_ fields: YAMLFields, _ known: KnownIDs) {
    guard let provider = fields.fields("provider", as: "provider") else { return }
    let defaults = ServiceDefaults(provider, known: known)
    otherServices = ServiceConfiguration(defaults)
    for (id, _, value) in provider.entries("services") {
      if let section = value.fields("a service") {
        let entry = ServiceConfiguration(id: id, section, known: known, defaults: defaults)
        Self.append(entry, to: &services, value)
      }
    }
    provider.finish()
  }

  private mutating func readConsumer(_ fields: YAMLFields, _ known: KnownIDs) {
    guard let consumer = fields.fields("consumer", as: "consumer") else { return }
    let defaults = ReferenceDefaults(consumer, known: known)
    otherReferences = ReferenceConfiguration(defaults)
    for (id, _, value) in consumer.entries("references") {
      if let section = value.fields("a reference") {
        let entry = ReferenceConfiguration(id: id, section, known: known, defaults: defaults)
        Self.append(entry, to: &references, value)
      }
    }
    consumer.finish()
  }

  /// An entry is found by its interface, group and version: the second with the same never is.
  private static func append<Entry: ConfiguredEntry>(_ entry: Entry, to entries: inout [Entry], _ reader: YAMLReader) {
    let first = entries.first {
      $0.interface == entry.interface && $0.group == entry.group && $0.version == entry.version
    }
    if let interface = entry.interface, !interface.isEmpty, let first {
      reader.warning("this never counts, for \(quotedText(first.id)) is about the same interface, group and version")
    }
    entries.append(entry)
  }

  private mutating func readTLS(_ fields: YAMLFields) {
    if let ssl = fields.fields("ssl", as: "ssl") {
      serverTLS = TLSFiles("server", of: ssl)
      clientTLS = TLSFiles("client", of: ssl)
      ssl.finish()
    }
    for name in ["tls", "tls_config"] {
      guard let section = fields.fields(name, as: name) else { continue }
      let files = TLSFiles(both: section)
      serverTLS = serverTLS ?? (files.certificateChain == nil ? nil : files)
      clientTLS = clientTLS ?? files
    }
  }

  private mutating func readLogger(_ fields: YAMLFields) {
    logLevel = fields["level"].flatMap(Self.level)
    fields.ignore(
      "driver", "format", "appender", "file", "trace-integration", "zap-config", "lumberjack-config",
      because: "the program chooses where its log goes")
    fields.finish()
  }

  private static func level(_ reader: YAMLReader) -> LogLevel? {
    // Java's files have levels by logger name here; those are another program's.
    guard case .scalar = reader.node.content else { return nil }
    return reader.choice([
      "trace": .trace, "debug": .debug, "info": .info, "warning": .warning, "warn": .warning, "error": .error,
      "fatal": .error, "panic": .error,
    ])
  }
}

public import DubboCore
internal import DubboYAML

/// What an application is told by its `application.yaml`, by the environment and by its code.
///
/// One value is said in one of these places, and the later goes before the earlier:
/// 1. the file: the one that the program names, else the one that `DUBBO_CONFIG_PATH` names, else `application.yaml`
///    in the current folder; `${NAME:default}` in it stands for a variable of the environment;
/// 2. variables of the environment such as `DUBBO_APPLICATION_NAME` or `DUBBO_PROTOCOLS_TRIPLE_PORT`;
/// 3. the code, which changes this value before it makes the application.
///
/// Files of Dubbo for Java, Go and Rust are read with their own spellings. Every mistake is found in one pass.
public struct DubboConfiguration: Sendable {
  public var application = ApplicationConfiguration()
  public var protocols: [ProtocolConfiguration] = []
  public var registries: [RegistryConfiguration] = []
  public var services: [ServiceConfiguration] = []
  public var references: [ReferenceConfiguration] = []
  /// What `dubbo.provider` says of services that have no entry; those that have one have it in them.
  public var otherServices: ServiceConfiguration?
  /// What `dubbo.consumer` says of references that have no entry.
  public var otherReferences: ReferenceConfiguration?
  public var routers = RoutersConfiguration()
  public var configCenter: ConfigCenterConfiguration?
  public var metadataReport: MetadataReportConfiguration?
  public var shutdown = ShutdownConfiguration()
  /// The provider's side of TLS; nil for none.
  public var serverTLS: TLSFiles?
  /// The consumer's side of TLS; nil for none.
  public var clientTLS: TLSFiles?
  public var logLevel: LogLevel?
  /// `dubbo.data`: the program's own values.
  public var data: ConfigurationValue = .null
  /// What messages call the text that was read.
  var file = "the configuration"
  /// Nil for a text that was no file.
  var origin: ConfigurationOrigin?
  /// What was ignored or may not be meant so; never an error.
  public internal(set) var remarks: [ConfigurationProblem] = []

  /// An empty configuration, for code that says everything.
  public init() {}

  /// Reads the text of a file.
  ///
  /// - Parameters:
  ///   - file: what messages call the text.
  ///   - environment: the variables that may override the text and stand in `${…}`.
  public init(
    yaml text: String, file: String = "application.yaml", environment: [String: String] = [:]
  ) throws(ConfigurationError) {
    try self.init(bytes: Array(text.utf8), file: file, environment: environment)
  }

  init(bytes: [UInt8], file: String, environment: [String: String]) throws(ConfigurationError) {
    self.file = file
    let document = YAMLDocument(bytes, file: file)
    let diagnostics = document.diagnostics
    var root = Placeholders(environment, diagnostics, in: document.root).replaced
    EnvironmentOverrides(environment, diagnostics).apply(to: &root)
    if let fields = document.reader(of: root).fields("the configuration") { read(file: fields) }
    remarks = diagnostics.all.map(ConfigurationProblem.init)
    if diagnostics.hasErrors { throw ConfigurationError(problems: remarks) }
  }
}

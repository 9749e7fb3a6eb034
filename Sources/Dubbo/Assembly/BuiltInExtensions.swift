internal import DubboCluster
public import DubboCore
internal import DubboRegistry
public import DubboTriple

extension ExtensionCatalog {
  /// Everything that comes with this framework, by name. Each use makes a catalog of its own.
  public static var builtIn: ExtensionCatalog {
    var catalog = ExtensionCatalog()
    catalog.registerBuiltInRegistries()
    catalog.registerBuiltInConfigCenters()
    catalog.registerBuiltInFilters()
    catalog.registerTriple(TripleSettings())
    catalog.register("json", for: Serializations.self) { JSONCoding() }
    catalog.registerBuiltInCompressions()
    catalog.registerClusterExtensions()
    return catalog
  }

  /// Registers Triple with `settings`: limits, periods, where methods run. Compressions and TLS are the application's.
  public mutating func registerTriple(_ settings: TripleSettings) {
    register("tri", for: RPCProtocols.self) { context in
      var settings = settings
      settings.compressions = context.compressions
      try context.tls?.apply(to: &settings)
      return try TripleProtocol(settings: settings, log: context.log, clock: context.clock)
    }
  }

  private mutating func registerBuiltInFilters() {
    register("context", for: Filters.self) { context in
      switch context.side {
      case .consumer: ConsumerContextFilter(application: context.application)
      case .provider: ProviderContextFilter()
      }
    }
    register("timeout", for: Filters.self) { context in
      if context.side == .consumer { return ConsumerTimeoutFilter(clock: context.clock) }
      return ProviderTimeoutFilter(context)
    }
    register("echo", for: Filters.self) { _ in EchoFilter() }
    register("token", for: Filters.self) { context in TokenFilter(context) }
    register("accesslog", for: Filters.self) { context in AccessLogFilter(context) }
    register("tps", for: Filters.self) { context in RateLimitFilter(context) }
    register("executelimit", for: Filters.self) { context in ExecuteLimitFilter(context) }
    register("padasvc", for: Filters.self) { context in AdaptiveLimitFilter(context) }
    register("loadreport", for: Filters.self) { context in LoadReportFilter(context) }
    register("activelimit", for: Filters.self) { context in ActiveLimitFilter(context) }
  }
}

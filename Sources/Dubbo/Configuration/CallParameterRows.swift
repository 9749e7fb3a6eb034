/// The keys by which services, references and their methods say how calls are made; most become parameters of the
/// same name, which the cluster, the balancers and the filters read.
enum CallParameterRows {
  /// For a method, a service, a reference, and as the default of all services or references.
  static let call = [
    ParameterRow("timeout", "request-timeout", as: .duration),
    // Java writes -1 for none, too.
    ParameterRow("retries", as: .count(-1...1_000)),
    ParameterRow("loadbalance", as: .text),
    ParameterRow("cluster", as: .text),
    ParameterRow("cluster.availablecheck", as: .flag),
    ParameterRow("sticky", as: .flag),
    ParameterRow("idempotent", as: .flag),
    ParameterRow("actives", as: .count(0...count)),
    ParameterRow("executes", "execute.limit", as: .count(0...count)),
    ParameterRow("forks", as: .count(0...1_000)),
    ParameterRow("failbacktasks", as: .count(0...1_000_000)),
    ParameterRow("broadcast-fail-percent", parameter: "broadcast.fail.percent", as: .count(0...100)),
    ParameterRow("merger", as: .text),
    ParameterRow("hash-arguments", parameter: "hash.arguments", as: .numbers),
    ParameterRow("hash-nodes", parameter: "hash.nodes", as: .count(1...100_000)),
    ParameterRow("weight", as: .count(0...1_000_000)),
    ParameterRow("tps", "tps.limit.rate", as: .count(0...count)),
    ParameterRow("tps-interval", "tps.limit.interval", parameter: "tps.interval", as: .duration),
    ParameterRow("tps.limit.strategy", parameter: "tps.limit.strategy", as: .text),
  ]

  /// For a service or a reference as a whole; Dubbo has none per method.
  private static let serialization = [
    ParameterRow("serialization", as: .text),
    ParameterRow("prefer-serialization", parameter: "prefer.serialization", as: .texts),
  ]

  static let service =
    serialization + [
      ParameterRow("warmup", as: .duration),
      ParameterRow("compressor", as: .text),
      ParameterRow("token", as: .flagOrText),
      ParameterRow("accesslog", as: .flagOrText),
      ParameterRow("tag", parameter: "dubbo.tag", as: .text),
      ParameterRow("dynamic", as: .flag),
      ParameterRow("adaptive-service", as: .flag),
      ParameterRow("filter", parameter: "service.filter", as: .texts),
    ]

  static let reference =
    serialization + [
      ParameterRow("check", as: .flag),
      ParameterRow("compressor", as: .text),
      ParameterRow("lazy", as: .flag),
      ParameterRow("connections", as: .count(1...1_000)),
      ParameterRow("connect-timeout", parameter: "connect.timeout", as: .duration),
      ParameterRow("tag", parameter: "dubbo.tag", as: .text),
      ParameterRow("force.tag", parameter: "dubbo.force.tag", as: .flag),
      ParameterRow("filter", parameter: "reference.filter", as: .texts),
    ]

  /// What Dubbo for Java or Go knows and this program does not, with the reason.
  static let ignored: [(names: [String], why: String)] = [
    (["async", "sent", "return"], "every call is asynchronous here"),
    (["mock", "stub", "local", "cache", "validation"], "degradation and caches are filters of the user's own"),
    (["proxy", "owner", "layer", "document", "callbacks", "onconnect", "ondisconnect"], "nothing here needs it"),
    (
      ["tps.limiter", "tps.limit.rejected.handler", "execute.limit.rejected.handler"], "refused calls end with a status"
    ),
    (["deprecated", "delay", "export", "stat-count", "auth", "param.sign"], "this program does not have it"),
    (["adaptive-service-verbose", "proxy-factory", "provided-by"], "this program does not have it"),
    (
      ["mesh-enabled", "mesh-enable", "mesh-provider-port", "tracing-key", "metrics-enable"],
      "this program does not have it"
    ),
    (["generic", "init", "async-callback"], "references are lazy, and generic calls are made in code"),
  ]

  /// The same, for what means something to services alone.
  static let ignoredByReferences: [(names: [String], why: String)] =
    ignored + [(["adaptive-service"], "a reference says cluster: adaptiveService")]

  /// The same, for what means something to services and references as a whole alone.
  static let ignoredByMethods: [(names: [String], why: String)] =
    ignored + [
      (
        serialization.flatMap(\.names),
        "the methods of a service share one serialization; say it at the service or reference"
      )
    ]

  private static let count = Int(Int32.max)
}

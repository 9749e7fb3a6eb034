import Dubbo

/// `dubboctl config check [FILE]`: everything that is wrong or doubtful with a configuration file, and what it says.
struct ConfigurationReport {
  /// What is printed.
  var text: String
  /// Whether an application would start to read it.
  var isSound: Bool

  static let usage = """
    usage: dubboctl config check [FILE]

      FILE    a configuration file; without one that of DUBBO_CONFIG_PATH, else application.yaml

    """

  /// - Parameter environment: nil for that of the process.
  init(path: String?, environment: [String: String]? = nil) {
    do {
      let configuration = try DubboConfiguration.load(from: path, environment: environment)
      let problems = configuration.remarks + configuration.problems(with: .builtIn)
      isSound = !problems.contains { $0.severity == .error }
      text = Self.lines(problems, isSound ? Self.summary(configuration) : [])
    } catch {
      isSound = false
      text = Self.lines(error.problems, [])
    }
  }

  private static func lines(_ problems: [ConfigurationProblem], _ summary: [String]) -> String {
    let counts = [ConfigurationProblem.Severity.error, .warning, .note].map { severity in
      let count = problems.count { $0.severity == severity }
      return "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }
    return (problems.map(\.description) + summary + [counts.joined(separator: ", ")]).joined(separator: "\n") + "\n"
  }

  private static func summary(_ configuration: DubboConfiguration) -> [String] {
    var lines = ["application  \(configuration.application.name ?? "without a name")"]
    lines += configuration.protocols.map { "protocol     \($0.id): \($0.url)" }
    lines += configuration.registries.map { "registry     \($0.id): \($0.url)" }
    lines += configuration.services.map { entry in
      "service      \(entry.id): \(key(entry.interface, entry.group, entry.version))"
    }
    lines += configuration.references.map { entry in
      "reference    \(entry.id): \(key(entry.interface, entry.group, entry.version))"
        + entry.urls.map { " at \($0)" }.joined()
    }
    return lines
  }

  private static func key(_ interface: String?, _ group: String?, _ version: String?) -> String {
    "\(ServiceKey(interface: interface ?? "the program's interface", group: group, version: version))"
  }
}

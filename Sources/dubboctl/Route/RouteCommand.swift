import Dubbo
import Foundation

/// `dubboctl route explain SERVICE/METHOD …`: where one call would go, and why.
enum RouteCommand {
  static let usage = """
    usage: dubboctl route explain SERVICE/METHOD WHERE [RULES] [CALL]

      dubboctl route explain org.example.Greeter/greet --registry file:///tmp/dubbo --header dubbo.tag:gray
      dubboctl route explain org.example.Greeter/greet --config application.yaml --parameter region=hangzhou
      dubboctl route explain org.example.Greeter/greet --provider 'tri://10.0.0.7:50051?region=hangzhou' \\
        --rule shop.condition-router

    WHERE providers are found: one of
      --config FILE         an application.yaml, whose registries, routers and config center count
      --registry URL        a registry; may be repeated
      --provider URL        a provider; may be repeated
    RULES besides those of --config
      --rule FILE           its name says the kind: …condition-router, …tag-router, …affinity-router or …MESHAPPRULE
    CALL: what the rules look at
      --header NAME:VALUE   an attachment, such as dubbo.tag:gray
      --argument TEXT       the next argument
      --parameter NAME=TEXT something of the consumer's URL
      --host ADDRESS        where the consumer stands (this machine)
      --application NAME, --group NAME, --version TEXT
      --wait SECONDS        how long registries and config centers may take (2)

    """

  static func run(_ arguments: ArraySlice<String>) async -> Int32 {
    do {
      let inquiry = try inquiry(arguments)
      print(try await inquiry.answer())
      return 0
    } catch let error as CommandError {
      CallCommand.report("dubboctl: \(error)")
      return 2
    } catch {
      CallCommand.report("dubboctl: \(error)")
      return 1
    }
  }

  static func inquiry(_ arguments: ArraySlice<String>) throws -> RouteInquiry {
    var rest = arguments
    guard rest.popFirst() == "explain", let call = rest.popFirst(), !call.hasPrefix("-") else {
      throw CommandError(usage)
    }
    var inquiry = RouteInquiry()
    let parts = call.split(separator: "/").map(String.init)
    guard parts.count == 2 else { throw CommandError("'\(call)': expected SERVICE/METHOD") }
    (inquiry.interface, inquiry.method) = (parts[0], parts[1])
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { throw CommandError("\(option) needs a value") }
      switch option {
      case "--config": inquiry.configuration = value
      case "--registry": inquiry.registries.append(value)
      case "--provider": inquiry.providers.append(value)
      case "--rule": inquiry.rules.append((file(value).lastPathComponent, try text(of: value)))
      case "--header":
        let (name, text) = try pair(value, ":", option)
        inquiry.attachments.append((name, String(text.drop { $0 == " " })))
      case "--argument": inquiry.arguments.append(value)
      case "--parameter":
        let (name, text) = try pair(value, "=", option)
        inquiry.parameters[name] = text
      case "--host": inquiry.host = value
      case "--application": inquiry.application = value
      case "--group": inquiry.group = value
      case "--version": inquiry.version = value
      case "--wait":
        guard let seconds = Double(value), seconds >= 0, seconds < 3_600 else {
          throw CommandError("--wait \(value): expected seconds, such as 2")
        }
        inquiry.patience = .milliseconds(Int64(seconds * 1_000))
      default: throw CommandError("no option \(option)\n\(usage)")
      }
    }
    guard inquiry.configuration != nil || !inquiry.registries.isEmpty || !inquiry.providers.isEmpty else {
      throw CommandError("say where providers are found: --config, --registry or --provider")
    }
    return inquiry
  }

  private static func file(_ path: String) -> URL { URL(filePath: path) }

  private static func text(of path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else { throw CommandError("cannot read \(path)") }
    return String(decoding: data, as: UTF8.self)
  }

  private static func pair(_ text: String, _ separator: Character, _ option: String) throws -> (String, String) {
    let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { throw CommandError("\(option): expected NAME\(separator)VALUE") }
    return (parts[0], parts[1])
  }
}

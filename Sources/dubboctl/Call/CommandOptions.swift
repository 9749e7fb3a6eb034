import Dubbo

/// What `call` and `describe` are given.
struct CommandOptions {
  var words: [String] = []
  var protos: [String] = []
  var imports: [String] = []
  var descriptorSet: String?
  var timeout: Duration?
  var headers: [(String, String)] = []
  var ignoresUnknown = false
  /// Nil for calls in clear.
  var tls: TLSFiles?

  init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    while let argument = rest.popFirst() {
      switch argument {
      case "--proto": protos.append(try Self.value(argument, &rest))
      case "-I", "--import": imports.append(try Self.value(argument, &rest))
      case "--descriptor-set": descriptorSet = try Self.value(argument, &rest)
      case "--ignore-unknown": ignoresUnknown = true
      case "--tls": tls = tls ?? TLSFiles()
      case "--ca": tls = tls.adding(\.trustedCertificates, try Self.value(argument, &rest))
      case "--cert": tls = tls.adding(\.certificateChain, try Self.value(argument, &rest))
      case "--key": tls = tls.adding(\.privateKey, try Self.value(argument, &rest))
      case "--server-name": tls = tls.adding(\.serverName, try Self.value(argument, &rest))
      case "--timeout":
        let text = try Self.value(argument, &rest)
        guard let seconds = Double(text), seconds > 0, seconds < 1e6 else {
          throw CommandError("--timeout \(text): expected seconds, such as 1.5")
        }
        timeout = .milliseconds(Int64(seconds * 1_000))
      case "--header":
        let parts = try Self.value(argument, &rest).split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw CommandError("--header: expected NAME:VALUE") }
        headers.append((parts[0], String(parts[1].drop { $0 == " " })))
      case _ where argument.hasPrefix("--"): throw CommandError("no option \(argument)")
      default: words.append(argument)
      }
    }
  }

  private static func value(_ option: String, _ rest: inout ArraySlice<String>) throws -> String {
    guard let value = rest.popFirst() else { throw CommandError("\(option) needs a value") }
    return value
  }
}

extension TLSFiles? {
  /// These files and one more.
  fileprivate func adding(_ part: WritableKeyPath<TLSFiles, String?>, _ path: String) -> TLSFiles {
    var files = self ?? TLSFiles()
    files[keyPath: part] = path
    return files
  }
}

public import Dubbo

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The command line of the example programs: `--host`, `--port`, `--registry`, for clients `--target`, and for TLS
/// `--cert`, `--key`, `--ca` and `--server-name`.
public struct Arguments: Sendable {
  public var host = "127.0.0.1"
  public var port = "0"
  public var registries: [String] = []
  /// `host:port` of a provider to call without a registry.
  public var target: String?
  /// How messages are compressed; not at all when nil.
  public var compressor: String?
  /// The files of TLS; nil when none was named.
  public var tls: TLSFiles?
  /// The cases that `interop-client` tries; all when empty.
  public var cases: [String] = []
  /// For a client that calls through a network with faults: for how many seconds.
  public var faultSeconds: Int?
  /// For a client that makes small calls beside large streams: for how many seconds each.
  public var fairnessSeconds: Int?
  /// For a client that cancels: how many calls.
  public var cancellations: Int?
  /// A server with the default filters alone, as `dev/bench` measures it: the peers' metadata have no effect.
  public var isPlain = false

  /// Reads the process's arguments; one that is not known ends the program with the usage on standard error.
  public init(of program: String, isClient: Bool = false) {
    var files = TLSFiles()
    var rest = CommandLine.arguments.dropFirst()
    while let name = rest.popFirst() {
      if name == "--plain" {
        isPlain = true
        continue
      }
      let known = [
        "--host", "--port", "--registry", "--target", "--compressor", "--only", "--under-faults", "--cancel",
        "--fairness", "--cert", "--key", "--ca", "--server-name",
      ]
      guard known.contains(name), let value = rest.popFirst() else {
        Self.end(program, isClient)
      }
      switch name {
      case "--host": host = value
      case "--port": port = value
      case "--cancel": cancellations = Int(value)
      case "--fairness": fairnessSeconds = Int(value)
      case "--under-faults": faultSeconds = Int(value)
      case "--compressor": compressor = value
      case "--cert": files.certificateChain = value
      case "--key": files.privateKey = value
      case "--ca": files.trustedCertificates = value
      case "--server-name": files.serverName = value
      case "--registry": registries.append(value)
      case "--only": cases.append(value)
      default: target = value
      }
    }
    if files != TLSFiles() { tls = files }
    if isClient, target == nil, registries.isEmpty { Self.end(program, isClient) }
  }

  /// Where a server listens.
  public var listening: String { "tri://\(host):\(port)" }

  /// The provider's URL that a client was given.
  public var provider: String? {
    target.map { address in "tri://\(address)" + (compressor.map { "?compressor=\($0)" } ?? "") }
  }

  private static func end(_ program: String, _ isClient: Bool) -> Never {
    let usage =
      isClient
      ? "usage: \(program) --target HOST:PORT | --registry URL\n"
      : "usage: \(program) [--host HOST] [--port PORT] [--registry URL] [--plain]; port 0 takes any\n"
    say(usage, to: 2)
    exit(2)
  }
}

/// Writes a line to standard output at once, for whoever waits for it at the other end of a pipe.
public func say(_ line: String) {
  say(line + "\n", to: 1)
}

private func say(_ text: String, to descriptor: Int32) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard written > 0 else { return }
    bytes = bytes.dropFirst(written)
  }
}

/// Runs a program; an error is one line on standard error and the exit status 1.
public func program(_ body: () async throws -> Void) async {
  do {
    try await body()
  } catch {
    say("\(error)\n", to: 2)
    exit(1)
  }
}

/// Why a program that did its work ends with the exit status 1.
public struct Failed: Error, CustomStringConvertible {
  public var description: String

  public init(_ description: String) {
    self.description = description
  }
}

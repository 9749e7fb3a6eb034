public import DubboCore
internal import Synchronization

/// The extension point of protocols; the name is the scheme of their URLs.
public enum RPCProtocols: ExtensionPoint {
  public typealias Factory = @Sendable (ProtocolContext) throws -> any RPCProtocol
  public static let name = "protocol"
}

/// What a protocol gets from the application that makes it.
public struct ProtocolContext: Sendable {
  public var clock: any DubboClock
  public var log: Log
  /// What the application can compress messages with, by name.
  public var compressions: [String: any Compression]
  /// How the application's connections are encrypted.
  var tls: ApplicationTLS?

  public init(
    clock: any DubboClock = SystemClock(), log: Log = Log(label: "dubbo"), compressions: [String: any Compression] = [:]
  ) {
    self.clock = clock
    self.log = log
    self.compressions = compressions
  }
}

/// The protocols of an application, each made when it is first needed.
final class ApplicationProtocols: Sendable {
  private struct State {
    var made: [String: any RPCProtocol] = [:]
    var isShutDown = false
  }

  private let application: DubboApplication
  let tls: ApplicationTLS
  private let state = Mutex(State())

  init(_ application: DubboApplication) {
    self.application = application
    tls = ApplicationTLS(application)
  }

  /// The names of the protocols that can be spoken.
  var names: Set<String> { Set(application.extensions.names(for: RPCProtocols.self)) }

  /// The protocol called `name`.
  func named(_ name: String) throws -> any RPCProtocol {
    let factory = try application.extensions.factory(name, for: RPCProtocols.self)
    return try state.withLock { state in
      if let made = state.made[name] { return made }
      guard !state.isShutDown else {
        throw DubboError(
          .unavailable, "the application \(application.name) has ended", reason: .shutdown, progress: .notSent)
      }
      var context = ProtocolContext(
        clock: application.clock, log: application.log, compressions: try application.extensions.compressions())
      context.tls = tls
      let made = try factory(context)
      state.made[name] = made
      return made
    }
  }

  func metrics() async -> ConnectionMetrics {
    var sum = ConnectionMetrics()
    for made in state.withLock({ Array($0.made.values) }) { sum += await made.metrics() }
    return sum
  }

  func shutDown(grace: Duration) async {
    let made = state.withLock { state in
      state.isShutDown = true
      return state.made.values
    }
    await withDiscardingTaskGroup { group in
      for made in made { group.addTask { await made.shutDown(grace: grace) } }
    }
  }
}

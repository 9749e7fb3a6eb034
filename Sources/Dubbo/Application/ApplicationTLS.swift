internal import DubboCore
internal import DubboCrypto
internal import DubboTriple
internal import Synchronization

/// The certificates and keys of an application: read when the first protocol needs them, and read anew when their files
/// change.
final class ApplicationTLS: Sendable {
  /// One side, once its files were read.
  private struct Entry {
    var texts: TLSTexts
    var source: TLSContextSource
  }

  private let server: TLSFiles?
  private let client: TLSFiles?
  private let clock: any DubboClock
  private let log: Log
  private let entries = Mutex<[TLSOptions.Side: Entry]>([:])

  init(_ application: DubboApplication) {
    server = application.serverTLS
    client = application.clientTLS
    clock = application.clock
    log = application.log
  }

  /// Whether there are files that can change.
  var isUsed: Bool { server != nil || client != nil }

  /// Has a protocol encrypt as the application says. Throws a sentence when files cannot be used.
  func apply(to settings: inout TripleSettings) throws(DubboError) {
    do {
      if let server { settings.serverTLS = try source(.server, server) }
      guard let client else { return }
      let source = try source(.client, client)
      settings.callerTLS.contexts = { source }
      settings.callerTLS.isForAll = true
      settings.callerTLS.serverName = client.serverName
    } catch {
      throw DubboError(.invalidArgument, "TLS cannot be used: \(error)", reason: .configuration, progress: .notSent)
    }
  }

  private func source(_ side: TLSOptions.Side, _ files: TLSFiles) throws -> TLSContextSource {
    try entries.withLock { entries in
      if let entry = entries[side] { return entry.source }
      let texts = try TLSTexts(files)
      let source = TLSContextSource(try TLSContext(texts.options(side, files)))
      entries[side] = Entry(texts: texts, source: source)
      return source
    }
  }

  /// Why these files cannot be used for this side; nil when they can.
  static func lack(of files: TLSFiles, for side: TLSOptions.Side) -> String? {
    do {
      _ = try TLSContext(TLSTexts(files).options(side, files))
      return nil
    } catch {
      return "\(error)"
    }
  }

  // MARK: Changes

  /// Looks at the files until the task is cancelled.
  func run(every period: Duration) async {
    var trouble: [TLSOptions.Side: String] = [:]
    while (try? await clock.sleep(for: max(period, .milliseconds(10)))) != nil {
      for (side, files) in [(TLSOptions.Side.server, server), (.client, client)] {
        guard let files else { continue }
        do {
          // Reading blocks, and so happens where that does no harm.
          try await withTaskExecutorPreference(globalConcurrentExecutor) { try self.refresh(side, files) }
          trouble[side] = nil
        } catch {
          // Once for each reason: the files may stay as they are for long.
          if trouble[side] != "\(error)" {
            log.error("certificates changed and cannot be used; new connections go on with the last ones: \(error)")
          }
          trouble[side] = "\(error)"
        }
      }
    }
  }

  private func refresh(_ side: TLSOptions.Side, _ files: TLSFiles) throws {
    guard let entry = entries.withLock({ $0[side] }) else { return }
    let texts = try TLSTexts(files)
    guard texts != entry.texts else { return }
    let context = try TLSContext(texts.options(side, files))
    entry.source.replace(with: context)
    entries.withLock { $0[side]?.texts = texts }
    log.info("certificates changed; new connections use them", ["side": "\(side)"])
  }
}

/// What stood in the files of one side.
private struct TLSTexts: Hashable {
  var certificateChain: [UInt8]?
  var privateKey: [UInt8]?
  var trustedCertificates: [UInt8]?

  init(_ files: TLSFiles) throws(ConfigurationError) {
    certificateChain = try Self.read(files.certificateChain)
    privateKey = try Self.read(files.privateKey)
    trustedCertificates = try Self.read(files.trustedCertificates)
  }

  private static func read(_ path: String?) throws(ConfigurationError) -> [UInt8]? {
    guard let path else { return nil }
    return try ConfigurationFile(path, environment: [:]).read()
  }

  func options(_ side: TLSOptions.Side, _ files: TLSFiles) -> TLSOptions {
    var options = TLSOptions(side)
    options.certificateChain = certificateChain
    options.privateKey = privateKey
    options.privateKeyPassword = files.privateKeyPassword
    options.trustedCertificates = trustedCertificates
    if side == .server, trustedCertificates != nil {
      options.peerCertificates = files.clientCertificatesAreOptional ? .optional : .required
    }
    return options
  }
}

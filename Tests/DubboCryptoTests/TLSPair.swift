import DubboCore
import DubboCrypto
import TestDoubles

extension TLSOptions {
  mutating func show(_ certificate: String, _ key: String) {
    certificateChain = Array(certificate.utf8)
    privateKey = Array(key.utf8)
  }
}

/// A client and a server back to back: what one has to say is fed to the other in pieces.
final class TLSPair {
  let client: TLSSession
  let server: TLSSession
  private let piece: Int
  private(set) var clientFailure: TLSFailure?
  private(set) var serverFailure: TLSFailure?
  private(set) var clientReceived: [UInt8] = []
  private(set) var serverReceived: [UInt8] = []
  private(set) var clientEnded = false
  private(set) var serverEnded = false

  convenience init(
    client: TLSOptions = .client(), server: TLSOptions = .server(), name: String = "localhost", piece: Int = 4_096
  ) throws {
    try self.init(client: TLSContext(client), server: TLSContext(server), name: name, piece: piece)
  }

  init(client: TLSContext, server: TLSContext, name: String = "localhost", piece: Int = 4_096) throws {
    self.client = try TLSSession(client, serverName: name)
    self.server = try TLSSession(server)
    self.piece = piece
  }

  /// Carries bytes both ways until neither side has more to say.
  func talk() {
    var bytes = step(client, [], &clientFailure, &clientReceived, &clientEnded)
    while true {
      let answer = step(server, bytes, &serverFailure, &serverReceived, &serverEnded)
      if answer.isEmpty { return }
      bytes = step(client, answer, &clientFailure, &clientReceived, &clientEnded)
      if bytes.isEmpty { return }
    }
  }

  private func step(
    _ session: TLSSession, _ bytes: [UInt8], _ failure: inout TLSFailure?, _ received: inout [UInt8],
    _ ended: inout Bool
  ) -> [UInt8] {
    var out: [UInt8] = []
    var rest = bytes[...]
    repeat {
      let next = Array(rest.prefix(piece))
      rest = rest.dropFirst(next.count)
      do {
        guard failure == nil else { break }
        try next.withUnsafeBytes { try session.feed($0) }
        if try session.handshake() { ended = try Self.readAll(session, into: &received) || ended }
      } catch {
        failure = error as? TLSFailure
      }
      out += Self.drained(session)
    } while !rest.isEmpty
    return out
  }

  /// True when the other side has ended.
  private static func readAll(_ session: TLSSession, into received: inout [UInt8]) throws -> Bool {
    var room = [UInt8](repeating: 0, count: 1_000)
    while true {
      let reading = try room.withUnsafeMutableBytes { try session.read(into: $0) }
      switch reading {
      case .bytes(let count): received += room[..<count]
      case .nothing: return false
      case .ended: return true
      }
    }
  }

  static func drained(_ session: TLSSession) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: session.outgoingBytes)
    let count = bytes.withUnsafeMutableBytes { session.drain(into: $0) }
    return Array(bytes[..<count])
  }

  func say(_ bytes: [UInt8], on session: TLSSession) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let record = Array(rest.prefix(TLSSession.recordSize))
      rest = rest.dropFirst(record.count)
      try record.withUnsafeBytes { try session.write($0) }
    }
  }

  /// What one side sends goes to the other, which answers, and so on.
  func carry(from session: TLSSession) {
    let bytes = Self.drained(session)
    if session === client {
      let answer = step(server, bytes, &serverFailure, &serverReceived, &serverEnded)
      _ = step(client, answer, &clientFailure, &clientReceived, &clientEnded)
    } else {
      let answer = step(client, bytes, &clientFailure, &clientReceived, &clientEnded)
      _ = step(server, answer, &serverFailure, &serverReceived, &serverEnded)
    }
  }

  /// Bytes that are no TLS, or no longer.
  func feed(_ bytes: [UInt8], to session: TLSSession) {
    if session === client {
      _ = step(client, bytes, &clientFailure, &clientReceived, &clientEnded)
    } else {
      _ = step(server, bytes, &serverFailure, &serverReceived, &serverEnded)
    }
  }
}

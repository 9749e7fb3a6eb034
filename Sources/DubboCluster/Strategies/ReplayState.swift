internal import DubboCore

/// The bookkeeping of a `ReplayedExchange`: what is recorded, which attempt is current, how much of the record it
/// has. A value without waiting or I/O; whoever holds it asks, and asks again after every change.
struct ReplayState {
  /// The longest request that is replayed, in bytes.
  static let limit = 65_536
  /// Messages without bytes need a bound, too.
  static let messageLimit = 16_384

  enum ExchangeState {
    case running
    case ended
    case failed(any Error)
  }

  enum ReplayStep: Sendable {
    case message([UInt8])
    case finish
  }

  /// The right to use an attempt's stream.
  struct WritingTurn: Sendable {
    var number: Int
    var requests: any MessageWriter
  }

  struct ReadingTurn: Sendable {
    var number: Int
    var replies: any MessageReader
  }

  private struct Attempt {
    var number: Int
    var requests: any MessageWriter
    var replies: any MessageReader
    /// Messages of the record that this attempt was given.
    var sent = 0
    var hasFinished = false
    /// The record is sent: the exchange writes by itself from here on.
    var isLive = false
  }

  private let memory: ReplayMemory
  private var recorded: [[UInt8]] = []
  private var recordedBytes = 0
  private var attempt: Attempt?
  private var lastNumber = 0
  /// Why the attempt with the last number failed, when the exchange met the failure.
  private var lastFailure: DubboError?
  private var isOver = false
  private(set) var isCommitted = false
  /// Why no attempt follows.
  private(set) var failure: DubboError?
  var isFinishRecorded = false
  var exchange: ExchangeState = .running

  /// Counts the changes, so that none is missed between a question and the wait for its answer.
  private(set) var version = 0
  private var lastWaiter: UInt64 = 0
  // Whoever takes a continuation out, under the lock, resumes it.
  var waiters: [UInt64: UnsafeContinuation<Void, Never>] = [:]

  init(memory: ReplayMemory) {
    self.memory = memory
  }

  mutating func newWaiter() -> UInt64 {
    lastWaiter += 1
    return lastWaiter
  }

  /// To be called with every change: those who wait look again.
  mutating func takeWaiters() -> [UnsafeContinuation<Void, Never>] {
    version += 1
    guard !waiters.isEmpty else { return [] }
    defer { waiters = [:] }
    // In the order in which they came, so that a run can be repeated.
    return waiters.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Whether the call can no longer move to another provider.
  var isDecided: Bool {
    if case .failed = exchange { return true }
    return isCommitted
  }

  // MARK: Attempts

  mutating func attach(_ requests: any MessageWriter, _ replies: any MessageReader) -> Int {
    lastNumber += 1
    lastFailure = nil
    attempt = Attempt(number: lastNumber, requests: requests, replies: replies)
    return lastNumber
  }

  /// What the attempt `number` is still to be sent of the record; nil when it has all, or is no longer the current.
  mutating func nextToReplay(_ number: Int) -> ReplayStep? {
    guard let current = attempt, current.number == number else { return nil }
    if current.sent < recorded.count {
      attempt?.sent += 1
      return .message(recorded[current.sent])
    }
    if isFinishRecorded, !current.hasFinished {
      attempt?.hasFinished = true
      return .finish
    }
    attempt?.isLive = true
    if isCommitted { forget() }
    return nil
  }

  /// How the attempt `number` ends for its own exchange; nil while it goes on.
  func outcome(ofAttempt number: Int) -> Result<Void, any Error>? {
    if case .failed(let error) = exchange { return .failure(error) }
    guard attempt?.number == number else {
      return .failure(lastFailure ?? DubboError(.cancelled, "the attempt was given up", reason: .cancellation))
    }
    if case .ended = exchange { return .success(()) }
    return nil
  }

  /// The attempt `number` failed in the exchange's hands; true when no other can follow.
  mutating func attemptFailed(_ number: Int, _ error: DubboError) -> Bool {
    if isCommitted { return true }
    if attempt?.number == number {
      attempt = nil
      lastFailure = error
    }
    return false
  }

  mutating func end(_ error: DubboError?) {
    isOver = true
    if let error {
      failure = error
      attempt = nil
    }
    forget()
  }

  private mutating func forget() {
    memory.give(recordedBytes)
    recorded = []
    recordedBytes = 0
  }

  /// All is over: what is kept of the attempt would keep the call alive, and the call this.
  mutating func letGo() {
    attempt = nil
    forget()
  }

  // MARK: The exchange

  /// Adds to the record and returns the message's place there; nil when the message goes out without a record.
  mutating func record(_ message: [UInt8]) throws -> Int? {
    if let failure { throw failure }
    guard !isCommitted, !isOver, recorded.count < Self.messageLimit,
      recordedBytes + message.count <= Self.limit, memory.take(message.count)
    else { return nil }
    recorded.append(message)
    recordedBytes += message.count
    return recorded.count - 1
  }

  /// The turn to write the message at `index` of the record; a nil turn when the attempt has it already.
  mutating func turnToWrite(_ index: Int) -> Result<WritingTurn?, any Error>? {
    guard let current = attempt else { return nobodyComes() }
    if current.sent > index { return .success(nil) }
    guard current.isLive else { return nil }
    attempt?.sent = index + 1
    return .success(WritingTurn(number: current.number, requests: current.requests))
  }

  /// The turn to write beyond the record, which commits the call to its attempt.
  mutating func turnToCommit() -> Result<WritingTurn, any Error>? {
    guard let current = attempt else { return nobodyComes() }
    guard current.isLive else { return nil }
    commit()
    return .success(WritingTurn(number: current.number, requests: current.requests))
  }

  /// The turn to finish; a nil turn when the attempt knows already.
  mutating func turnToFinish() -> Result<WritingTurn?, any Error>? {
    guard let current = attempt else { return nobodyComes() }
    if current.hasFinished { return .success(nil) }
    guard current.isLive else { return nil }
    attempt?.hasFinished = true
    return .success(WritingTurn(number: current.number, requests: current.requests))
  }

  func turnToRead() -> Result<ReadingTurn, any Error>? {
    guard let current = attempt else { return nobodyComes() }
    return .success(ReadingTurn(number: current.number, replies: current.replies))
  }

  /// Ties the call to its attempt; the record is kept only until that attempt has all of it.
  mutating func commit() {
    isCommitted = true
    if attempt?.isLive ?? true { forget() }
  }

  private func nobodyComes<Value>() -> Result<Value, any Error>? {
    if let failure { return .failure(failure) }
    if isOver { return .failure(DubboError(.cancelled, "the call is over", reason: .cancellation)) }
    return nil
  }
}

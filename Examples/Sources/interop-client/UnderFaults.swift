import Dubbo
import SampleServices
import Synchronization

/// Calls of each kind, one after another, while the network between here and the server misbehaves: each must be
/// answered right or fail with the code of a broken network, inside its deadline. Afterwards all must be right again.
func judge(_ peer: Peer, underFaultsFor time: Duration) async throws {
  let clock = SystemClock()
  let end = clock.now.advanced(by: time)
  var failures = 0
  await withTaskGroup(of: Tally.self) { group in
    for kind in MethodDescriptor.Kind.all {
      group.addTask {
        var tally = Tally(kind: kind)
        while clock.now < end { await tally.call(peer, clock) }
        return tally
      }
    }
    for await tally in group {
      failures += tally.isGood ? 0 : 1
      say(tally.text)
    }
  }
  for kind in MethodDescriptor.Kind.all where try await !recovers(kind, peer, clock) {
    failures += 1
    say("FAIL \(kind.name): no right answer after the faults were over")
  }
  say("\(MethodDescriptor.Kind.all.count * 2 - failures) passed, \(failures) failed")
  if failures > 0 { throw Failed("calls did not end as they should under faults") }
}

/// How the calls of one kind ended.
private struct Tally: Sendable {
  let kind: MethodDescriptor.Kind
  private var right = 0
  private var codes: [String: Int] = [:]
  private var wrong: String?
  private var slowest = Duration.zero

  /// What a call may take, and what may pass until its caller knows that it took longer.
  private static let timeout = Duration.seconds(1)
  private static let patience = Duration.milliseconds(1_500)

  init(kind: MethodDescriptor.Kind) { self.kind = kind }

  mutating func call(_ peer: Peer, _ clock: SystemClock) async {
    let begun = clock.now
    do {
      try await kind.callAndCheck(peer, timeout: Self.timeout)
      right += 1
    } catch let error as DubboError {
      codes[error.code.description, default: 0] += 1
      if error.code != .unavailable, error.code != .deadlineExceeded { wrong = "\(error)" }
      // A provider that rests after a failed attempt refuses at once.
      try? await clock.sleep(for: .milliseconds(20))
    } catch {
      wrong = "\(error)"
    }
    slowest = max(slowest, begun.duration(to: clock.now))
    if slowest > Self.patience { wrong = wrong ?? "a call took \(slowest)" }
  }

  var isGood: Bool { wrong == nil }

  var text: String {
    let failed = codes.keys.sorted().map { "\(codes[$0] ?? 0) \($0)" }.joined(separator: ", ")
    return (isGood ? "ok   " : "FAIL ") + "\(kind.name): \(right) right, failed: \(failed.isEmpty ? "none" : failed), "
      + "the slowest took \(slowest)" + (wrong.map { ": \($0)" } ?? "")
  }
}

/// Whether a call is answered right within ten seconds of trying.
private func recovers(_ kind: MethodDescriptor.Kind, _ peer: Peer, _ clock: SystemClock) async throws -> Bool {
  let end = clock.now.advanced(by: .seconds(10))
  while clock.now < end {
    if (try? await kind.callAndCheck(peer, timeout: .seconds(2))) != nil { return true }
    try await clock.sleep(for: .milliseconds(200))
  }
  return false
}

extension MethodDescriptor.Kind {
  fileprivate func callAndCheck(_ peer: Peer, timeout: Duration) async throws {
    let messages = ["one", "two", String(repeating: "three ", count: 400)]
    let options = CallOptions(timeout: timeout, metadata: ["repeat": "5"])
    try expect(await peer.echo(self, messages, options), answers(messages, repeated: 5), "the answer")
  }
}

import Dubbo
import Synchronization

/// Calls that go on and on, counted by the provider that answered.
final class Traffic: Sendable {
  /// Answers by provider, since the start or the last mark.
  struct Counts: Sendable {
    fileprivate var answers: [String: Int] = [:]

    func of(_ provider: String) -> Int { answers[provider] ?? 0 }
    var text: String {
      answers.keys.sorted().map { "provider \($0) answered \(of($0))" }.joined(separator: ", ")
    }
  }

  private struct State {
    var counts = Counts()
    var total = 0
    var failures: [String] = []
  }

  private let state = Mutex(State())

  var counts: Counts { state.withLock { $0.counts } }
  var total: Int { state.withLock { $0.total } }
  var failures: [String] { state.withLock { $0.failures } }

  /// Counts anew.
  func mark() {
    state.withLock { $0.counts = Counts() }
  }

  /// Calls, about two hundred times a second, until the task is cancelled. Greeting twice does no harm, so a call whose
  /// provider dies may be tried at the other one.
  func run(_ greeter: Greeter.Client) async {
    let options = CallOptions(timeout: .seconds(2), idempotent: true)
    while !Task.isCancelled {
      do {
        note(try await greeter.greet(.with { $0.name = "again" }, options: options).message)
      } catch {
        if !Task.isCancelled { state.withLock { $0.failures.append("\(error)") } }
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  private func note(_ message: String) {
    let provider = String(message.dropLast().split(separator: " ").last ?? "")
    state.withLock { state in
      state.total += 1
      state.counts.answers[provider, default: 0] += 1
    }
  }
}

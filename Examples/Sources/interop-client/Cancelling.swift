import Dubbo
import SampleServices

/// Cancels `count` calls while the server works on them, half of them streams, and has the server end as many by
/// itself. Says so in a line after a tenth and after all, and ends with its standard input.
func cancelCalls(_ peer: Peer, _ count: Int) async throws {
  try await cancelSome(peer, count / 10)
  say("a tenth")
  let begun = SystemClock().now
  try await cancelSome(peer, count)
  let took = begun.duration(to: SystemClock().now)
  say("\(count) calls cancelled here and \(count) ended by the server in \(took.components.seconds) s")
  while readLine() != nil {}
}

private func cancelSome(_ peer: Peer, _ count: Int) async throws {
  let slow = CallOptions(timeout: .seconds(60), metadata: ["x-sleep-ms": "30000"])
  let failing = CallOptions(timeout: .seconds(60), metadata: ["x-fail": "CANCELLED"])
  for _ in 0..<(count + 99) / 100 {
    // What is cancelled has been sent: the calls behind it on the same connection have been answered.
    await withTaskGroup { group in
      for number in 0..<100 {
        group.addTask { _ = try? await peer.echo(number % 2 == 0 ? .unary : .bidirectional, ["a", "b"], slow) }
      }
      for _ in 0..<100 { _ = try? await peer.echo(.unary, ["c"], failing) }
      group.cancelAll()
    }
  }
}

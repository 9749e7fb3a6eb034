import Dubbo
import SampleServices

/// How calls fail, end early, and carry metadata.
let statusCases: [Case] =
  each("error") { kind, peer in
    let options = CallOptions(metadata: ["x-fail": "NOT_FOUND gr%C3%BC%C3%9Fe%20100%25", "x-echo-a": "b"])
    let error = try await expectFailure(.notFound) { _ = try await peer.echo(kind, ["x"], options) }
    try expect(error.message, "grüße 100%", "the message")
    try expect(error.metadata["x-trail-a"], "b", "the trailing metadata")
  }
  + each("error-after", of: [.serverStream, .bidirectional]) { kind, peer in
    let options = CallOptions(metadata: ["x-fail": "ABORTED enough", "x-fail-after": "2"])
    try await expectFailure(.aborted) { _ = try await peer.echo(kind, ["a", "b", "c", "d"], options) }
  }
  + [
    Case(name: "unary.error-codes") { peer in
      for code in 1...16 {
        let options = CallOptions(metadata: ["x-fail": "\(code) no"])
        let error = try await expectFailure(StatusCode(rawValue: code)) {
          _ = try await peer.echo(.unary, ["x"], options)
        }
        try expect(error.message, "no", "the message")
      }
    }
  ]
  + each("deadline") { kind, peer in
    let start = MonotonicInstant.now
    let options = CallOptions(timeout: .milliseconds(200), metadata: ["x-sleep-ms": "5000"])
    try await expectFailure(.deadlineExceeded) { _ = try await peer.echo(kind, ["x"], options) }
    let took = start.duration(to: .now)
    guard took < .seconds(2) else { throw Wrong(description: "it took \(took)") }
  }
  + each("deadline-met") { kind, peer in
    let options = CallOptions(timeout: .seconds(10), metadata: ["x-sleep-ms": "100"])
    try expect(await peer.echo(kind, ["x"], options), kind.answers(["x"]), "the answer")
  }
  + each("cancel") { kind, peer in
    let options = CallOptions(timeout: .seconds(20), metadata: ["x-sleep-ms": "10000"])
    let start = MonotonicInstant.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await expectFailure(.cancelled) { _ = try await peer.echo(kind, ["x"], options) } }
      try await Task.sleep(for: .milliseconds(100))
      group.cancelAll()
      try await group.waitForAll()
    }
    let took = start.duration(to: .now)
    guard took < .seconds(2) else { throw Wrong(description: "it took \(took)") }
    try expect(await peer.echo(.unary, ["still there"]), ["still there"], "a call after it")
  }
  + each("metadata") { kind, peer in
    var metadata: Metadata = ["x-echo-text": "first", "x-echo-empty": ""]
    metadata.add("second", for: "x-echo-text")
    metadata.add(bytes: [0, 1, 254, 255], for: "x-echo-bytes-bin")
    let beside = ReplyMetadata()
    _ = try await peer.echo(
      kind, ["x"], CallOptions(timeout: .seconds(10), metadata: metadata, replyMetadata: beside))
    for (part, prefix, found) in [("headers", "x-echo-", beside.headers), ("trailers", "x-trail-", beside.trailers)] {
      try expect(found.values(for: prefix + "text"), ["first", "second"], "the text in the \(part)")
      try expect(found.values(for: prefix + "empty"), [""], "the empty value in the \(part)")
      try expect(found.binaryValues(for: prefix + "bytes-bin"), [[0, 1, 254, 255]], "the bytes in the \(part)")
    }
  }
  + each("unknown-method") { kind, peer in
    try await expectUnknown(MethodDescriptor(service: Echo.serviceName, name: "NoSuchMethod", kind: kind), peer)
  }
  + each("unknown-service") { kind, peer in
    try await expectUnknown(MethodDescriptor(service: "no.such.Service", name: "Method", kind: kind), peer)
  }
  + [
    Case(name: "unary.too-large") { peer in
      let message = String(repeating: "x", count: 17 * 1_024 * 1_024)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await expectFailure(.resourceExhausted) {
            _ = try await peer.echo(.unary, [message], CallOptions(timeout: .seconds(20)))
          }
        }
        for number in 0..<100 {
          group.addTask { try expect(await peer.echo(.unary, ["\(number)"]), ["\(number)"], "a neighbour's answer") }
        }
        try await group.waitForAll()
      }
    }
  ]

private func expectUnknown(_ method: MethodDescriptor, _ peer: Peer) async throws {
  let body: Invocation.Body =
    method.kind == .unary
    ? .message([])
    : .exchange { requests, replies in
      try await requests.finish()
      while try await replies.next() != nil {}
    }
  try await expectFailure(.unimplemented) {
    _ = try await peer.stack.invoke(
      Invocation(method: method, body: body, deadline: .now.advanced(by: .seconds(10))))
  }
}

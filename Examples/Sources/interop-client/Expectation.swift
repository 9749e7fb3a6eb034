import Dubbo

/// What a case found wrong.
struct Wrong: Error, CustomStringConvertible {
  var description: String
}

func expect<Value: Equatable>(_ found: Value, _ wanted: Value, _ what: String) throws {
  guard found == wanted else {
    throw Wrong(description: "\(what) is \(shortened("\(found)")), not \(shortened("\(wanted)"))")
  }
}

private func shortened(_ text: String) -> String {
  text.utf8.count > 200 ? "\(text.prefix(200))… (\(text.utf8.count) bytes)" : text
}

/// Runs what must fail with `code`, and returns the failure.
@discardableResult
func expectFailure(_ code: StatusCode, _ operation: () async throws -> Void) async throws -> DubboError {
  do {
    try await operation()
  } catch let error as DubboError {
    try expect(error.code, code, "the status (\(error))")
    return error
  }
  throw Wrong(description: "the call succeeded, and should have failed with \(code)")
}

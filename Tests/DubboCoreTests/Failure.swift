import DubboCore

/// The error that `operation` ends with; nil when it ends well or with an error of another type.
func failure(of operation: () async throws -> Void) async -> DubboError? {
  do {
    try await operation()
    return nil
  } catch {
    return error as? DubboError
  }
}

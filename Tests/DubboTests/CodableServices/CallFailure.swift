import Dubbo

/// The error that `call` ends with; nil when it ends well or with an error of another type.
func failure(of call: () async throws -> some Sendable) async -> DubboError? {
  do {
    _ = try await call()
    return nil
  } catch {
    return error as? DubboError
  }
}

/// Runs `work` on Swift's global pool, wherever the calling task runs.
@concurrent
func onGlobalPool<Result: Sendable>(_ work: @Sendable () async throws -> Result) async rethrows -> Result {
  try await withTaskExecutorPreference(globalConcurrentExecutor) { try await work() }
}

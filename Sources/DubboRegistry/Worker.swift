/// Runs `body` on the threads of the global pool, whatever executor its caller prefers: file operations block, and an
/// event loop must not.
func onWorker<Result: Sendable, Failure: Error>(
  _ body: @Sendable () async throws(Failure) -> Result
) async throws(Failure) -> Result {
  try await withTaskExecutorPreference(globalConcurrentExecutor, operation: body)
}

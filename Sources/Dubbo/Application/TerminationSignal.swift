internal import DubboCore
internal import DubboIO

/// The wish of the system that the process ends.
enum TerminationSignal {
  /// Returns at the first SIGTERM or SIGINT, or when the task is cancelled. The next signal ends the process at once.
  static func wait() async throws {
    do {
      _ = try await ProcessSignal.first(of: ProcessSignal.termination)
    } catch {
      throw DubboError(
        .unavailable, "cannot listen for signals: \(error)", reason: .limit, cause: error)
    }
  }
}

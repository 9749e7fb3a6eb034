internal import Synchronization

/// How many connections the references of an application may open before calls need them, all together. For any thread.
package final class ConnectionAllowance: Sendable {
  /// Half of the files that a process may usually have open.
  package static let usual = 512

  private let left: Mutex<Int>

  package init(_ limit: Int = usual) {
    left = Mutex(limit)
  }

  /// False, and then nothing is taken, when so many are not left.
  func take(_ count: Int) -> Bool {
    left.withLock { left in
      guard left >= count else { return false }
      left -= count
      return true
    }
  }

  func giveBack(_ count: Int) {
    left.withLock { $0 += count }
  }
}

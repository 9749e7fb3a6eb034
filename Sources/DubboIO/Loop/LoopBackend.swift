package import DubboCore

/// What an event loop needs from the system, and all of it: a clock, one alarm, a wake-up, sockets and names.
///
/// libuv is the real form. A simulation gives another, owns time and order with it, and runs the same loops, streams
/// and listeners. Everything but `wake()` is called on the loop's own thread.
package protocol LoopBackend: AnyObject {
  /// The clock, read anew.
  var now: MonotonicInstant { get }
  /// The same, as cheap as it can be had and some milliseconds late, to see who holds the loop for long.
  var coarseNanoseconds: UInt64 { get }
  /// Makes the loop take a turn soon. From any thread, until `end()`.
  func wake()
  /// Makes the loop take a turn at `instant`; replaces the alarm set before. Never for `.distantFuture`.
  func setAlarm(at instant: MonotonicInstant)
  /// While true the loop looks for events without blocking, because work was left over from the last turn.
  func keepTurning(_ busy: Bool)
  /// The loop has taken its last turn: give back everything.
  func end()

  /// Begins to connect; `owner` hears `socketConnected` or `socketFailed`.
  func connect(to address: SocketAddress, owner: any SocketOwner) throws(IOFailure) -> any StreamSocket
  /// Makes a socket of an accepted connection that any loop of the same kind took from its listener.
  func adopt(_ accepted: AcceptedSocket, owner: any SocketOwner) throws(IOFailure) -> any StreamSocket
  func listen(at address: SocketAddress, backlog: Int, owner: any ListenSocketOwner) throws(IOFailure)
    -> any ListenSocket
  /// Resolves a host name off the loop. It cannot be cancelled: the answer may come late, and is then ignored.
  func resolve(host: String, port: UInt16, owner: any ResolutionOwner) throws(IOFailure)

  /// Watches a folder for names that come, go and change.
  func watch(folder: String, owner: any FolderSourceOwner) throws(IOFailure) -> any EventSource
}

/// Something that tells its owner of events until it is closed. The owner is let go then, and hears no more.
package protocol EventSource: AnyObject {
  /// Any number of times.
  func close()
}

package protocol FolderSourceOwner: AnyObject {
  func folderChanged()
  /// The watch is broken: the folder is gone, or the system gave up.
  func folderFailed(_ failure: IOFailure)
}

/// One connection as the system gives it. Loop-confined; it lives until `socketClosed` was delivered.
package protocol StreamSocket: AnyObject {
  var owner: (any SocketOwner)? { get set }
  var localAddress: SocketAddress? { get }
  func startReading()
  func stopReading()
  /// Writes what the system takes at once: the number of bytes, 0 when it takes none now, or the failure. What it did not
  /// take is given to `write` next.
  func tryWrite(_ bytes: UnsafeRawBufferPointer) throws(IOFailure) -> Int
  /// Writes everything; at most one at a time. The bytes stay valid until `socketWrote` or `socketClosed`.
  func write(_ bytes: UnsafeRawBufferPointer) throws(IOFailure)
  /// How much of the write under way the system has not taken yet.
  var unwrittenBytes: Int { get }
  /// Ends our direction; `socketShutDown` follows.
  func shutDownWriting() throws(IOFailure)
  /// Once. With `reset` the peer sees a reset instead of an orderly end. `socketClosed` follows.
  func close(reset: Bool)
}

/// Who hears what happens on a socket. Every call may come late; none comes after `socketClosed`.
package protocol SocketOwner: AnyObject {
  func socketConnected()
  func socketReceived(_ bytes: UnsafeRawBufferPointer)
  func socketReachedEnd()
  func socketWrote()
  func socketShutDown()
  func socketFailed(_ failure: IOFailure)
  func socketClosed()
}

/// A connection between being accepted and being adopted by the loop that will serve it.
package struct AcceptedSocket: Sendable {
  package var descriptor: Int32
  package var peer: SocketAddress
  package init(descriptor: Int32, peer: SocketAddress) {
    self.descriptor = descriptor
    self.peer = peer
  }
}

package protocol ListenSocket: AnyObject {
  var localAddress: SocketAddress { get }
  /// `acceptReady` is called while connections wait.
  func startAccepting()
  func stopAccepting()
  /// The next waiting connection, nil when none waits.
  func accept() throws(IOFailure) -> AcceptedSocket?
  /// Ends a connection that nobody adopted.
  func refuse(_ accepted: AcceptedSocket)
  /// Once; `listenSocketClosed` follows.
  func close()
}

package protocol ListenSocketOwner: AnyObject {
  func acceptReady()
  func listenSocketClosed()
}

package protocol ResolutionOwner: AnyObject {
  /// Once. No address is a failure too.
  func resolved(_ result: Result<[SocketAddress], IOFailure>)
}

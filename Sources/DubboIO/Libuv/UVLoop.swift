internal import CLibuv
internal import DubboCore

/// The real backend: one `uv_loop_t` with its wake-up, its alarm and the hook before it blocks.
///
/// Owner of the `uv_loop_t`: allocated and initialised in `init`, run once by the loop's thread in `run()`, closed and
/// freed at the end of `run()`, or in `discard()` if no thread came. Everything but `wake()` is called on that thread.
final class UVLoop: LoopBackend {
  let raw: UnsafeMutablePointer<uv_loop_t>
  /// Where every read of this loop's sockets lands; its bytes are the handler's during the read callback only.
  let readSlab = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
  /// The loop above. Set before the thread starts; the loop holds this object, not the other way round.
  unowned(unsafe) var loop: EventLoop?
  private let wakeUp: UVWake
  private let prepare: UVPrepare
  private let idle: UVIdle
  private let timer: UVTimer
  /// Name look-ups that the system's resolver has not answered yet. They cannot be stopped.
  var pendingLookups = 0

  init() throws(IOFailure) {
    raw = .allocate(capacity: 1)
    do throws(IOFailure) {
      try check(uv_loop_init(raw), "make an event loop")
    } catch {
      raw.deallocate()
      readSlab.deallocate()
      throw error
    }
    do throws(IOFailure) {
      wakeUp = try UVWake(on: raw)
    } catch {
      uv_loop_close(raw)
      raw.deallocate()
      readSlab.deallocate()
      throw error
    }
    prepare = UVPrepare(on: raw)
    idle = UVIdle(on: raw)
    timer = UVTimer(on: raw)
    prepare.backend = self
    timer.backend = self
    wakeUp.backend = self
  }

  var now: MonotonicInstant { .init(nanoseconds: uv_hrtime()) }
  var coarseNanoseconds: UInt64 { dubbo_coarse_nanoseconds() }

  func wake() { wakeUp.send() }

  func setAlarm(at instant: MonotonicInstant) {
    uv_update_time(raw)
    let now = uv_hrtime()
    let nanoseconds = instant.nanoseconds > now ? instant.nanoseconds - now : 0
    timer.start(milliseconds: nanoseconds / 1_000_000 + 1)
  }

  func keepTurning(_ busy: Bool) { idle.isRunning = busy }

  func end() {
    prepare.close()
    idle.close()
    timer.close()
    wakeUp.close()
    uv_stop(raw)
  }

  /// Runs until the loop above has ended and everything is given back; nothing of the loop above is touched after
  /// that. True when it also waited for the resolver, which can take long: `isLingering` is told before.
  func run(isLingering: () -> Void) -> Bool {
    uv_run(raw, UV_RUN_DEFAULT)
    loop = nil
    let lingers = pendingLookups > 0
    if lingers { isLingering() }
    uv_run(raw, UV_RUN_DEFAULT)
    close()
    return lingers
  }

  /// For a loop whose thread could not be started.
  func discard() {
    loop = nil
    end()
    uv_run(raw, UV_RUN_DEFAULT)
    uv_run(raw, UV_RUN_DEFAULT)
    close()
  }

  private func close() {
    checkOurs(uv_loop_close(raw), "closing a loop")
    raw.deallocate()
    readSlab.deallocate()
  }
}

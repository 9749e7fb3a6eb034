internal import DubboCluster
internal import DubboCore
internal import Synchronization

/// `loadreport`: tells a consumer that balances with `adaptive` how busy this machine is, in the form that Dubbo Java
/// speaks: `curTime:1700000000000,load:12.5`, the load average of the last minute in percent of the processors.
final class LoadReportFilter: BracketFilter {
  private let clock: any DubboClock
  private let percent: @Sendable () -> Double?
  private let known = Mutex<(percent: Double?, at: MonotonicInstant)?>(nil)

  /// The system computes its average anew every five seconds.
  private static let patience: Duration = .seconds(1)

  /// - Parameter percent: measures the load.
  init(_ context: FilterContext, percent: @escaping @Sendable () -> Double? = { SystemLoad.percent }) {
    clock = context.clock
    self.percent = percent
  }

  var actsAtBegin: Bool { false }

  func end(_ invocation: Invocation, _ error: (any Error)?) {
    guard error == nil, LoadReport.isWanted(by: invocation.metadata), let server = invocation.server, let load else {
      return
    }
    server.responseTrailers[LoadReport.name] = LoadReport.text(load: load, wallMilliseconds: clock.wallMilliseconds)
  }

  private var load: Double? {
    let now = clock.now
    return known.withLock { known in
      if let known, known.at.advanced(by: Self.patience) > now { return known.percent }
      let measured = percent()
      known = (measured, now)
      return measured
    }
  }
}

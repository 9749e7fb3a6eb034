internal import DubboCore
internal import Synchronization

/// `tps`: refuses calls beyond so many in an interval (`tps`, `tps.interval`, 60 s by default), counted for the whole
/// service; a method with a `tps` of its own is counted by itself.
final class RateLimitFilter: BracketFilter {
  /// For the service under the empty name, and for each method with a rate of its own; through every change of a rate.
  private final class Windows: Sendable {
    let all = Mutex<[String: RateWindow]>([:])
  }

  private let clock: any DubboClock
  private let rates: PerMethod<RateKey>
  private let interval: Duration
  private let windows: Windows

  init(_ context: FilterContext) {
    clock = context.clock
    let url = context.url
    rates = PerMethod(url, RateKey.self)
    interval = url[RateIntervalKey.self]
    var wanted: [String: RateWindow] = [
      "": RateWindow(rate: rates.general, interval: interval, strategy: url[RateStrategyKey.self])
    ]
    for (method, rate) in rates.own {
      wanted[method] = RateWindow(
        rate: rate, interval: url[RateIntervalKey.self, method: method],
        strategy: url[RateStrategyKey.self, method: method])
    }
    windows = context.memory.kept { Windows() }
    windows.all.withLock { all in
      for (place, earlier) in all { wanted[place] = wanted[place]?.continuing(earlier) }
      all = wanted
    }
  }

  func concerns(_ method: MethodDescriptor) -> Bool { rates[method.name] > 0 }

  func begin(_ invocation: inout Invocation) throws {
    let method = invocation.method
    let place = rates.own[method.name] == nil ? "" : method.name
    let now = clock.now
    guard windows.all.withLock({ $0[place]?.admit(now: now) ?? true }) else {
      throw DubboError(
        .resourceExhausted,
        "\(place.isEmpty ? method.service : "\(method)") takes \(rates[method.name]) calls in \(interval) (tps), "
          + "and has had them", reason: .limit, progress: .refused)
    }
  }
}

/// `tps`: Calls in an interval; 0: any number.
private enum RateKey: URLParameterKey {
  static let name = "tps"
  static let defaultValue = 0
}

/// `tps.interval`: The interval.
private enum RateIntervalKey: URLParameterKey {
  static let name = "tps.interval"
  static let defaultValue: Duration = .seconds(60)
}

/// `tps.limit.strategy`: How calls are counted.
private enum RateStrategyKey: URLParameterKey {
  static let name = "tps.limit.strategy"
  static let defaultValue: RateWindow.Strategy = .fixed
}

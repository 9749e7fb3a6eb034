internal import DubboCore
internal import Synchronization

/// What a consumer's URL says of its calls at present: as it was given, or as the override rules and the providers of a
/// directory have it, decoded once for each state of the directory.
final class LiveCallParameters: Sendable {
  private let url: DubboURL
  private let given: CallParameters
  private let overridden = Mutex<(version: Int, parameters: CallParameters)?>(nil)

  init(_ url: DubboURL) {
    self.url = url
    given = CallParameters(url)
  }

  func values(for method: String, _ snapshot: DirectorySnapshot) -> CallParameters.Values {
    // Mostly nobody else says anything, and calls share nothing that is locked.
    guard snapshot.changesCalls else { return given[method] }
    return overridden.withLock { known in
      if let known, known.version == snapshot.version { return known.parameters[method] }
      let parameters = CallParameters(snapshot.effective(url))
      known = (snapshot.version, parameters)
      return parameters[method]
    }
  }
}

package import DubboCore

/// A registry's subscribers, by interface.
package typealias SnapshotFeed = Feed<String, RegistrySnapshot>

extension SnapshotFeed {
  /// The snapshots of `service`'s interface.
  package func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    values(of: service.interface)
  }

  /// Hands `providers` to the subscribers of `interface` if they, or the trouble, are not what the last snapshot says.
  package func publish(_ providers: [DubboURL], for interface: String, trouble: String? = nil) {
    publish(for: interface) { last in
      if let last, last.providers == providers, last.trouble == trouble { return nil }
      return RegistrySnapshot(version: (last?.version ?? 0) + 1, providers: providers, trouble: trouble)
    }
  }

  /// Says that the registry cannot tell the state of `interface` now; the providers stay what they were.
  package func report(trouble: String, for interface: String) {
    publish(for: interface) { last in
      if let last, last.trouble == trouble { return nil }
      return RegistrySnapshot(
        version: (last?.version ?? 0) + 1, providers: last?.providers ?? [], trouble: trouble)
    }
  }
}

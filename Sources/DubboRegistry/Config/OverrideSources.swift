internal import DubboCluster
internal import DubboCore

/// The newest override rules about one service of each place that holds some.
struct OverrideSources: Sendable {
  /// In the order of the registries.
  var ofRegistries: [[DubboURL]]
  var ofCenter = OverrideSet()

  init(registries: Int) {
    ofRegistries = Array(repeating: [], count: registries)
  }

  var joined: OverrideSet { ofCenter.adding(configurators: ofRegistries.flatMap { $0 }) }
}

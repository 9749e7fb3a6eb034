package import DubboCluster
package import DubboCore

/// What a test puts in place of a part of the consumer, to see that the invariants notice.
package struct Doubles: Sendable {
  package var cluster: (@Sendable (ClusterContext) -> any Invoker)?
  package var directory: (@Sendable (any Directory) -> any Directory)?
  package var endpoint: (@Sendable (any Endpoint, any DubboClock) -> any Endpoint)?

  package init() {}
}

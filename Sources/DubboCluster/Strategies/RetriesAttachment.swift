internal import DubboCore

extension Invocation {
  /// How many retries the caller wants for this one call, said with an attachment `retries` as in Dubbo Java; nil when it
  /// says nothing. The attachment is meant for the cluster and taken out, so that no provider gets to see it. A text that
  /// is no number means something else to the caller, and stays.
  mutating func takeRetries() -> Int? {
    guard let retries = metadata[RetriesKey.name].flatMap({ Int($0) }) else { return nil }
    metadata.removeAll(RetriesKey.name)
    return CallParameters.bounded(retries: retries)
  }
}

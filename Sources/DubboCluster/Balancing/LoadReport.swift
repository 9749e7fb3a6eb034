package import DubboCore

/// The attachment by which Dubbo Java's `adaptive` balance asks providers how busy they are, and their answer.
package enum LoadReport {
  private static let field: StaticString = "lb_adaptive"
  package static let name = field.description
  /// What is asked for.
  static let question = "mem,load"

  package static func isWanted(by metadata: Metadata) -> Bool {
    metadata.firstValue(of: field) != nil
  }

  /// - Parameter load: in percent.
  package static func text(load: Double, wallMilliseconds: Int64) -> String {
    "curTime:\(wallMilliseconds),load:\(load)"
  }

  /// The load in an answer such as `curTime:1700000000000,load:12`; nil for one that is malformed.
  static func load(in text: String) -> Double? {
    let load = text.split(separator: ",").lazy.compactMap { part -> Double? in
      let pair = part.split(separator: ":", maxSplits: 1)
      guard pair.count == 2, pair[0].trimmingBlanks() == "load" else { return nil }
      return Double(pair[1].trimmingBlanks())
    }.first
    return load.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }
}

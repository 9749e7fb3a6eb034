internal import DubboCore

/// What a server answers for: the way from a request's path, group and version to a method and the invoker behind it.
///
/// An immutable snapshot; each export and unexport makes a new one. Looked up by the path's bytes, so that a call
/// makes no String.
final class RouteTable: Sendable {
  /// One exported service.
  struct Service: Sendable {
    let key: ServiceKey
    /// The path prefix that calls name; usually the interface.
    let path: String
    let methods: [MethodDescriptor]
    /// What its messages are written in.
    let format: PayloadFormat
    /// How its replies are compressed, if their callers take it.
    let compressor: String?
    var invoker: any Invoker
  }

  /// One method of one or more services that share a path and differ in group or version.
  final class Route: Sendable {
    struct Variant: Sendable {
      let group: [UInt8]
      let version: [UInt8]
      let target: Target
    }

    let path: [UInt8]
    let variants: [Variant]

    init(path: [UInt8], variants: [Variant]) {
      self.path = path
      self.variants = variants
    }
  }

  /// What runs a call.
  final class Target: Sendable {
    let method: MethodDescriptor
    let format: PayloadFormat
    /// What begins an answer in `format`.
    let answer: CallHeaders.Answer
    let compressor: String?
    let invoker: any Invoker

    init(method: MethodDescriptor, format: PayloadFormat, compressor: String?, invoker: any Invoker) {
      self.method = method
      self.format = format
      answer = CallHeaders.Answer(format)
      self.compressor = compressor
      self.invoker = invoker
    }
  }

  let services: [Service]
  private let buckets: [[Route]]
  private let mask: Int

  init(_ services: [Service]) {
    self.services = services
    var variants: [(path: [UInt8], variants: [Route.Variant])] = []
    var positions: [[UInt8]: Int] = [:]
    for service in services {
      for method in service.methods {
        let target = Target(
          method: method, format: service.format, compressor: service.compressor,
          invoker: (service.invoker as? FilteredInvoker)?.narrowed(to: method) ?? service.invoker)
        let variant = Route.Variant(
          group: Array((service.key.group ?? "").utf8), version: Array((service.key.version ?? "").utf8),
          target: target)
        for name in Self.spellings(of: method.name) {
          let path = Array("/\(service.path)/\(name)".utf8)
          if let position = positions[path] {
            // A method's own spelling wins over another's changed one, the first service over a later one.
            if !variants[position].variants.contains(where: {
              $0.group == variant.group && $0.version == variant.version
            }) {
              variants[position].variants.append(variant)
            }
          } else {
            positions[path] = variants.count
            variants.append((path, [variant]))
          }
        }
      }
    }
    var size = 16
    while size < variants.count * 4 { size *= 2 }
    mask = size - 1
    var buckets = [[Route]](repeating: [], count: size)
    for (path, variants) in variants {
      let hash = path.withUnsafeBufferPointer { Self.hash($0) }
      buckets[hash & mask].append(Route(path: path, variants: variants))
    }
    self.buckets = buckets
  }

  /// Dubbo's two spellings of a method: as it is, and with the case of its first letter changed, for Java writes
  /// `sayHello` where Go writes `SayHello`.
  private static func spellings(of name: String) -> [String] {
    guard let first = name.first, first.isASCII, first.isLetter else { return [name] }
    let other = first.isUppercase ? first.lowercased() : first.uppercased()
    return [name, other + name.dropFirst()]
  }

  /// FNV-1a: only paths of this side are in the table, so nobody outside can make it slow.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: hash ^ (hash >> 32)) & Int.max
  }

  /// The route of `path`; nil when no service has it.
  func route(for path: [UInt8]) -> Route? {
    path.withUnsafeBufferPointer { wanted in
      for route in buckets[Self.hash(wanted) & mask] where route.path.count == wanted.count {
        if route.path.withUnsafeBufferPointer({ $0.elementsEqual(wanted) }) { return route }
      }
      return nil
    }
  }

  /// Whether any method of the service that `path` names is exported, to tell an unknown method from an unknown
  /// service.
  func hasService(of path: [UInt8]) -> Bool {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")), slash > 1 else { return false }
    let name = String(decoding: path[1..<slash], as: UTF8.self)
    return services.contains { $0.path == name }
  }
}

extension RouteTable.Route {
  /// The service that a call means, by Dubbo Java's rule: the exact group and version; then the group's version
  /// 1.0.0; then, because Java answers for any version by default, the first service of the path.
  func target(group: [UInt8], version: [UInt8]) -> RouteTable.Target? {
    if variants.count == 1 { return variants[0].target }
    let exact = variants.first { $0.group == group && $0.version == version }
    let defaulted = exact ?? variants.first { $0.group == group && $0.version.elementsEqual("1.0.0".utf8) }
    return (defaulted ?? variants.first)?.target
  }
}

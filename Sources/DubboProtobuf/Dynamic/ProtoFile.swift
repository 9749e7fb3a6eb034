internal import Synchronization

/// A .proto as generated code carries it: its definitions, serialized, and parsed when somebody asks for them.
///
/// Every generated message and enum names the file that it comes from, so definitions need no registry and no order of
/// loading. Comments are left out, and imports of which the file uses no type.
public final class ProtoFile: Sendable {
  private let encoded: StaticString
  private let imported: @Sendable () -> [ProtoFile]
  private let parsed = Mutex<DescriptorSet?>(nil)

  /// Generated.
  /// - Parameters:
  ///   - base64: a serialized `google.protobuf.FileDescriptorProto`.
  ///   - imports: the files whose types this one uses.
  public init(base64: StaticString, imports: @escaping @Sendable () -> [ProtoFile] = { [] }) {
    encoded = base64
    imported = imports
  }

  /// The files whose types this one uses.
  public var imports: [ProtoFile] { imported() }

  /// A serialized `google.protobuf.FileDescriptorProto`, which is what server reflection sends.
  public var serializedDescriptor: [UInt8] {
    Base64.decode(UnsafeBufferPointer(start: encoded.utf8Start, count: encoded.utf8CodeUnitCount)) ?? []
  }

  /// This file and all that it needs, each behind those that it uses.
  public var withImports: [ProtoFile] {
    var files: [ProtoFile] = []
    var seen: Set<ObjectIdentifier> = []
    func visit(_ file: ProtoFile) {
      guard seen.insert(ObjectIdentifier(file)).inserted else { return }
      for other in file.imports { visit(other) }
      files.append(file)
    }
    visit(self)
    return files
  }

  /// What this file and all that it needs define. Parsed once.
  public var definitions: DescriptorSet {
    if let known = parsed.withLock({ $0 }) { return known }
    let files = withImports.compactMap {
      try? Google_Protobuf_FileDescriptorProto(serializedBytes: $0.serializedDescriptor, partial: true)
    }
    let definitions = DescriptorSet(files)
    parsed.withLock { $0 = definitions }
    return definitions
  }
}

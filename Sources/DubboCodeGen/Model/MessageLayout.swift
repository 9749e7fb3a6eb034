/// Where a message keeps its fields, and how large it is where it is stored inline.
struct MessageLayout {
  /// In a box of its own: recursive messages must, large ones are cheaper to copy so.
  var isBoxed = false
  var size = 0
  /// A `required` field here or in a message that can be reached.
  var hasRequired = false

  /// Above this many bytes a struct costs more to copy than a box to reach.
  static let largestInline = 128

  static func decide(_ messages: [MessageModel]) {
    var done: Set<ObjectIdentifier> = []
    for message in messages { visit(message, &done) }
    var changed = true
    for message in messages { message.layout.hasRequired = message.hasRequiredOfItsOwn }
    while changed {
      changed = false
      for message in messages where !message.layout.hasRequired {
        if message.reachable.contains(where: { $0.layout.hasRequired }) {
          message.layout.hasRequired = true
          changed = true
        }
      }
    }
  }

  private static func visit(_ message: MessageModel, _ done: inout Set<ObjectIdentifier>) {
    guard done.insert(ObjectIdentifier(message)).inserted else { return }
    if message.embeds(message) {
      message.layout = MessageLayout(isBoxed: true, size: 8)
    }
    for field in message.fields {
      if let part = field.message { visit(part, &done) }
    }
    guard !message.layout.isBoxed else { return }
    let size = message.inlineSize
    message.layout = size > largestInline ? MessageLayout(isBoxed: true, size: 8) : MessageLayout(size: size)
  }
}

extension MessageModel {
  fileprivate var hasRequiredOfItsOwn: Bool {
    fields.contains { if case .required = $0.shape { true } else { false } }
  }

  fileprivate var reachable: [MessageModel] {
    fields.compactMap { field in
      if case .map(_, let value) = field.shape { return value.message }
      return field.message
    }
  }

  /// Messages stored as a part of this one: arrays and dictionaries hold theirs elsewhere.
  private var embedded: [MessageModel] {
    fields.compactMap { field in
      switch field.shape {
      case .repeated, .map: nil
      default: field.message
      }
    }
  }

  fileprivate func embeds(_ other: MessageModel) -> Bool {
    var seen: Set<ObjectIdentifier> = []
    var queue = embedded
    while let next = queue.popLast() {
      if next === other { return true }
      if seen.insert(ObjectIdentifier(next)).inserted { queue += next.embedded }
    }
    return false
  }

  /// Bytes of the struct if all fields lie in it, with padding.
  fileprivate var inlineSize: Int {
    var size = 0
    func add(_ bytes: Int, _ alignment: Int) { size = (size + alignment - 1) / alignment * alignment + bytes }
    for field in fields {
      switch field.shape {
      case .repeated, .map: add(8, 8)
      case .oneof: continue
      case .implicit: add(field.slot.size, field.slot.alignment)
      case .explicit, .required: add(field.slot.size + (field.hasSpareBits ? 0 : 1), field.slot.alignment)
      }
    }
    for oneof in oneofs { add((oneof.fields.map(\.slot.size).max() ?? 0) + 1, 8) }
    add(8, 8)
    return size
  }
}

extension FieldModel {
  fileprivate var slot: (size: Int, alignment: Int) {
    if let scalar { return (scalar.size, scalar.alignment) }
    return enumeration != nil ? (9, 8) : (message?.layout.size ?? 8, 8)
  }

  fileprivate var hasSpareBits: Bool { scalar == nil || scalar?.wireType == 2 || scalar?.function == "bool" }
}

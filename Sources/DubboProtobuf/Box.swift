/// The heap part of a large or recursive message.
public final class Box<Value: ~Copyable>: ManagedBuffer<Void, Value> {
  @inlinable
  public static func make(_ value: consuming Value) -> Box<Value> {
    let box = unsafeDowncast(Box<Value>.create(minimumCapacity: 1) { _ in }, to: Box<Value>.self)
    box.address.initialize(to: value)
    return box
  }

  /// Where the fields are; valid as long as the box lives.
  @inlinable public var address: UnsafeMutablePointer<Value> { withUnsafeMutablePointerToElements { $0 } }

  /// The fields, reached in place: no copy, and the box lives for as long as the access.
  @inlinable public var fields: Value {
    unsafeAddress { UnsafePointer(address) }
    unsafeMutableAddress { address }
  }

  @inlinable
  deinit { address.deinitialize(count: 1) }
}

/// The fields of a message whose values live in a `Box`. Generated.
public protocol MessageFields: ~Copyable, Sendable {
  init()
  /// Sets all fields of `copy` to those of `fields`.
  static func copy(_ fields: UnsafePointer<Self>, to copy: UnsafeMutablePointer<Self>)
  static func areEqual(_ left: UnsafePointer<Self>, _ right: UnsafePointer<Self>) -> Bool
  static func hash(_ fields: UnsafePointer<Self>, into hasher: inout Hasher)
}

/// What a large or recursive message stores: nothing while it is empty, else a box that copies share until one changes.
///
/// `@unchecked Sendable`: a box is changed only after `unique()` made sure that nobody else holds it.
@frozen
public struct SharedFields<Fields: MessageFields & ~Copyable>: @unchecked Sendable {
  @usableFromInline var stored: Box<Fields>?

  @inlinable
  public init() {}

  /// For reading; nil when no field was ever set.
  @inlinable @inline(__always) public var box: Box<Fields>? { stored }

  /// For writing: the box, held by this message alone.
  @inlinable
  public mutating func unique() -> Box<Fields> {
    if isKnownUniquelyReferenced(&stored), let box = stored { return box }
    let box = Box.make(Fields())
    if let shared = stored {
      Fields.copy(shared.address, to: box.address)
      extendLifetime(shared)
    }
    stored = box
    return box
  }
}

extension SharedFields: Hashable where Fields: ~Copyable {
  @inlinable
  public static func == (left: Self, right: Self) -> Bool {
    if left.stored === right.stored { return true }
    let left = left.stored ?? .make(Fields())
    let right = right.stored ?? .make(Fields())
    defer { extendLifetime((left, right)) }
    return Fields.areEqual(left.address, right.address)
  }

  @inlinable
  public func hash(into hasher: inout Hasher) {
    let box = stored ?? .make(Fields())
    defer { extendLifetime(box) }
    Fields.hash(box.address, into: &hasher)
  }
}

internal import CLibuv

/// How every handle of libuv is kept: its memory must stay where it is until its close callback has run, whatever
/// happens to the Swift object that owns it. So the memory is allocated apart, and from `keepOwner` to the close
/// callback the handle itself retains its owner.
enum UVHandle {
  /// Memory for a handle or a request.
  static func allocate<Raw>(_: Raw.Type) -> UnsafeMutablePointer<Raw> {
    let pointer = UnsafeMutablePointer<Raw>.allocate(capacity: 1)
    UnsafeMutableRawPointer(pointer).initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<Raw>.size)
    return pointer
  }

  /// The handle retains `owner`; `released` in the close callback balances it.
  static func keepOwner(_ owner: AnyObject, of handle: UnsafeMutableRawPointer) {
    handle.assumingMemoryBound(to: uv_handle_t.self).pointee.data = Unmanaged.passRetained(owner).toOpaque()
  }

  /// In the close callback: ends the retain of `keepOwner`.
  static func released<Owner: AnyObject>(_ handle: UnsafeMutablePointer<uv_handle_t>?, as _: Owner.Type) -> Owner? {
    guard let data = handle?.pointee.data else { return nil }
    handle?.pointee.data = nil
    return Unmanaged<Owner>.fromOpaque(data).takeRetainedValue()
  }
}

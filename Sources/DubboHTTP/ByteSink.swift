/// Where an engine's output goes: a buffer that only grows, owned by whoever writes to the socket.
///
/// The bytes are valid during the call and must be copied. Called on the loop that owns the engine.
package protocol ByteSink: AnyObject {
  func append(_ bytes: UnsafeRawBufferPointer)
}

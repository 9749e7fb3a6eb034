public import DubboCore
public import DubboProtobuf

/// Reads a request; what does not parse is the caller's fault.
@inlinable
func decodeRequest<M: Message>(_ bytes: [UInt8], of method: MethodDescriptor) throws -> M {
  do {
    return try M(serializedBytes: bytes)
  } catch {
    throw unreadable(M.self, of: method, .invalidArgument, cause: error)
  }
}

/// Reads a reply; what does not parse is the provider's fault.
@inlinable
func decodeReply<M: Message>(_ bytes: [UInt8], of method: MethodDescriptor) throws -> M {
  do {
    return try M(serializedBytes: bytes)
  } catch {
    throw unreadable(M.self, of: method, .internal, cause: error)
  }
}

@inlinable
func encode<M: Message>(_ message: M, of method: MethodDescriptor) throws -> [UInt8] {
  do {
    return try message.serializedBytes()
  } catch {
    throw DubboError(
      .internal, "a \(M.self) for \(method) can't be written: \(error)", reason: .serialization,
      progress: .notSent, cause: error)
  }
}

@usableFromInline
func unreadable<M: Message>(
  _ type: M.Type, of method: MethodDescriptor, _ code: StatusCode, cause: any Error
) -> DubboError {
  DubboError(
    code, "the bytes for \(method) are no \(type): \(cause)", reason: .serialization, progress: .answered, cause: cause)
}

internal import CLibuv

/// The one place through which the result of a C call passes.
///
/// What libuv refuses because we called it wrongly is our fault: that asserts in debug, and in release fails the one
/// thing it was about, like every other failure. What the peer or the system did is thrown.
@discardableResult
func check(_ result: CInt, _ operation: String, on subject: @autoclosure () -> String = "") throws(IOFailure) -> CInt {
  guard result < 0 else { return result }
  assert(!isOurFault(result), "libuv refused \(operation): \(String(cString: uv_strerror(result)))")
  throw IOFailure(uv: result, operation, on: subject())
}

/// The same for calls that cannot fail for another reason than a fault of ours, where nobody could act on it.
func checkOurs(_ result: CInt, _ operation: StaticString) {
  assert(result >= 0, "libuv refused \(operation): \(String(cString: uv_strerror(result)))")
}

private func isOurFault(_ result: CInt) -> Bool {
  result == UV_EBADF.rawValue || result == UV_EFAULT.rawValue || result == UV_EALREADY.rawValue
}

internal import CLibuv

/// Why something with a socket, a name or a file did not work: what was tried, on what, what the system said, and what
/// to do about it.
package struct IOFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system's name of the error, such as `ECONNREFUSED`, or one of ours. Open: others may come.
  package struct Code: RawRepresentable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package static let addressInUse = Code(rawValue: "EADDRINUSE")
    package static let refused = Code(rawValue: "ECONNREFUSED")
    package static let timedOut = Code(rawValue: "ETIMEDOUT")
    package static let canceled = Code(rawValue: "ECANCELED")
    package static let nameNotFound = Code(rawValue: "ENOTFOUND")
    package static let tooManyDescriptors = Code(rawValue: "EMFILE")
    package static let tooManySystemDescriptors = Code(rawValue: "ENFILE")
    package static let pathTooLong = Code(rawValue: "ENAMETOOLONG")
    package static let notFound = Code(rawValue: "ENOENT")
    package static let loopEnded = Code(rawValue: "LOOP_ENDED")
  }

  package var code: Code
  /// What was tried, as a verb: `listen`, `connect`, `read`.
  package var operation: String
  /// The address, name or path it was tried on; may be empty.
  package var subject: String
  /// What the system said about it.
  package var reason: String
  /// What the reader can do, as a sentence; may be empty.
  package var advice: String

  package init(_ code: Code, _ operation: String, on subject: String = "", reason: String, advice: String = "") {
    self.code = code
    self.operation = operation
    self.subject = subject
    self.reason = reason
    self.advice = advice
  }

  package var description: String {
    let place = subject.isEmpty ? "" : " \(subject)"
    let hint = advice.isEmpty ? "" : ". \(advice)"
    return "cannot \(operation)\(place): \(reason) (\(code.rawValue))\(hint)"
  }

  /// An error number of libuv's, which is the system's negated.
  init(uv status: CInt, _ operation: String, on subject: String = "") {
    let code: Code
    switch status {
    case UV_EAI_NONAME.rawValue, UV_EAI_NODATA.rawValue: code = .nameNotFound
    default: code = Code(rawValue: String(cString: uv_err_name(status)))
    }
    self.init(
      code, operation, on: subject, reason: String(cString: uv_strerror(status)), advice: Self.advice(for: code))
  }

  private static func advice(for code: Code) -> String {
    switch code {
    case .addressInUse: "Another process listens there: stop it, or choose another port, or port 0 for any free one."
    case .refused: "Nobody listens there: is the other side up, and is the port right?"
    case .tooManyDescriptors:
      "The process has no file descriptor left: raise `ulimit -n`, or lower the limit of connections."
    case .tooManySystemDescriptors:
      "The system has no file descriptor left: raise fs.file-max, or close other programs."
    case .nameNotFound: "No such host name: check its spelling and the resolver's configuration."
    case Code(rawValue: "EACCES"):
      "Permission is missing, or the folder does not exist; ports below 1024 need privileges."
    case Code(rawValue: "EADDRNOTAVAIL"): "No interface of this machine has that address."
    default: ""
    }
  }
}

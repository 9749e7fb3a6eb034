import Dubbo

/// Any text is a configuration or an error that says where; nothing traps, and what is said is fit for a terminal.
///
/// The first line, when it begins with `#env `, gives the environment: `#env NAME=value NAME=value`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfiguration(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  do {
    let configuration = try DubboConfiguration(yaml: text, file: "fuzz.yaml", environment: environment(text))
    check(configuration.remarks)
    require(configuration.remarks.allSatisfy { $0.severity != .error }, "a configuration with errors")
  } catch {
    check(error.problems)
    require(error.problems.contains { $0.severity == .error }, "an error without a reason")
  }
  return 0
}

private func environment(_ text: String) -> [String: String] {
  guard text.hasPrefix("#env ") else { return [:] }
  var environment: [String: String] = [:]
  for pair in text.prefix(while: { !$0.isNewline }).dropFirst(5).split(separator: " ") {
    guard let equals = pair.firstIndex(of: "=") else { continue }
    environment[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
  }
  return environment
}

private func check(_ problems: [ConfigurationProblem]) {
  for problem in problems {
    require((problem.line ?? 1) >= 1 && (problem.column ?? 1) >= 1, "a place before the text: \(problem)")
    require(!problem.message.isEmpty && problem.description.utf8.count < 4_000, "too little or too much: \(problem)")
    let isClean = problem.description.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" || $0 == "\t" }
    require(isClean, "a control character: \(problem)")
  }
}

/// Says what was found and traps, so that libFuzzer keeps the input.
private func require(_ holds: Bool, _ finding: @autoclosure () -> String) {
  if !holds { print(finding()) }
  precondition(holds)
}

/// Says what was found and traps, so that libFuzzer keeps the input.
package func require(_ holds: Bool, _ finding: @autoclosure () -> String) {
  if !holds { print(finding()) }
  precondition(holds)
}

/// The input of one execution.
package func input(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  Array(UnsafeBufferPointer(start: start, count: count))
}

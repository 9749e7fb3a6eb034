/// Remembers the last value of a pseudo-header, so that the many requests that repeat it share one array.
struct RecentBytes {
  private var last: [UInt8] = []

  mutating func array(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let same =
      last.count == bytes.count
      && last.withUnsafeBufferPointer { kept in
        for index in 0..<kept.count where kept[index] != bytes[index] { return false }
        return true
      }
    if !same { last = [UInt8](bytes) }
    return last
  }
}

/// What one caller has seen: the durations of what ended well while it counted, and what failed.
struct Tally: Sendable {
  var histogram = Histogram()
  var errors = 0
  var firstError: String?

  mutating func failed(_ reason: String) {
    errors += 1
    if firstError == nil { firstError = reason }
  }

  mutating func add(_ other: Tally) {
    histogram.add(other.histogram)
    errors += other.errors
    if firstError == nil { firstError = other.firstError }
  }
}

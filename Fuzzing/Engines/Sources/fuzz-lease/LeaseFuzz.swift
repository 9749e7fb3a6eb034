import DubboCore
import FuzzSupport

/// Any bytes in a registry's folder are a lease or a sentence; what is a lease is written as it was read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLease(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do throws(LeaseFile.Malformed) {
    let file = try LeaseFile(parsing: input(start, count))
    require(file.pid > 0 && file.lease > .zero, "a lease of nobody, or of no time")
    require((try? LeaseFile(parsing: file.bytes)) == file, "\(file) is not itself again")
    var next = file.bytes
    let beat = LeaseFile.beatBytes(.max)
    next.replaceSubrange(next.count - beat.count..<next.count, with: beat)
    require((try? LeaseFile(parsing: next))?.beat == .max, "a beat that does not fit its place")
  } catch {
    require(!error.reason.isEmpty, "a refusal without a reason")
  }
  return 0
}

import DubboCore
import FuzzSupport

/// Any bytes of a stream are messages within the limit or an error, the same ones however the stream is cut, and a
/// message that is written is read.
///
/// The first two bytes of the input say the limit and the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFraming(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 2 else { return 0 }
  let bytes = input(start, count)
  let limit = Int(bytes[0]) * 4
  let stream = Array(bytes[2...])
  let whole = Cut(stream, limit: limit, piece: { _ in .max })
  let pieces = Cut(stream, limit: limit, piece: { 1 + (Int(bytes[1]) >> ($0 & 3)) % 9 })
  require(whole == pieces, "\(whole) in one piece, \(pieces) in many")
  require(whole.messages.allSatisfy { $0.count <= limit }, "a message over the limit")
  var again: [UInt8] = []
  for message in whole.messages { frame(message, into: &again) }
  require(stream.starts(with: again), "what was read is not what came")
  return 0
}

private struct Cut: Equatable {
  var messages: [[UInt8]] = []
  var code: StatusCode?
  var isAtBoundary = true

  init(_ stream: [UInt8], limit: Int, piece: (Int) -> Int) {
    var assembler = MessageAssembler(limit: limit)
    var rest = stream[...]
    var number = 0
    do throws(DubboError) {
      while !rest.isEmpty {
        let part = Array(rest.prefix(piece(number)))
        rest = rest.dropFirst(part.count)
        number += 1
        try part.withUnsafeBufferPointer { bytes throws(DubboError) in
          var slice = UnsafeRawBufferPointer(bytes)[...]
          while let message = try assembler.next(&slice) { messages.append(message) }
        }
      }
      isAtBoundary = assembler.isAtBoundary
    } catch {
      code = error.code
    }
  }
}

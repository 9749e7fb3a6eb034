internal import CZlib
public import DubboCore

/// zlib's compression in the two forms that gRPC's peers know: `gzip` (RFC 1952) and `deflate`, which is zlib's own form
/// (RFC 1950) as in HTTP.
public struct ZlibCompression: Compression {
  public enum Form: Sendable, Hashable {
    case gzip, deflate
  }

  private let form: Form
  private let level: Int32

  /// - Parameter level: 1, the fastest, to 9, the smallest; values beyond are taken as the nearest.
  public init(_ form: Form, level: Int = 6) {
    self.form = form
    self.level = Int32(min(max(level, 1), 9))
  }

  /// What zlib's `windowBits` says besides the size of the window.
  private var formBits: Int32 { form == .gzip ? 16 : 0 }

  public func compress(_ message: [UInt8]) throws -> [UInt8] {
    // A window and tables no larger than the message needs: the state for the largest takes a quarter of a megabyte.
    let bits = Int32(min(max(Int.bitWidth - message.count.leadingZeroBitCount, 9), 15))
    var stream = z_stream()
    return try withUnsafeMutablePointer(to: &stream) { stream in
      guard dubbo_deflate_begin(stream, level, bits + formBits, max(1, bits - 7)) == Z_OK else { throw OutOfMemory() }
      defer { deflateEnd(stream) }
      let bound = Int(clamping: deflateBound(stream, UInt(message.count)))
      return try [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        var result = Z_OK
        message.withUnsafeBufferPointer { input in
          // zlib's interface has no const; it does not write there.
          stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
          stream.pointee.avail_in = UInt32(clamping: input.count)
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(clamping: output.count)
          result = deflate(stream, Z_FINISH)
        }
        guard result == Z_STREAM_END else { throw OutOfMemory() }
        count = Int(clamping: stream.pointee.total_out)
      }
    }
  }

  public func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
    var stream = z_stream()
    return try withUnsafeMutablePointer(to: &stream) { stream throws(CompressionError) in
      guard dubbo_inflate_begin(stream, 15 + formBits) == Z_OK else { throw .malformed("zlib gets no memory") }
      defer { inflateEnd(stream) }
      var output: [UInt8] = []
      // Of ordinary data this is mostly all of it; no message is believed to be larger than it has shown to be.
      var chunk = [UInt8](
        repeating: 0, count: min(max(bytes.count.multipliedReportingOverflow(by: 4).partialValue, 256), 32_768))
      var result = Z_OK
      bytes.withUnsafeBufferPointer { input in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(clamping: input.count)
        while result == Z_OK, output.count <= limit {
          chunk.withUnsafeMutableBufferPointer { chunk in
            stream.pointee.next_out = chunk.baseAddress
            stream.pointee.avail_out = UInt32(clamping: chunk.count)
            result = inflate(stream, Z_NO_FLUSH)
            output.append(contentsOf: chunk.prefix(chunk.count - Int(stream.pointee.avail_out)))
          }
        }
      }
      guard output.count <= limit else { throw .tooLarge }
      switch result {
      case Z_STREAM_END where stream.pointee.avail_in == 0: return output
      case Z_STREAM_END: throw .malformed("something follows the end of what was compressed")
      case Z_BUF_ERROR: throw .malformed("it breaks off")
      default:
        let why = stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(result)"
        throw .malformed(why)
      }
    }
  }

  private struct OutOfMemory: Error {}
}

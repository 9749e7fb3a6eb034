import DubboCore
import DubboTriple
import Testing

@Suite struct ZlibCompressionTests {
  private static let samples: [[UInt8]] = {
    var generator = SeededGenerator(seed: 11)
    let noise = (0..<100_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    return [[], [1], [UInt8](repeating: 7, count: 300), noise, [UInt8](repeating: 0, count: 3_000_000)]
      + (1...40).map { Array(noise.prefix($0 * $0)) + [UInt8](repeating: 9, count: $0 * 50) }
  }()

  @Test(arguments: [ZlibCompression.Form.gzip, .deflate], [1, 6, 9])
  func `what was compressed comes back, in any form, level and size`(form: ZlibCompression.Form, level: Int) throws {
    let zlib = ZlibCompression(form, level: level)
    for sample in Self.samples {
      let small = try zlib.compress(sample)
      let back = try zlib.decompress(small, limit: sample.count)
      #expect(back == sample)
    }
    let zeros = try zlib.compress([UInt8](repeating: 0, count: 3_000_000))
    #expect(zeros.count < 20_000)
  }

  @Test func `a few bytes that stand for many end at the limit`() throws {
    let gzip = ZlibCompression(.gzip)
    let bomb = try gzip.compress([UInt8](repeating: 0, count: 10_000_000))
    #expect(throws: CompressionError.tooLarge) { try gzip.decompress(bomb, limit: 9_999_999) }
    #expect(throws: CompressionError.tooLarge) { try gzip.decompress(bomb, limit: 0) }
    let whole = try gzip.decompress(bomb, limit: 10_000_000)
    #expect(whole.count == 10_000_000)
  }

  @Test func `bytes that break off, go on, or are something else are malformed`() throws {
    let gzip = ZlibCompression(.gzip)
    let good = try gzip.compress(Array("some text, some text, some text".utf8))
    for count in 0..<good.count {
      #expect(throws: CompressionError.self) { try gzip.decompress(Array(good.prefix(count)), limit: 100) }
    }
    for bad in [good + [0], good + good, Array("no gzip at all".utf8)] {
      #expect(throws: CompressionError.self) { try gzip.decompress(bad, limit: 1_000) }
    }
    let other = try ZlibCompression(.deflate).compress([1, 2, 3])
    #expect(throws: CompressionError.self) { try gzip.decompress(other, limit: 100) }
  }

  @Test func `bytes that were changed never come back as something else, and never trap`() throws {
    let gzip = ZlibCompression(.gzip)
    let message = Array("a message, a message, and a message again".utf8)
    let good = try gzip.compress(message)
    for place in good.indices {
      for bit in 0..<8 {
        var bad = good
        bad[place] ^= 1 << bit
        // Some bits of the head mean nothing.
        if let back = try? gzip.decompress(bad, limit: 1_000) { #expect(back == message) }
      }
    }
  }
}

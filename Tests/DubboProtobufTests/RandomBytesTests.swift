import DubboProtobuf
import Testing

/// A small generator of our own, so that a seed gives the same run for ever.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

struct RandomBytesTests {
  /// Decodes; what decodes must come back the same after it was written.
  private func check<M: Message>(_: M.Type, _ bytes: [UInt8]) throws {
    guard let message = try? M(serializedBytes: bytes, partial: true) else { return }
    let written = try message.serializedBytes(partial: true)
    var writer = WireWriter()
    writer.isDeterministic = true
    message.write(to: &writer)
    let again = try M(serializedBytes: written, partial: true)
    var second = WireWriter()
    second.isDeterministic = true
    again.write(to: &second)
    #expect(writer.bytes == second.bytes)
  }

  private func checkAll(_ bytes: [UInt8]) throws {
    try check(Numbers.self, bytes)
    try check(Lists.self, bytes)
    try check(Maps.self, bytes)
    try check(Choice.self, bytes)
    try check(Tree.self, bytes)
    try check(Legacy.self, bytes)
    try check(Google_Protobuf_FileDescriptorProto.self, bytes)
  }

  @Test(arguments: 1...4)
  func `no bytes make decoding trap`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    for _ in 0..<3_000 {
      var bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      // Small numbers make tags and lengths that fit, and so reach deeper.
      for index in bytes.indices where Bool.random(using: &random) { bytes[index] &= 0x3f }
      try checkAll(bytes)
    }
  }

  @Test(arguments: 1...4)
  func `no change to a good message makes decoding trap`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let message = Maps.with {
      $0.counts = ["a": 1]
      $0.points = [true: .with { $0.x = 1 }]
      $0.blobs = [-3: [1, 2, 3]]
    }
    let tree = Tree.with {
      $0.label = "abc"; $0.left.right.label = "d"; $0.more = [Tree(), .with { $0.label = "e" }]
    }
    for good in [try message.serializedBytes(), try tree.serializedBytes()] {
      for _ in 0..<2_000 {
        var bytes = good
        for _ in 0...Int.random(in: 0...3, using: &random) {
          let index = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0...2, using: &random) {
          case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
          default: if bytes.count > 1 { bytes.remove(at: index) }
          }
        }
        try checkAll(bytes)
      }
    }
  }
}

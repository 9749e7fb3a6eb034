import DubboCore
import FuzzSupport

/// Any header block is read without a trap, and what a call says about itself comes back as it was said.
///
/// The first byte of the input chooses between a block as it comes from a peer and a text that makes entries.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMetadata(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let bytes = Array(input(start, count)[1...])
  if start?[0] == 0 { read(bytes) } else { write(bytes) }
  return 0
}

private func read(_ block: [UInt8]) {
  var fields = RequestFields()
  let metadata = Metadata(block: block)
  block.withUnsafeBytes { bytes in
    for field in metadata.fields {
      let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
      let isReserved = fields.take(name, UnsafeRawBufferPointer(rebasing: bytes[field.value]))
      require(isReserved == CallHeaders.isReserved(name), "a name that is the protocol's, and is not")
    }
  }
  require(fields.timeout.map { $0 >= .zero } ?? true, "a time that ran backwards")
  let user = ResponseStatus.userPart(of: metadata)
  require(user.block.count <= block.count, "the user's part is larger than the whole")
  let foreign = user.fields.filter { user.block[$0.name].starts(with: "grpc-".utf8) && $0.name.count > 5 }
  require(foreign.isEmpty, "a field of the protocol's among the user's")
  // A peer's names are ASCII in lower case; HTTP/2 sees to that. The first few, for each look-up reads the whole block.
  for (name, _) in metadata.prefix(8) where name.utf8.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) {
    _ = metadata[name]
    require(metadata.values(for: name).count >= 1, "\(name) is there and is not found")
    _ = metadata.binaryValues(for: name)
  }
  for isGRPC in [true, false] {
    _ = ResponseStatus.failure(httpStatus: 200, block: block, isGRPC: isGRPC, peer: "p").map { $0.description }
  }
  if let timeout = GRPCTimeout.parse(block) {
    require(timeout >= .zero && timeout <= .seconds(100 * 366 * 86_400), "a timeout of \(timeout)")
  }
}

private func write(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  require(StatusMessage.decode(StatusMessage.encode(text)) == text, "a message that is not itself again")
  require(StatusMessage.encode(text).allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a message that no header holds")
  _ = StatusMessage.decode(bytes)
  var metadata = Metadata()
  metadata.add(text, for: "x-text")
  metadata.add(bytes: bytes, for: "x")
  require(metadata["x-text"] == text, "a value that is not itself again")
  require(metadata.binaryValues(for: "x-bin") == [bytes], "bytes that are not themselves again")
  let error = DubboError(.notFound, text, metadata: metadata, details: bytes)
  let block = StatusBlock.fields(of: error)
  let back = ResponseStatus.failure(httpStatus: 200, block: block, isGRPC: true, peer: "p")
  require(back?.code == .notFound && (back?.details ?? []) == bytes, "a status that is not itself again")
  metadata.removeAll("x-text")
  require(metadata.count == 1, "what was removed is there")
}

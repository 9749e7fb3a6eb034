import DubboProtobuf

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// protobuf-benchmark FOLDER: one line a row, "message operation nanoseconds allocations". The bytes of the messages go to
// the folder, for the C++ program to measure the same ones.

// Not optimized, so that what it is given must be made.
@_optimize(none)
func use<Value>(_ value: Value) {}

func report(_ name: String, _ operation: String, _ measurement: Measurement) {
  print(name, operation, measurement.nanoseconds, measurement.allocations.map { "\($0)" } ?? "-")
}

func write(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "w") else { return }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

func measure<M: Message>(_ name: String, _ message: M, _ folder: String) throws {
  let bytes = try message.serializedBytes()
  let json = try message.jsonUTF8Bytes()
  write(bytes, to: "\(folder)/\(name).bin")
  write(json, to: "\(folder)/\(name).json")
  report(name, "decode", try Measurement { use(try M(serializedBytes: bytes)) })
  report(name, "encode", try Measurement { use(try message.serializedBytes()) })
  var writer = WireWriter(capacity: 1 << 16)
  report(
    name, "encode-reused",
    Measurement {
      writer.reset()
      message.write(to: &writer)
      use(writer.count)
    })
  report(name, "json-encode", try Measurement { use(try message.jsonUTF8Bytes()) })
  report(name, "json-decode", try Measurement { use(try M(jsonUTF8Bytes: json)) })
  print(name, "size", bytes.count, json.count)
}

let folder = CommandLine.arguments.dropFirst().first ?? "."
try measure("echo", Messages.echo, folder)
try measure("order", Messages.order(1), folder)
try measure("large", Messages.large, folder)

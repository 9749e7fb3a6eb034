internal import DubboCodeGen

// protoc writes a request to standard input and reads the answer from standard output. What is wrong with the .proto
// is part of the answer; an unreadable request is an error of protoc's making.
do {
  let generator = CodeGenerator(readFile: StandardStreams.text(ofFile:))
  let request = try StandardStreams.readAll(0)
  try StandardStreams.write(try generator.respond(to: request), to: 1)
} catch {
  try? StandardStreams.write(Array("protoc-gen-dubbo-swift: \(error)\n".utf8), to: 2)
  StandardStreams.end(status: 1)
}

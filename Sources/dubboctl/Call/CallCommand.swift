import Dubbo
import DubboProtobuf
import Foundation

/// `dubboctl call URL SERVICE/METHOD [JSON…]`: one call with JSON in and out, without generated code.
enum CallCommand {
  static let usage = """
    usage: dubboctl call URL SERVICE/METHOD [JSON…] --proto FILE | --descriptor-set FILE

      dubboctl call tri://127.0.0.1:50051 org.apache.dubbo.sample.tri.Greeter/greet '{"name": "Swift"}' \\
        --proto greeter.proto

    Without JSON it is read from standard input, one document a line. Each reply is printed on a line of its own.
      -I FOLDER             where imports of the .proto files lie
      --tls                 call over TLS; trusted are the system's certificates
      --ca FILE             the same, and trusted are these
      --cert FILE --key FILE --server-name NAME
                            the same, with a certificate of its own, and a name other than the URL's host
      --timeout SECONDS     how long the call may take
      --header NAME:VALUE   metadata to send
      --ignore-unknown      skip fields that the message does not have

    """

  static func run(_ arguments: ArraySlice<String>) async -> Int32 {
    do {
      let options = try CommandOptions(arguments)
      guard options.words.count >= 2 else { throw CommandError("a URL and SERVICE/METHOD are needed\n\(usage)") }
      let types = try Definitions.load(options)
      let call = try DynamicCall(options.words[1], types: types, options: options)
      try await call.run(at: options.words[0], Array(options.words.dropFirst(2)))
      return 0
    } catch let error as CommandError {
      report("dubboctl: \(error)")
      return 2
    } catch {
      report("dubboctl: \(error)")
      return 1
    }
  }

  static func report(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// One method, called with messages that are known by their definitions only.
struct DynamicCall {
  private let types: DescriptorSet
  private let method: MethodDescriptor
  private let input: String
  private let output: String
  private let options: CommandOptions

  init(_ name: String, types: DescriptorSet, options: CommandOptions) throws {
    let parts = name.split(separator: "/").map(String.init)
    guard parts.count == 2 else { throw CommandError("'\(name)': expected SERVICE/METHOD") }
    guard let service = types.service(named: parts[0]) else {
      let known = types.services.map(\.fullName).joined(separator: ", ")
      throw CommandError("the definitions have no service '\(parts[0])'; they have \(known.isEmpty ? "none" : known)")
    }
    guard let method = service.methods.first(where: { $0.name == parts[1] }) else {
      let known = service.methods.map(\.name).joined(separator: ", ")
      throw CommandError("\(service.fullName) has no method '\(parts[1])'; it has \(known)")
    }
    let kind: MethodDescriptor.Kind
    switch (method.clientStreaming, method.serverStreaming) {
    case (false, false): kind = .unary
    case (true, false): kind = .clientStream
    case (false, true): kind = .serverStream
    case (true, true): kind = .bidirectional
    }
    self.types = types
    self.method = MethodDescriptor(service: service.fullName, name: method.name, kind: kind)
    self.options = options
    input = method.inputType
    output = method.outputType
  }

  private struct Client: ServiceClient {
    let caller: ServiceCaller
  }

  func run(at address: String, _ documents: [String]) async throws {
    let source = DocumentSource(documents)
    // What went well is said by the replies.
    let log = Log(label: "dubboctl", handler: StandardErrorLog(minimumLevel: .warning))
    try await Client.withConnection(to: address, tls: options.tls, log: log) { client in
      var metadata = Metadata()
      for (name, value) in options.headers { metadata.add(value, for: name) }
      let deadline = options.timeout.map { SystemClock().now.advanced(by: $0) }
      func invocation(_ body: Invocation.Body) -> Invocation {
        Invocation(method: method, body: body, metadata: metadata, deadline: deadline)
      }
      if method.kind == .unary {
        guard let document = await source.next() else { throw CommandError("a request is needed, as JSON") }
        let reply = try await client.caller.invoker.invoke(invocation(.message(try encode(document))))
        try show(reply.message)
      } else {
        _ = try await client.caller.invoker.invoke(invocation(.exchange { try await exchange(source, $0, $1) }))
      }
    }
  }

  private enum Direction { case requests, replies }

  private func exchange(
    _ source: DocumentSource, _ requests: any MessageWriter, _ replies: any MessageReader
  ) async throws {
    try await withThrowingTaskGroup(of: Direction.self) { group in
      group.addTask {
        while let document = await source.next() {
          try await requests.write(try encode(document))
          if !method.kind.streamsRequests { break }
        }
        try await requests.finish()
        return .requests
      }
      group.addTask {
        while let bytes = try await replies.next() { try show(bytes) }
        return .replies
      }
      // Behind the last reply nobody waits for another document; a wrong one ends the call at once.
      var isOver = false
      while true {
        do {
          guard let ended = try await group.next() else { return }
          guard ended == .replies else { continue }
          isOver = true
          await source.stop()
        } catch  where isOver {
          // A stream that is over takes no more requests, and not their end either.
        }
      }
    }
  }

  private func encode(_ document: String) throws -> [UInt8] {
    var reading = JSONDecodingOptions()
    reading.ignoreUnknownFields = options.ignoresUnknown
    do throws(JSONDecodingError) {
      return try DynamicMessage(named: input, types: types, jsonString: document, options: reading).serializedBytes()
    } catch {
      throw CommandError(error.description)
    }
  }

  private func show(_ bytes: [UInt8]) throws {
    print(try DynamicMessage(named: output, types: types, serializedBytes: bytes).jsonString())
    fflush(nil)
  }
}

internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// What a call sends back.
extension ServerCall {
  /// What begins the answer: the request's content type again, if that is the service's.
  private var responseHeaders: ConstantHeaders {
    guard requestFormat != nil, let route else { return CallHeaders.response }
    return route.answer.constants
  }

  /// The fields that follow; behind the content type, where that is none of the constants.
  private func responseBlock(_ block: [UInt8]) -> [UInt8] {
    guard requestFormat != nil, let route, !route.answer.block.isEmpty else { return block }
    return route.answer.block + block
  }

  /// The method has returned: sends what is left, the trailers and status 0.
  func finish(_ reply: Reply) {
    guard answer != .complete, isLive else { return }
    let (headers, trailers) = context?.takeResponse() ?? (Metadata(), Metadata())
    let trailerBlock = joined(trailers, reply.trailers)
    do throws(HTTP2Refusal) {
      if streams == nil {
        var headerBlock = joined(headers, reply.headers)
        var message = reply.message
        let prefix: BodyPrefix
        if replyCoding == nil {
          prefix = messagePrefix(message)
        } else {
          prefix = takePrefix(ofMarked: &message)
          headerBlock += encodingBlock
        }
        answer = .complete
        try respond(
          responseHeaders, block: responseBlock(headerBlock), prefix: prefix, body: message,
          trailers: CallHeaders.success,
          trailerBlock: trailerBlock)
      } else {
        end(CallHeaders.success, trailerBlock)
      }
    } catch {
      unsendable(error)
    }
    disarm()
  }

  /// The method has thrown: what it wrote before goes first.
  func finish(throwing error: DubboError) {
    guard answer != .complete, isLive else { return }
    guard let streams, streams.unsent.takeRest(of: streams.outgoing) else { return fail(error) }
    end(.none, failureBlock(error))
    disarm()
  }

  private func joined(_ first: Metadata, _ second: Metadata) -> [UInt8] {
    second.isEmpty ? first.block : first.block + second.block
  }

  private func end(_ constants: ConstantHeaders, _ block: [UInt8]) {
    streams?.endConstants = constants
    streams?.endTrailers = block
    streams?.isMethodDone = true
    drain()
  }

  private func failureBlock(_ error: DubboError) -> [UInt8] {
    var block = StatusBlock.fields(of: error)
    if let context { block.append(contentsOf: context.responseTrailers.block) }
    block.append(contentsOf: error.metadata.block)
    return block
  }

  /// Sends what the method has written, as far as the queue of the stream has room, and the end when it has returned.
  func drain() {
    guard let streams, answer != .complete, isLive else { return }
    do throws(HTTP2Refusal) {
      let isThrough = try streams.unsent.send(streams.outgoing, on: self) { () throws(HTTP2Refusal) in
        try sendHeaders()
      }
      if isThrough, streams.isMethodDone {
        try sendHeaders()
        try finish(trailers: streams.endConstants, block: streams.endTrailers)
        answer = .complete
      }
    } catch {
      unsendable(error)
    }
  }

  private func sendHeaders() throws(HTTP2Refusal) {
    guard answer == .none else { return }
    answer = .headersSent
    var block = context?.responseHeaders.block ?? []
    if replyCoding != nil { block += encodingBlock }
    try respond(responseHeaders, block: responseBlock(block))
  }

  /// Answers with an error: trailers only when nothing was sent, else trailers behind what was.
  func fail(_ error: DubboError) {
    guard answer != .complete, isLive else { return }
    let block = failureBlock(error)
    do throws(HTTP2Refusal) {
      switch answer {
      case .none:
        let headers = context?.responseHeaders.block ?? []
        answer = .complete
        try respondWithoutBody(responseHeaders, block: responseBlock(headers + block))
      case .headersSent:
        answer = .complete
        try finish(trailers: .none, block: block)
      case .complete:
        break
      }
    } catch {
      unsendable(error)
    }
    disarm()
    streams?.fail(error)
  }

  /// Answers what is no call at all, with an HTTP status and a sentence.
  func refuse(status: StaticString, _ sentence: String) {
    answer = .complete
    var metadata = Metadata()
    metadata.add("text/plain; charset=utf-8", for: "content-type")
    if status.utf8CodeUnitCount == 3, sentence.hasPrefix("POST") { metadata.add("POST", for: "allow") }
    do throws(HTTP2Refusal) {
      try respond(
        status: status, .none, block: metadata.block, body: Array((sentence + "\n").utf8), trailers: .none)
    } catch {
      reset(.internalError)
    }
  }

  /// The metadata that the method set cannot be sent: the caller gets an error that says so instead.
  private func unsendable(_ refusal: HTTP2Refusal) {
    guard refusal != .closed, isLive else { return }
    let sentence: String
    switch refusal {
    case .invalidHeader(let field): sentence = "the provider set metadata that HTTP/2 can't carry: \(field)"
    case .headerListTooLarge(let size, let limit):
      sentence = "the provider set \(size) bytes of metadata, and the limit is \(limit)"
    case .closed, .noStreamAvailable, .outOfOrder: sentence = "the answer could not be sent: \(refusal)"
    }
    let block = StatusBlock.fields(of: DubboError(.internal, sentence))
    answer = .complete
    do throws(HTTP2Refusal) {
      try respondWithoutBody(responseHeaders, block: responseBlock(block))
    } catch .outOfOrder {
      do throws(HTTP2Refusal) { try finish(trailers: .none, block: block) } catch { reset(.internalError) }
    } catch {
      reset(.internalError)
    }
  }

  private func disarm() {
    connection?.loop.deadlines.cancel(deadlineToken)
  }
}

extension ServerCall: StreamOwner {
  func outgoingReady() {
    drain()
    connection?.touch()
  }

  func incomingTaken(_ bytes: Int) {
    guard let credit = streams?.incoming.take(bytes), credit > 0 else { return }
    consume(credit)
    connection?.touch()
  }

  /// The queue of the stream has room again.
  func drained() {
    streams?.unsent.drained()
    drain()
  }
}

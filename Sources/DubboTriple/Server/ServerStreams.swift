internal import DubboCore
internal import DubboHTTP

/// What a call with streams has beside a unary one: the requests on their way in, and the replies on their way out up
/// to the end that the method's return gave them. Confined to its connection's loop.
final class ServerStreams {
  var incoming: IncomingStream
  let outgoing: OutgoingStream
  var unsent = UnsentMessages()
  var isMethodDone = false
  var endConstants = ConstantHeaders.none
  var endTrailers: [UInt8] = []

  init(incoming: IncomingStream, outgoing: OutgoingStream) {
    self.incoming = incoming
    self.outgoing = outgoing
  }

  /// Both sides of the method's streams get `error`; what waits is dropped.
  func fail(_ error: DubboError) {
    incoming.pipe.fail(error)
    outgoing.fail(error)
    unsent.removeAll()
  }
}

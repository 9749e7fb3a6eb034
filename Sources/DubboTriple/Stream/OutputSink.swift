internal import DubboHTTP
internal import DubboIO

/// The engine writes straight into what the socket sends.
extension OutputBuffer: ByteSink {}

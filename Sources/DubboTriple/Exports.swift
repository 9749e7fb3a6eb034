// The limits of HTTP/2 are part of this module's settings; the engine behind them is not public.

@_exported public import struct DubboHTTP.HTTP2Limits
@_exported public import struct DubboHTTP.HTTP2Settings

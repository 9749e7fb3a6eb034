"""Runs one attack against a server with an honest neighbour beside it, and judges the server."""
import collections
import os
import subprocess
import sys
import threading
import time

import peers
from options import args, command
from wire import Gone
from world import World


class Server:
    """The process under attack, if we know it."""

    def __init__(self):
        self.process = None
        if command:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            line = self.process.stdout.readline().split()
            if line[:1] != ["READY"]:
                sys.exit("the server did not print READY")
            self.address, self.pid = ("127.0.0.1", int(line[1].rsplit(":", 1)[-1])), self.process.pid
        else:
            self.address, self.pid = peers.address(args.target), args.pid

    def alive(self):
        if self.process:
            return self.process.poll() is None
        return not self.pid or os.path.exists("/proc/%d" % self.pid)

    def rss(self):
        try:
            return next(int(l.split()[1]) / 1024 for l in open("/proc/%d/status" % self.pid) if l.startswith("VmRSS"))
        except (OSError, TypeError, StopIteration):
            return 0.0

    def cpu(self):
        try:
            fields = open("/proc/%d/stat" % self.pid).read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, TypeError):
            return 0.0

    def stop(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Neighbour:
    def __init__(self, address):
        line = [sys.executable, os.path.join(os.path.dirname(os.path.realpath(__file__)), "neighbour"),
                "--target", "%s:%d" % address] + (["--tls"] if args.tls else [])
        line += ["--kind", "http", "--path", args.http] if args.http else []
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.calls = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            begun, micros, outcome = line.rstrip("\n").split(" ", 2)
            self.calls.append((int(begun) / 1e9, float(micros), outcome))

    def between(self, begin, end):
        """(calls, p99 in ms, failures) of the calls begun in this time."""
        calls = [c for c in list(self.calls) if begin <= c[0] < end]
        times = sorted(c[1] for c in calls)
        failures = collections.Counter(c[2] for c in calls if c[2] != "ok")
        return len(calls), times[len(times) * 99 // 100] / 1000 if times else 0.0, failures

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()


def told(counter, most=4):
    return ", ".join("%d× %s" % (n, k) if n > 1 else k for k, n in counter.most_common(most)) or "nothing"


def one(number, name, function):
    server = Server()
    neighbour = Neighbour(server.address)
    try:
        time.sleep(1.0)                                         # grpcio loads and connects
        begin = time.monotonic()
        time.sleep(1.0)
        rss, cpu, peak, running = server.rss(), server.cpu(), [0.0], [True]

        def watch():
            while running[0]:
                peak[0] = max(peak[0], server.rss())
                time.sleep(0.02)
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        start = time.monotonic()
        world = World(server.address)
        crash = None
        try:
            function(world)
        except (Gone, OSError) as error:
            crash = error
        time.sleep(max(0.0, start + 0.5 - time.monotonic()))    # enough calls of the neighbour for a figure
        end = time.monotonic()
        time.sleep(0.5)
        running[0] = False
        watcher.join()
        used = server.cpu() - cpu
        _, before, _ = neighbour.between(begin, start)
        calls, during, failures = neighbour.between(start, end)
        after = Neighbour(server.address)                       # a new connection, afterwards
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not any(c[2] == "ok" for c in after.calls):
            time.sleep(0.1)
        served = any(c[2] == "ok" for c in after.calls)
        after.stop()
        wrong = []
        if not server.alive():
            wrong.append("SERVER DIED" + (" (status %d)" % server.process.returncode if server.process else ""))
        if not served:
            wrong.append("no service afterwards")
        if failures:
            wrong.append("neighbour failed: " + told(failures, 2))
        if peak[0] - rss > args.max_rss:
            wrong.append("memory")
        if during > max(args.p99_factor * before, args.p99_floor):
            wrong.append("neighbour slow")
        print("%s %2d %-21s rss +%.0f MB  cpu %.1f s  neighbour p99 %.1f -> %.1f ms (%d calls)  %s%s" % (
            "FAIL" if wrong else "ok  ", number, name, max(0, peak[0] - rss), used, before, during, calls,
            ("[%s]  " % "; ".join(wrong)) if wrong else "",
            "%d connections, sent %d; ends: %s; got: %s%s" % (
                world.opened, world.counts.pop("sent", 0), told(world.ends), told(world.counts),
                world.note + ("; stopped: %s" % crash if crash else ""))), flush=True)
        return not wrong, server.alive()
    finally:
        neighbour.stop()
        server.stop()

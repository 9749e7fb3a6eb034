"""The loads: h2load, a gRPC client that prints one JSON line, and connections that only stand there."""
import json
import os
import re
import resource
import socket
import ssl
import subprocess
import sys
import tempfile
import time

from driver.processes import LOAD_CORE, pinned, spent

PATH = "/grpc.examples.echo.Echo/UnaryEcho"
# The frame of an EchoRequest that says "hello world": 5 bytes of prefix, 13 of protobuf.
FRAME = b"\0\0\0\0\x0d\x0a\x0bhello world"
GRPC = ["-H", "content-type: application/grpc", "-H", "te: trailers", "-H", "grpc-timeout: 10S"]


def h2load(server, seconds, path=None, tls=False):
    """-c 8 -m 32 for so many seconds. Without a path, unary calls with a deadline on each; with one, GETs of it."""
    with tempfile.TemporaryDirectory(prefix="dubbo-bench-") as folder:
        body, log = os.path.join(folder, "body"), os.path.join(folder, "log")
        with open(body, "wb") as file:
            file.write(FRAME)
        more = [] if path else ["-d", body] + GRPC
        url = "%s://%s%s" % ("https" if tls else "http", server.target, path or PATH)
        if not path:
            _expect_echo(url, more, server.name)
        _h2load(url, more, 1)                                   # warm-up
        before = server.cpu()
        done = _h2load(url, more, seconds)
        used = spent(before, server.cpu())
        rss = server.rss()
        _h2load(url, more + ["--log-file=" + log], 1)           # the log costs time, so it has a run of its own
        with open(log) as file:
            times = sorted(int(line.split()[2]) for line in file if len(line.split()) == 3)
    return {"cpu_us": used * 1e6 / done, "calls_per_s": done / seconds, "p50_us": times[len(times) // 2],
            "p99_us": times[len(times) * 99 // 100], "rss_mb": rss / 1024}


def _h2load(url, more, seconds):
    command = pinned(LOAD_CORE, ["h2load", "-t1", "-c8", "-m32", "-D%d" % seconds] + more + [url])
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds + 60)
    counts = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored", done.stdout)
    if done.returncode or not counts or int(counts[3]) or int(counts[4]) or not int(counts[1]):
        sys.exit("h2load failed:\n" + done.stdout)
    return int(counts[1])


def _expect_echo(url, more, name):
    """h2load looks at :status only; one call, looked at closely, shows that the answers are answers."""
    got = subprocess.run(["nghttp"] + more + [url], stdout=subprocess.PIPE, timeout=10).stdout
    if got != FRAME:
        sys.exit("%s does not echo: %r" % (name, got[:100]))


def client(command, server, seconds, *more):
    """A client that prints one JSON line with the keys of the contract in Peers/README.md."""
    line = pinned(LOAD_CORE, command + ["--target", server.target, "--server-pid", str(server.process.pid),
                                        "--seconds", str(seconds)] + [str(m) for m in more])
    done = subprocess.run(line, stdout=subprocess.PIPE, text=True, timeout=seconds + 60)
    if done.returncode:
        sys.exit("%s failed with status %d:\n%s" % (" ".join(line), done.returncode, done.stdout))
    result = json.loads(done.stdout.strip().split("\n")[-1])
    if result.get("errors"):
        sys.exit("%s: %s errors, the first: %s" % (" ".join(line), result["errors"], result.get("first_error")))
    return {"cpu_us": result["client_cpu_us_per_call"], "calls_per_s": result["calls_per_s"],
            "p50_us": result["p50_us"], "p99_us": result["p99_us"], "server_us": result.get("server_cpu_us_per_call")}


def connect(server, tls):
    plain = socket.create_connection(("127.0.0.1", server.port), 5)
    if not tls:
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    return context.wrap_socket(plain)


def idle_connections(server, count=1000, tls=False):
    """KB of the server's memory for each HTTP/2 connection that has been set up and does nothing."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
    settings_ack = b"\0\0\0\4\1\0\0\0\0"
    with connect(server, tls) as first:    # what the first one brings is not its own
        first.sendall(preface)
        first.recv(4096)
    time.sleep(0.5)
    before, held = server.rss(), []
    try:
        for _ in range(count):
            connection = connect(server, tls)
            connection.sendall(preface)
            held.append(connection)
        for connection in held:
            connection.settimeout(5)
            if not connection.recv(4096):
                sys.exit("%s closed an idle connection" % server.name)
            connection.sendall(settings_ack)
        time.sleep(1)
        return (server.rss() - before) / count
    finally:
        for connection in held:
            connection.close()

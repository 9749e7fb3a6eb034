"""Our built programs and the peers beside them: where they are, and servers that say READY."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PEERS = os.path.join(ROOT, "Peers")
# The scratch path that the packages beside the library share, so that the library is built once for all of them.
BESIDE = os.path.join(ROOT, ".build", "beside")


def program(name):
    """One of our programs, built in release; None while it is not built."""
    path = os.path.join(BESIDE, "release", name)
    return path if os.access(path, os.X_OK) else None


def command_line():
    """dubboctl, of whichever build is the latest; None while there is none."""
    builds = [os.path.join(ROOT, ".build", *path, "dubboctl") for path in (("release",), ("debug",), ("checked", "debug"))]
    return max(filter(os.path.exists, builds), key=os.path.getmtime, default=None)


def peer(*path):
    return os.path.join(PEERS, *path)


class Server:
    """A server process that prints READY <port>. Leaves by SIGTERM, or by SIGKILL ten seconds later."""

    def __init__(self, name, command, prefix=(), **more):
        self.name = name
        self.process = subprocess.Popen([*prefix, *command], stdout=subprocess.PIPE, text=True, **more)
        line = self.process.stdout.readline().split()
        if line[:1] != ["READY"]:
            self.stop()
            sys.exit("%s did not print READY <port>: %s" % (name, " ".join(command)))
        self.port = int(line[1])
        self.target = "127.0.0.1:%d" % self.port

    def stop(self, within=10):
        """Its exit status, or None when it had to be killed."""
        self.process.terminate()
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

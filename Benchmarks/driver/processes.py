"""Processes that are measured: started on a core, their READY line, their CPU time, their memory."""
import glob
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PEERS = os.path.join(ROOT, "Peers")
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
SERVER_CORE, LOAD_CORE = CORES[0], CORES[1 % len(CORES)]


def pinned(core, command):
    return ["taskset", "-c", str(core)] + command


class Server:
    """A server on the server's core; leaves by SIGTERM, or SIGKILL ten seconds later."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(pinned(SERVER_CORE, command), stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        if line[:1] != ["READY"]:
            self.stop()
            sys.exit("%s did not print READY <port>: %s" % (name, " ".join(command)))
        self.port = int(line[1])
        self.target = "127.0.0.1:%d" % self.port

    def cpu(self):
        """Seconds on a CPU of each of its threads, by the scheduler's own account."""
        times = {}
        for path in glob.glob("/proc/%d/task/*/schedstat" % self.process.pid):
            try:
                with open(path) as file:
                    times[path] = int(file.read().split()[0]) / 1e9
            except (OSError, IndexError):
                pass                                            # a thread that has just ended
        return times

    def rss(self):
        """Resident memory in KB."""
        with open("/proc/%d/status" % self.process.pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def spent(before, after):
    return sum(time - before.get(thread, 0) for thread, time in after.items())

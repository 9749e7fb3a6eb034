"""Processes that are measured: on which core they run, their CPU time, their memory."""
import glob
import os

from programs import Server

CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
SERVER_CORE, LOAD_CORE = CORES[0], CORES[1 % len(CORES)]


def pinned(core, command):
    return ["taskset", "-c", str(core)] + command


class MeasuredServer(Server):
    """A server on the server's core. taskset becomes the server, so the process is the server's own."""

    def __init__(self, name, command):
        super().__init__(name, command, prefix=pinned(SERVER_CORE, []))

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


def spent(before, after):
    return sum(time - before.get(thread, 0) for thread, time in after.items())

"""Shared by the Python scripts of this folder: where things are, the READY line, and a runner for named cases."""
import asyncio
import fnmatch
import os
import subprocess
import sys
import time
import traceback

PEERS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
CACHE = os.environ.get("DUBBO_PEERS_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "dubbo-peers")
sys.dont_write_bytecode = True


def use(group, venv="grpcio"):
    """Continues this script under the Python of a set-up group, setting the group up first when it is missing."""
    python = os.path.join(CACHE, "venv-" + venv, "bin", "python")
    if not os.path.exists(os.path.join(CACHE, "venv-" + venv, "installed")):
        if subprocess.run([os.path.join(PEERS, "setup"), group], stdout=sys.stderr).returncode:
            sys.exit("setup %s failed" % group)
    if os.path.realpath(sys.prefix) != os.path.realpath(os.path.join(CACHE, "venv-" + venv)):
        os.execv(python, [python, os.path.realpath(sys.argv[0])] + sys.argv[1:])
    sys.path.insert(0, os.path.join(CACHE, "gen-grpcio"))
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")             # set it to INFO to see what grpcio thinks


def ready(port):
    print("READY %s" % port, flush=True)


def address(text):
    """host:port or port -> (host, port)"""
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)


class Failure(Exception):
    """A case's expectation was not met; the text says what was expected and what came."""


def expect(condition, text):
    if not condition:
        raise Failure(text)


def expect_equal(got, want, what):
    if got != want:
        show = lambda value: repr(value) if len(repr(value)) < 200 else repr(value)[:200] + "…"
        raise Failure("%s: expected %s, got %s" % (what, show(want), show(got)))


def add_case_options(parser):
    parser.add_argument("--only", action="append", default=[], metavar="GLOB", help="run these cases (repeatable)")
    parser.add_argument("--skip", action="append", default=[], metavar="GLOB", help="leave these out (repeatable)")
    parser.add_argument("--list", action="store_true", help="print the names of the cases and stop")
    parser.add_argument("--case-timeout", type=float, default=60, metavar="S", help="limit of one case (60)")


def choose(names, args):
    chosen = [n for n in names if (not args.only or any(fnmatch.fnmatch(n, g) for g in args.only))
              and not any(fnmatch.fnmatch(n, g) for g in args.skip)]
    if args.list:
        print("\n".join(chosen))
        sys.exit(0)
    if not chosen:
        sys.exit("no case matches")
    return chosen


async def run_cases(cases, args, context=None):
    """Runs {name: async function(context)}; one line a case, a last line 'N passed, N failed'; the exit status."""
    passed = failed = 0
    for name in choose(list(cases), args):
        start = time.monotonic()
        try:
            note = await asyncio.wait_for(cases[name](context), args.case_timeout)
            passed += 1
            line = "ok   " + name
        except Exception as error:
            failed += 1
            note = None
            text = "no end after %g s" % args.case_timeout if isinstance(error, asyncio.TimeoutError) else (
                str(error) if isinstance(error, Failure) else "".join(
                    traceback.format_exception_only(type(error), error)).strip().replace("\n", " ")[:600])
            line = "FAIL %s: %s" % (name, text)
        print("%s (%.2f s%s)" % (line, time.monotonic() - start, "; " + note if note else ""), flush=True)
    print("%d passed, %d failed" % (passed, failed), flush=True)
    return 1 if failed else 0

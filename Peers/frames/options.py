"""The options of ./attack, parsed once and read by its parts; what stands after -- is the command that starts a server."""
import argparse
import sys

DESCRIPTION = """Attacks on an HTTP/2 and gRPC server, by hand-made frames, with an honest neighbour calling all the while.

attack --target HOST:PORT --pid SERVER_PID --case all
  attack --case all -- ./server --port 0          starts the server (it prints READY <port>) anew for each case

A case passes when the server lives, the neighbour's calls all succeed and stay fast, memory stays bounded, and a new
connection works afterwards. What the server did to the attacker is told, not judged. Each case is bounded by --seconds
and --connections. The attacker runs at a lower priority than the server, so that its own CPU use does not count.
"""

own, command = sys.argv[1:], []
if "--" in own:
    own, command = own[:own.index("--")], own[own.index("--") + 1:]
parser = argparse.ArgumentParser(description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--target", metavar="HOST:PORT")
parser.add_argument("--pid", type=int, help="the server's process: survival, memory, CPU")
parser.add_argument("--tls", action="store_true", help="attack through TLS; any certificate is taken")
parser.add_argument("--case", action="append", default=[], metavar="NAME|all", help="repeatable, globs allowed")
parser.add_argument("--skip", action="append", default=[], metavar="GLOB")
parser.add_argument("--list", action="store_true")
parser.add_argument("--service", default="/grpc.examples.echo.Echo/", help="path of the Echo service")
parser.add_argument("--http", metavar="PATH", help="the server has no Echo: attack and neighbour GET this path")
parser.add_argument("--seconds", type=float, default=3, help="of each attack (3)")
parser.add_argument("--hold", type=float, default=12, help="how long slow attackers hold on (12)")
parser.add_argument("--connections", type=int, default=40, help="that an attacker opens, one after another (40)")
parser.add_argument("--max-rss", type=float, default=64, metavar="MB", help="growth that fails a case (64)")
parser.add_argument("--p99-factor", type=float, default=2, help="neighbour's p99 may grow so much (2) ...")
parser.add_argument("--p99-floor", type=float, default=10, metavar="MS", help="... or to this (10)")
args = parser.parse_args(own)
if not (args.list or args.target or command):
    parser.error("--target or a server command after -- is required")

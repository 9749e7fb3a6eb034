# Sourced by the shell scripts of this folder: where things are, and how to be root, locked and patient.
PEERS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${DUBBO_PEERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dubbo-peers}
PROTOS=$PEERS/../Protos
mkdir -p "$CACHE"
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Prints a comment block at the top of the script as its help.
help() { sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$0"; }
die() { echo "$(basename "$0"): $*" >&2; exit 2; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# need GROUP PATH: run setup for GROUP when PATH is not there yet.
need() { [ -e "$2" ] || "$PEERS/setup" "$1" >&2 || die "setup $1 failed"; }

# A free TCP port of the loopback interface (free now; nobody reserves it).
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# wait_port PORT SECONDS [PID]: 0 once something accepts there; 1 when time is up or PID has ended.
wait_port() {
  local end=$((SECONDS + $2))
  while [ $SECONDS -le $end ]; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
    if [ -n "${3:-}" ] && ! kill -0 "$3" 2>/dev/null; then return 1; fi
    sleep 0.05
  done
  return 1
}

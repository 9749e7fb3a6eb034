"""Medians over rounds, ratios per round, and the Markdown they are printed as."""
import os
import statistics


class Rounds:
    """What was measured: for each row a list of results, one a round, in the order of the rounds."""

    def __init__(self):
        self.rows = {}

    def add(self, row, result):
        self.rows.setdefault(row, []).append(result)

    def median(self, row, key):
        values = [result[key] for result in self.rows.get(row, []) if result.get(key) is not None]
        return statistics.median(values) if values else None

    def ratio(self, over, under, key="cpu_us"):
        """The median of over/under, each taken within a round, with the lowest and the highest; None without both."""
        pairs = zip(self.rows.get(over, []), self.rows.get(under, []))
        ratios = [a[key] / b[key] for a, b in pairs if b[key]]
        return (statistics.median(ratios), min(ratios), max(ratios)) if ratios else None


def number(value, digits=2):
    return "" if value is None else ("{:,.%df}" % digits).format(value)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


COLUMNS = (("CPU µs/call", "cpu_us", 2), ("calls/s", "calls_per_s", 0), ("p50 µs", "p50_us", 0), ("p99 µs", "p99_us", 0),
           ("RSS MB", "rss_mb", 1), ("server's CPU µs/call", "server_us", 2))


def measured(rounds, prefix):
    """The rows whose names begin with the prefix; a column that none of them has is left out."""
    rows = [row for row in rounds.rows if row.startswith(prefix)]
    columns = [c for c in COLUMNS if any(rounds.median(row, c[1]) is not None for row in rows)]
    return table([""] + [c[0] for c in columns],
                 [[row[len(prefix):]] + [number(rounds.median(row, key), digits) for _, key, digits in columns]
                  for row in rows])


def replace_between(path, begin, end, text):
    """Puts text between two marker lines of a file, adding the markers at its end when they are missing."""
    old = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            old = file.read()
    block = "%s\n\n%s\n\n%s" % (begin, text, end)
    if begin in old and end in old:
        head, rest = old.split(begin, 1)
        new = head + block + rest.split(end, 1)[1]
    else:
        new = (old.rstrip("\n") + "\n\n" if old else "# Performance\n\n") + block + "\n"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(new)

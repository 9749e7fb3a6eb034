"""Routing and choosing among providers: a program that measures itself, in one process and without a network."""
import os
import re
import subprocess

from driver import table
from driver.processes import LOAD_CORE, pinned

CHOICE = re.compile(r"route \+ (\w+), (\d+) providers, 20 rules on (\w+), call (plain|with attachments): (\d+) ns")
OTHER = re.compile(r"(.+): (\d+) (us|ns)")
COLUMNS = (("100", "methods"), ("100", "attachments"), ("10000", "methods"), ("10000", "attachments"))


def build(root, build_it):
    """The program, built in release where the package's own builds are."""
    scratch = os.path.join(root, ".build", "cluster")
    if build_it:
        subprocess.run(["swift", "build", "-c", "release", "--package-path", root, "--scratch-path", scratch,
                        "--product", "dubbo-cluster-benchmark"], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(scratch, "release", "dubbo-cluster-benchmark")


def measure(program, rounds):
    printed = subprocess.run(pinned(LOAD_CORE, [program]), check=True, stdout=subprocess.PIPE, text=True, timeout=600).stdout
    for line in printed.splitlines():
        if match := CHOICE.fullmatch(line):
            balance, count, rules, call, cost = match.groups()
            rounds.add("choice: " + balance, {(count, rules, call): int(cost)})
        elif match := OTHER.fullmatch(line):
            name, cost, unit = match.groups()
            rounds.add("update: " + name, {unit: int(cost)})


def report(rounds):
    """Two tables, as parts of the page; none when nothing was measured."""
    choices = [row for row in rounds.rows if row.startswith("choice: ")]
    if not choices:
        return []

    def cell(row, column):
        return ", ".join(table.number(rounds.median(row, (*column, call)), 0) for call in ("plain", "with attachments"))

    head = ["ns for a call without, with attachments"] + [
        "%s providers, rules on %s" % ("{:,}".format(int(count)), rules) for count, rules in COLUMNS]
    updates = []
    for row in rounds.rows:
        if row.startswith("update: "):
            cost = rounds.median(row, "us") or rounds.median(row, "ns") / 1_000
            updates.append([row[len("update: "):], table.number(cost, 0 if cost >= 10 else 1)])
    return ["**Cluster: asking the directory, 20 condition rules and the choice, CPU time**",
            table.table(head, [[row[len("choice: "):]] + [cell(row, column) for column in COLUMNS] for row in choices]),
            "**Cluster: changes, CPU time**", table.table(["", "µs"], updates)]

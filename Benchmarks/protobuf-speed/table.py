"""Two result files side by side as a Markdown table: ours, C++, and how many times faster ours is. The best of rounds counts."""
import sys


def read(path):
    rows = {}
    for line in open(path):
        name, operation, *rest = line.split()
        if operation == "size" or float(rest[0]) < float(rows.get((name, operation), rest)[0]):
            rows[name, operation] = rest
        rows.setdefault((name, operation), rest)
    return rows


ours, theirs = read(sys.argv[1]), read(sys.argv[2])
print("| message | operation | ours, ns (allocations) | C++, ns (allocations) | times faster |")
print("|---|---|---|---|---|")
slower = []
for (name, operation), (time, count) in ours.items():
    if operation == "size":
        continue
    other, other_count = theirs[name, operation]
    ratio = float(other) / float(time)
    if ratio < 1:
        slower.append("%s %s" % (name, operation))
    print("| %s (%s bytes, JSON %s) | %s | %s (%s) | %s (%s) | %.1f |" % (
        name, *ours[name, "size"], operation, format(float(time), ",.0f"), count.removesuffix(".0"),
        format(float(other), ",.0f"), other_count.removesuffix(".0"), ratio))
print("\nslower than C++: %s" % (", ".join(slower) or "none"))

"""The files that are checked, and Swift text with its comments and strings blanked out, so that rules see code only."""
import bisect
import os
import re
from functools import cached_property

SKIPPED = {".git", ".build", ".swiftpm", "__pycache__", "node_modules"}
TEXT = (".swift", ".md", ".py", ".sh", ".c", ".cc", ".h", ".modulemap", ".proto", ".yaml", ".yml", ".json")
GENERATED = re.compile(r"do not edit", re.IGNORECASE)
TOKEN = re.compile(r'//|/\*|(#*)("""|")|`')


def mask(text):
    """The same text, of the same length and lines, with spaces in place of comments, string contents and raw names."""
    out, at = [], 0
    while match := TOKEN.search(text, at):
        start = match.start()
        if match[0] == "//":
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
        elif match[0] == "/*":
            end = _block_comment(text, start)
        elif match[0] == "`":
            close = text.find("`", start + 1)
            line = text.find("\n", start)
            # A lone back-tick is none of Swift's; go past it.
            end = close + 1 if 0 <= close and (line < 0 or close < line) else start + 1
        else:
            end = _string(text, match.end(), match[1], match[2])
        out.append(text[at:start])
        out.append(re.sub(r"[^\n]", " ", text[start:end]))
        at = end
    out.append(text[at:])
    return "".join(out)


def _block_comment(text, start):
    depth, at = 1, start + 2
    while depth:
        match = re.compile(r"/\*|\*/").search(text, at)
        if not match:
            return len(text)
        depth += 1 if match[0] == "/*" else -1
        at = match.end()
    return at


def _string(text, at, hashes, quote):
    """The end of a string literal whose contents begin at `at`; interpolations may hold further strings."""
    stop = re.compile(r"\\%s\(|\\%s.|%s%s" % (hashes, hashes, quote, hashes) + ("" if quote == '"""' else r"|\n"), re.DOTALL)
    while match := stop.search(text, at):
        at = match.end()
        if match[0].startswith("\\") and match[0].endswith("("):
            at = _interpolation(text, at)
        elif not match[0].startswith("\\"):
            return at
    return len(text)


def _interpolation(text, at):
    depth = 1
    piece = re.compile(r'\(|\)|(#*)("""|")')
    while depth:
        match = piece.search(text, at)
        if not match:
            return len(text)
        at = match.end()
        if match[0] in "()":
            depth += 1 if match[0] == "(" else -1
        else:
            at = _string(text, at, match[1], match[2])
    return at


class File:
    def __init__(self, root, path):
        self.path = path
        with open(os.path.join(root, path), "rb") as file:
            self.text = file.read().decode("utf-8", "replace")
        self.lines = self.text.split("\n")

    @cached_property
    def code(self):
        return mask(self.text)

    @cached_property
    def code_lines(self):
        return self.code.split("\n")

    @cached_property
    def generated(self):
        return any(GENERATED.search(line) for line in self.lines[:8]) and self.path.endswith(".swift")

    @cached_property
    def _starts(self):
        return [0] + [m.end() for m in re.finditer("\n", self.text)]

    def line_of(self, offset):
        return bisect.bisect_right(self._starts, offset)

    @property
    def parts(self):
        return self.path.split("/")

    @property
    def target(self):
        """The target a Swift file under Sources/, Tests/ or Plugins/ belongs to."""
        return self.parts[1] if len(self.parts) > 2 and self.parts[0] in ("Sources", "Tests", "Plugins") else None

    @property
    def is_test(self):
        return "Tests" in self.parts[:-1]


def read_tree(root):
    """Every text file of the project, in order of path. Build products and links are left out."""
    files = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.islink(path):
                continue
            if name.endswith(TEXT) or name in (".swift-format", ".gitignore", "LICENSE") or _is_script(path):
                files.append(File(root, os.path.relpath(path, root)))
    return files


def _is_script(path):
    if not os.access(path, os.X_OK):
        return False
    with open(path, "rb") as file:
        return file.read(2) == b"#!"

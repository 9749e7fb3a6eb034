"""What the code may not contain, with the one-line reason each complaint gives."""
import re

ENGINES = {"DubboHTTP", "DubboIO", "DubboCrypto", "DubboYAML"}
REQUEST_START = "Sources/DubboIO/Loop/RequestStart.swift"
MAX_LINES, MAX_README_LINES = 400, 80

TRAPS = [
    (re.compile(r"\btry!"), "try! ends the process: throw, or handle the error"),
    (re.compile(r"\bfatalError\s*\("), "fatalError ends the process: throw an error that says what to do"),
    (re.compile(r"\bpreconditionFailure\s*\("), "preconditionFailure ends the process: throw, or poison the one stream"),
]
TASK = re.compile(r"\bTask(\.detached|\.immediate|\.immediateDetached)?\s*(<[^<>{}]*>\s*)?(\(|\{)")
UNSAFE = re.compile(r"@unchecked\s+Sendable|\bUnmanaged\b|\bnonisolated\(unsafe\)")
RETAIN = re.compile(r"retain|releas", re.IGNORECASE)
FUNCTION = re.compile(r"\b(?:func|init|deinit)\b")
SLEEP = re.compile(r"\bTask\.sleep\b|(?<!func )(?<![\w.])(?:u|nano)?sleep\s*\(|\bThread\.sleep\b")
STORED_TYPE_VAR = re.compile(r"\b(?:static|class)\s+var\b")
GLOBAL_VAR = re.compile(r"(?<![\w.])var\s+[\w`(]")
SHARED_BOX = re.compile(r"\bstatic\s+let\s+[^={}\n]*=\s*(?:Mutex|Atomic)\b")
NOTE = re.compile(r"\b(%s)\b" % "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")))
MACHINE_PATH = re.compile(r"(?<![\w.~$})-])/(?:%s)(?=/|\b)(?!\.)" % "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me")))


def check(files):
    for file in files:
        if not file.generated:
            yield from _any_text(file)
        if file.path.endswith(".swift") and not file.generated:
            yield from _swift(file)


def _any_text(file):
    for number, line in enumerate(file.lines, 1):
        if (match := NOTE.search(line)) and not file.generated:
            yield file.path, number, "'%s': finish it or open an issue" % match[1]
        if match := MACHINE_PATH.search(line):
            yield file.path, number, "'%s' is a path of one machine" % match[0]
    count = len(file.lines) - (file.lines[-1] == "")
    if file.path == "README.md" and count > MAX_README_LINES:
        yield file.path, count, "the README has %d lines; at most %d" % (count, MAX_README_LINES)
    if count > MAX_LINES and not file.path.endswith((".md", ".json")) and file.path != "LICENSE":
        yield file.path, count, "%d lines; a file holds one idea in at most %d" % (count, MAX_LINES)


def _swift(file):
    code = file.code
    if file.is_test:
        for match in SLEEP.finditer(code):
            yield file.path, file.line_of(match.start()), "a test never sleeps: inject the clock or await the event"
        return
    for pattern, why in TRAPS:
        for match in pattern.finditer(code):
            yield file.path, file.line_of(match.start()), why
    if file.path != REQUEST_START and file.parts[0] == "Sources":
        for match in TASK.finditer(code):
            yield (file.path, file.line_of(match.start()),
                   "a stray task: what lives long has run(); requests start in " + REQUEST_START)
    yield from _unsafe(file)
    yield from _globals(file)


def _unsafe(file):
    seen = set()
    for match in UNSAFE.finditer(file.code):
        number = file.line_of(match.start())
        if number in seen:
            continue
        seen.add(number)
        if file.parts[0] == "Sources" and file.target not in ENGINES and not _protobuf_box(file):
            yield file.path, number, "%s belongs in the engines and loops only" % match[0]
        elif not (_explained(file, number - 1) or (match[0] == "Unmanaged" and _told_elsewhere(file, number - 1))):
            yield file.path, number, "%s without the invariant in a comment directly above" % match[0]


def _protobuf_box(file):
    return file.target == "DubboProtobuf" and ("Box" in file.parts[-1] or "Generated" in file.parts)


def _explained(file, index):
    """A comment stands on the line, or directly above it, its attributes, or the statement or header it belongs to."""
    if file.lines[index].rstrip() != file.code_lines[index].rstrip() and "//" in file.lines[index]:
        return True
    for above in range(index - 1, -1, -1):
        text, code = file.lines[above].strip(), file.code_lines[above].strip()
        if text.startswith(("//", "/*", "*")):
            return True
        part_of_it = code.startswith("@") or UNSAFE.search(code) or code.endswith(("(", ",", "=", "{", "->"))
        if not text or not part_of_it:
            return False
    return False


def _told_elsewhere(file, index):
    """Who retains a handle and which callback releases it may be told once: in the function, above it, or in the file's
    comment on the handle."""
    if any(RETAIN.search(line[line.index("//"):]) for line in file.lines if "//" in line):
        return True
    for above in range(index - 1, -1, -1):
        if file.lines[above].lstrip().startswith("//"):
            return True
        if FUNCTION.search(file.code_lines[above]):
            return _explained(file, above)
    return False


def _globals(file):
    code = file.code
    for match in STORED_TYPE_VAR.finditer(code):
        if _is_stored(code, match.end()):
            yield file.path, file.line_of(match.start()), "mutable type-level state: pass a value in instead"
    for match in SHARED_BOX.finditer(code):
        yield file.path, file.line_of(match.start()), "a shared box is a mutable global: pass a value in instead"
    if file.parts[-1] == "main.swift":
        return
    for match in GLOBAL_VAR.finditer(code):
        before = code[:match.start()]
        if before.count("{") == before.count("}") and before.count("(") == before.count(")"):
            if _is_stored(code, match.end()):
                yield file.path, file.line_of(match.start()), "a mutable global: pass a value in instead"


def _is_stored(code, at):
    """A declaration is stored when '=' or the end of its line comes before the brace of a getter."""
    for character in code[at:]:
        if character == "=" or character == "\n":
            return True
        if character == "{":
            return False
    return True

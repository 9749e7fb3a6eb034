"""Feeds the rules small trees, good and bad. A rule that complains of nothing bad, or of something good, fails here."""
import os
import tempfile

from checks import floors, patterns, tree

QUOTES = '"""'
# name: (path, text, part of the complaint expected, or None where there must be none)
CASES = {
    "a lower floor": ("Sources/DubboHTTP/A.swift", "import DubboCore\ninternal import CNghttp2\n", None),
    "a higher floor": ("Sources/DubboCore/A.swift", "import DubboHTTP\n", "DubboCore (floor 0) may not import DubboHTTP"),
    "a sibling": ("Sources/DubboHTTP/A.swift", "public import DubboCrypto\n", "may not import DubboCrypto"),
    "one declaration": ("Sources/DubboHTTP/A.swift", "import struct DubboIO.Loop\n", "may not import DubboIO"),
    "an attribute": ("Sources/DubboHTTP/A.swift", "@_exported import DubboIO\n", "may not import DubboIO"),
    "a testable import": ("Sources/DubboHTTP/A.swift", "@testable import DubboIO\n", "may not import DubboIO"),
    "another's C library": ("Sources/DubboIO/A.swift", "internal import CNghttp2\n", "only DubboHTTP may import CNghttp2"),
    "a C library let out": ("Sources/DubboHTTP/A.swift", "import CNghttp2\n", "write 'internal import CNghttp2'"),
    "a C library in a test": ("Tests/DubboIOTests/A.swift", "internal import CZlib\n", "only DubboTriple may import CZlib"),
    "an unknown target": ("Sources/DubboMisc/A.swift", "let a = 1\n", "has no floor"),
    "an unknown module": ("Sources/DubboIO/A.swift", "import NIOCore\n", "NIOCore is no module"),
    "Foundation in the core": ("Sources/DubboCore/A.swift", "import Foundation\n", "does without Foundation"),
    "Foundation where there are no essentials": (
        "Sources/DubboRegistry/A.swift",
        "#if canImport(FoundationEssentials)\n  import FoundationEssentials\n#else\n  import Foundation\n#endif\n", None),
    "whole Foundation in a registry": ("Sources/DubboRegistry/A.swift", "import Foundation\n", "does without Foundation"),
    "libc beside the platform": ("Sources/DubboCore/A.swift", "import Glibc\n", "Platform.swift"),
    "libc in the platform": ("Sources/DubboCore/Platform.swift", "import Glibc\n", None),
    "a test that looks up": ("Tests/DubboCoreTests/A.swift", "import Dubbo\n", "a test of floor 0 imports Dubbo"),
    "a test that looks down": ("Tests/DubboTests/A.swift", "import Testing\nimport DubboIO\n@testable import Dubbo\n", None),
    "an example below the roof": ("Examples/Sources/a/A.swift", "import DubboTriple\n", "an example imports Dubbo"),
    "an import in a comment": ("Sources/DubboCore/A.swift", "/* a\nimport DubboIO\n*/\nlet a = 1\n", None),

    "a forced try": ("Sources/DubboCore/A.swift", "let a = try! b()\n", "try!"),
    "a forced try in a test": ("Tests/DubboCoreTests/A.swift", "let a = try! b()\n", None),
    "a trap": ("Sources/DubboCore/A.swift", "func a() { fatalError(\"b\") }\n", "fatalError"),
    "a trap in a string": ("Sources/DubboCore/A.swift", "let a = \"fatalError(\" // try! fatalError(\n", None),
    "a trap after a nested string": (
        "Sources/DubboCore/A.swift", "let a = \"x\\(b(\"c\"))\"; func d() { preconditionFailure() }\n", "preconditionFailure"),
    "a trap after a long string": (
        "Sources/DubboCore/A.swift", "let a = #%s\n\" \\(b)\n%s#\nfunc d() { fatalError() }\n" % (QUOTES, QUOTES), ":4: "),
    "a raw name": ("Sources/DubboCore/A.swift", "func `try! \" it`() {}\nfunc a() { fatalError() }\n", ":2: "),
    "a stray task": ("Sources/DubboCore/A.swift", "func a() { Task { b() } }\n", "a stray task"),
    "a detached task": ("Sources/DubboIO/A.swift", "func a() { Task.detached { b() } }\n", "a stray task"),
    "an immediate task": ("Sources/DubboIO/A.swift", "func a() { _ = Task.immediate(name: \"b\") { c() } }\n", "a stray task"),
    "a typed task": ("Sources/DubboIO/A.swift", "func a() { Task<Void, Never> { b() } }\n", "a stray task"),
    "the one start": (patterns.REQUEST_START, "func a() { Task.immediate { b() } }\n", None),
    "a group's task": ("Sources/DubboIO/A.swift", "func a() { group.addTask { b() }; Task.isCancelled }\n", None),

    "unchecked above the engines": ("Sources/DubboCluster/A.swift", "// Why.\nclass A: @unchecked Sendable {}\n", "engines"),
    "unchecked without a reason": ("Sources/DubboIO/A.swift", "let b = 1\nclass A: @unchecked Sendable {}\n", "invariant"),
    "unchecked with a reason": ("Sources/DubboIO/A.swift", "// Why.\n@safe\nfinal class A: @unchecked Sendable {}\n", None),
    "unmanaged with a reason": ("Sources/DubboIO/A.swift", "// Why.\nlet a = b(\n  1,\n  Unmanaged.c(d))\n", None),
    "unmanaged without": ("Sources/DubboIO/A.swift", "func a() {\n  let c = 1\n  b(Unmanaged.c(d))\n}\n", "invariant"),
    "unmanaged, told above the function": (
        "Sources/DubboIO/A.swift", "/// Why.\nfunc a() {\n  let c = 1\n  b(Unmanaged.c(d))\n}\n", None),
    "unmanaged, told of the handle": (
        "Sources/DubboIO/A.swift", "/// Retained until closed.\nclass A {\n  func a() {\n    b(Unmanaged.c(d))\n  }\n}\n", None),
    "unsafe without": ("Sources/DubboHTTP/A.swift", "\nnonisolated(unsafe) let a = b\n", "invariant"),
    "a stored type variable": ("Sources/DubboCore/A.swift", "enum A { static var b = 1 }\n", "mutable type-level"),
    "a computed type variable": ("Sources/DubboCore/A.swift", "enum A {\n  static var b: Int { 1 }\n}\n", None),
    "a shared box": ("Sources/DubboCore/A.swift", "enum A { static let b = Mutex(1) }\n", "mutable global"),
    "a global variable": ("Sources/DubboCore/A.swift", "package var a = 1\n", "a mutable global"),
    "a computed global": ("Sources/DubboCore/A.swift", "var a: Int { 1 }\n", None),
    "a local variable": ("Sources/DubboCore/A.swift", "func a() {\n  var b = 1\n}\n", None),
    "a sleep in a test": ("Tests/DubboCoreTests/A.swift", "try await Task.sleep(for: .seconds(1))\n", "never sleeps"),
    "a C sleep in a test": ("Tests/DubboCoreTests/A.swift", "usleep(10)\n", "never sleeps"),
    "a clock of one's own": ("Tests/DubboCoreTests/A.swift", "func sleep(until: I) {}\nawait clock.sleep(until: b)\n", None),
    "a note": ("Sources/DubboCore/A.swift", "// TO" + "DO: later\n", "finish it"),
    "a note in a document": ("notes.md", "HA" + "CK\n", "finish it"),
    "a machine's path": ("README.md", "see /ho" + "me/ann/x\n", "path of one machine"),
    "an address": ("README.md", "see https://example.org/home and a/work/b and $D/root\n", None),
    "a long file": ("Sources/DubboCore/A.swift", "let a = 1\n" * 401, "401 lines"),
    "a file of the right length": ("Sources/DubboCore/A.swift", "let a = 1\n" * 400, None),
    "a long README": ("README.md", "a\n" * 81, "at most 80"),
    "generated code": ("Sources/Dubbo/A.swift", "// Generated. DO NOT EDIT.\n// TO" + "DO: b\nlet a = try! b()\n" + "let a = 1\n" * 500, None),
}


def complaints_of(path, text):
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8") as file:
            file.write(text)
        files = tree.read_tree(root)
        return ["%s:%d: %s" % complaint for check in (floors.check, patterns.check) for complaint in check(files)]


def run():
    failed = 0
    for name, (path, text, expected) in CASES.items():
        got = complaints_of(path, text)
        if (got if expected is None else not any(expected in line for line in got)):
            failed += 1
            print("FAIL %s: expected %s, got %s" % (name, "no complaint" if expected is None else repr(expected), got))
    print("dev/check --self-test: %d passed, %d failed" % (len(CASES) - failed, failed))
    return 1 if failed else 0

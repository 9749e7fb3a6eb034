"""The architecture: which target may import which. The picture beside it is in Documentation.docc/Design.md."""
import re

# target: (floor, modules of this package it may import, the C modules whose engine it is)
CORE, HTTP, CRYPTO, PROTOBUF, YAML = "DubboCore", "DubboHTTP", "DubboCrypto", "DubboProtobuf", "DubboYAML"
IO, CLUSTER, TRIPLE, REGISTRY = "DubboIO", "DubboCluster", "DubboTriple", "DubboRegistry"
ADAPTER = {CORE, CRYPTO, PROTOBUF, HTTP, IO, CLUSTER, TRIPLE, REGISTRY}
FLOORS = {
    CORE: (0, set(), set()),
    HTTP: (1, {CORE}, {"CNghttp2"}),
    CRYPTO: (1, {CORE}, {"COpenSSL"}),
    PROTOBUF: (1, {CORE}, set()),
    YAML: (1, {CORE}, {"CLibyaml"}),
    "DubboHTTPBenchmark": (2, {CORE, HTTP}, set()),
    IO: (2, {CORE, CRYPTO}, {"CLibuv"}),
    CLUSTER: (2, {CORE, YAML, CRYPTO}, set()),
    "DubboFoundation": (2, {PROTOBUF}, set()),
    "TestDoubles": (2, {CORE, CRYPTO, IO}, set()),
    TRIPLE: (3, {CORE, CRYPTO, HTTP, IO, PROTOBUF}, {"CZlib"}),
    REGISTRY: (3, {CORE, CLUSTER, IO}, set()),
    "DubboZooKeeper": (4, ADAPTER, set()),
    "DubboNacos": (4, ADAPTER, set()),
    "Dubbo": (5, ADAPTER | {YAML, "DubboZooKeeper", "DubboNacos"}, set()),
    # Messages and stubs of the samples, for tests: generated, and used by tests only.
    "GeneratedSamples": (5, {"Dubbo", PROTOBUF}, set()),
    "DubboCodeGen": (6, {PROTOBUF}, set()),
    "protoc-gen-dubbo-swift": (6, {"DubboCodeGen", PROTOBUF}, set()),
    "dubboctl": (6, {"Dubbo", PROTOBUF}, set()),                # PROTOBUF in generated messages
    "DubboTesting": (6, {"Dubbo", "TestDoubles"}, set()),
    # Committed output of the generator, for tests.
    "GeneratedSamples": (5, {"Dubbo", PROTOBUF}, set()),
    # Programs that measure one engine from inside the package.
    "DubboClusterBenchmark": (3, {CORE, CLUSTER}, set()),
    "DubboHTTPBenchmark": (2, {CORE, HTTP}, set()),
    # A whole consumer and its providers in one thread, for tests.
    "DubboSimulation": (4, {CORE, IO, CLUSTER, TRIPLE, REGISTRY, "TestDoubles"}, set()),
    "DubboSimulationProgram": (4, {"DubboSimulation"}, set()),
}

LIBC = {"Glibc", "Musl", "Darwin", "Bionic"}
LIBC_TARGETS = {IO, "protoc-gen-dubbo-swift", "dubboctl"}      # and one Platform.swift in any target
ESSENTIALS_TARGETS = {"DubboFoundation", REGISTRY, "DubboZooKeeper", "DubboNacos", "Dubbo", "dubboctl", "DubboTesting"}
FOUNDATION_TARGETS = {"dubboctl"}
ALWAYS = {"Swift", "Synchronization"}

IMPORT = re.compile(
    r"^[ \t]*((?:@\w+(?:\([^)\n]*\))?[ \t]+)*)(?:(public|package|internal|fileprivate|private)[ \t]+)?import[ \t]+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ \t]+)?(\w+(?:-\w+)*)", re.MULTILINE)


def imports(file):
    """(line, access or None, module) of each import."""
    for match in IMPORT.finditer(file.code):
        yield file.line_of(match.start(3)), match[2], match[3]


def check(files):
    for file in files:
        if not file.path.endswith(".swift") or file.parts[0] not in ("Sources", "Tests", "Examples"):
            continue
        if file.parts[0] == "Examples":
            yield from () if file.generated else _example(file)
        elif file.target:
            target = file.target.removesuffix("Tests") if file.parts[0] == "Tests" else file.target
            if target not in FLOORS:
                yield file.path, 1, "target '%s' has no floor; give it one in dev/checks/floors.py" % file.target
            else:
                modules = {module for _, _, module in imports(file)}
                for line, access, module in imports(file):
                    if complaint := _judge(file, target, module, access, modules):
                        yield file.path, line, complaint


def _judge(file, target, module, access, modules):
    floor, allowed, engine_of = FLOORS[target]
    testing = file.parts[0] == "Tests"
    if module in ALWAYS or module == target or (testing and module in ("Testing", "TestDoubles")):
        return None
    if any(module in engines for _, _, engines in FLOORS.values()):
        if module not in engine_of:
            owner = next(name for name, row in FLOORS.items() if module in row[2])
            return "only %s may import %s" % (owner, module)
        return None if access == "internal" else "write 'internal import %s': no C type leaves its engine" % module
    if module in LIBC:
        if testing or target in LIBC_TARGETS or file.parts[-1] == "Platform.swift":
            return None
        return "%s may touch libc only in a Platform.swift of its own" % target
    if module in ("Foundation", "FoundationEssentials"):
        if testing or target in FOUNDATION_TARGETS:
            return None
        if target in ESSENTIALS_TARGETS and (module == "FoundationEssentials" or "FoundationEssentials" in modules):
            return None
        return "%s does without %s" % (target, module)
    if module in FLOORS:
        other = FLOORS[module][0]
        if testing:
            return None if other <= floor else "a test of floor %d imports %s of floor %d" % (floor, module, other)
        return None if module in allowed else "%s (floor %d) may not import %s (floor %d)" % (target, floor, module, other)
    return "%s is no module that %s may import" % (module, target)


def _example(file):
    """Examples prove that one import is enough."""
    for line, _, module in imports(file):
        if module in FLOORS and module != "Dubbo":
            yield file.path, line, "an example imports Dubbo, not %s" % module

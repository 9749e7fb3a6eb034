"""The shared libraries that one of our programs may be linked to, directly or through others, and why."""
import re
import shutil
import subprocess

EXPECTED = {
    "the system": r"linux-vdso|ld-linux[\w-]*|libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\+\+",
    "Swift's own": r"libswiftCore|libswift_\w+|libswiftGlibc|libswiftSynchronization|libdispatch|libBlocksRuntime",
    "JSON": r"libFoundationEssentials",
    "what sockets stand on": r"libuv",
    "what HTTP/2 stands on": r"libnghttp2",
    "what TLS stands on": r"libssl|libcrypto",
    "what compresses messages": r"libz",
    "what configuration files stand on": r"libyaml-0",
}


def unexpected_libraries(binary):
    """The names of the others; None on a machine without ldd."""
    if not shutil.which("ldd"):
        return None
    listed = subprocess.run(["ldd", binary], stdout=subprocess.PIPE, text=True, check=True).stdout
    names = [line.split()[0].rsplit("/", 1)[-1] for line in listed.splitlines() if line.strip()]
    known = re.compile(r"(?:%s)(?:\.so[\w.]*|-\d[\w.]*\.so[\w.]*)" % "|".join(EXPECTED.values()))
    return sorted(name for name in names if not known.fullmatch(name))

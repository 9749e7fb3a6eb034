#!/usr/bin/env python3
"""Does what the page Getting started says, outside of this repository: writes its files, builds the package, and lets its
consumer call its provider. The library is built in the scratch path that all packages beside it share."""
import os
import re
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from programs import BESIDE, ROOT, program  # noqa: E402

PAGE = os.path.join(ROOT, "Sources", "Dubbo", "Documentation.docc", "GettingStarted.md")
PRINTED = ["Hello, Ada!", "Hello, Grace!", "Hello, Edsger!"]


def files(page):
    """Each file of the page: a path in back quotes, a block of code behind the end of its sentence."""
    return re.findall(r"`([\w./-]+\.\w+)`[^`]*:\n\n```\w+\n(.*?)```\n", page, re.DOTALL)


def main():
    with open(PAGE) as page:
        found = files(page.read())
    with tempfile.TemporaryDirectory() as folder:
        for path, text in found:
            text = text.replace('path: "../dubbo-swift"', 'name: "dubbo-swift", path: "%s"' % ROOT)
            text = text.replace("/tmp/greetings", os.path.join(folder, "registry"))
            path = os.path.join(folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
        subprocess.run(
            ["swift", "build", "--package-path", folder, "--scratch-path", BESIDE, "-c", "release",
             "--disable-build-manifest-caching"], check=True)
        provider = subprocess.Popen([program("provider")])
        try:
            done = subprocess.run([program("consumer")], stdout=subprocess.PIPE, text=True, timeout=60)
        finally:
            provider.send_signal(signal.SIGTERM)
            status = provider.wait(30)
    if done.stdout.split("\n")[:-1] != PRINTED or done.returncode or status:
        sys.exit("FAIL getting started: the consumer ended with %d, the provider with %d, and this was printed:\n%s"
                 % (done.returncode, status, done.stdout))
    print("ok   getting started: %d files" % len(found))


if __name__ == "__main__":
    main()

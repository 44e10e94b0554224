"""Whether every patch of the museum still says what it must, and fits the tree that it is for.

Usage: check_patches.py ROOT

`./dev museum` builds and runs them, which takes long; that one no longer applies is seen here.
"""

import glob
import os
import re
import sys

HEADERS = ("Kind", "What", "Caught-by", "Build", "Run")
HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def hunks(lines):
    """The lines that each hunk expects to find: pairs of file name and text."""
    name = None
    at = 0
    while at < len(lines):
        if lines[at].startswith("--- a/"):
            name = lines[at][len("--- a/"):].rstrip("\n")
        match = HUNK.match(lines[at])
        at += 1
        if match is None:
            continue
        left = int(match.group(1) or 1)
        expected = []
        while left > 0:
            if not lines[at].startswith("+"):
                expected.append(lines[at][1:])
                left -= 1
            at += 1
        yield name, "".join(expected)


def complaints(root, path):
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    for header in HEADERS:
        if not any(line.startswith(header + ": ") for line in lines):
            yield "has no line '%s: …'" % header
    found = False
    for name, expected in hunks(lines):
        found = True
        with open(os.path.join(root, name), encoding="utf-8") as file:
            if file.read().count(expected) != 1:
                yield "does not apply to %s any more" % name
    if not found:
        yield "changes nothing"


def main(root):
    patches = sorted(glob.glob(os.path.join(root, "tests", "museum", "*.patch")))
    wrong = ["%s: %s" % (os.path.basename(path), complaint)
             for path in patches for complaint in complaints(root, path)]
    print("\n".join(wrong) or "%d patches" % len(patches))
    return 1 if wrong or not patches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

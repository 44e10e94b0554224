"""Checks our Python files: the grammar of Python 3.8, no unused import, no over-long line.

Usage: check_python.py ROOT. Prints findings as file:line: words; exits with 1 if there are any.
Files below a folder named `data` are test material, often broken on purpose, and are left out.
"""

import ast
import os
import sys

OLDEST_PYTHON = (3, 8)  # what scripts and the worker may be run with
LONGEST_LINE = 100
SKIPPED_FOLDERS = {"node_modules", "__pycache__", "data"}


def python_files(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name
            for name in folders
            if name not in SKIPPED_FOLDERS and not name.startswith((".", "build"))
        )
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))


def unused_imports(tree):
    imported = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                imported[(alias.asname or alias.name).split(".")[0]] = node.lineno
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return [(line, name) for name, line in imported.items() if name not in used]


def findings(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        tree = ast.parse(text, path, feature_version=OLDEST_PYTHON)
    except SyntaxError as error:
        yield error.lineno or 1, "does not parse as Python %d.%d: %s" % (*OLDEST_PYTHON, error.msg)
        return
    for line, name in unused_imports(tree):
        yield line, "imports %s and does not use it" % name
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            yield number, "has %d columns, more than %d" % (len(line), LONGEST_LINE)


def main(root):
    clean = True
    for path in python_files(root):
        for line, words in findings(path):
            print("%s:%d: %s" % (os.path.relpath(path, root), line, words))
            clean = False
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

# A script's code: compiled, got ready and loaded. Stands before spare.py in the same program.
# Standard library only, Python 3.8 and newer.

import marshal
import sys

NAME = "<migrationd>"
MODULE = "telec_script"

# Parts of Python, without effects of their own: imported ahead for a prepared script that names
# them.
HARMLESS = frozenset((
    "argparse", "base64", "collections", "configparser", "contextlib", "copy", "csv", "dataclasses",
    "datetime", "decimal", "enum", "fnmatch", "functools", "glob", "gzip", "hashlib", "itertools",
    "json", "logging", "math", "operator", "pathlib", "random", "re", "shlex", "shutil", "sqlite3",
    "stat", "string", "struct", "subprocess", "tempfile", "textwrap", "threading", "types",
    "typing", "uuid", "zipfile", "zlib"))


class Script:
    def __init__(self, path, source, code=b""):
        self.path = path.decode("utf-8", "surrogateescape")
        self.source = source
        self.code = marshal.loads(code) if code else None

    def compile(self):
        if self.code is None:
            self.code = compile(self.source, self.path, "exec", dont_inherit=True)
        return self.code

    def prepare(self):
        """All that can be done without executing any of it."""
        try:
            for name in self.compile().co_names:
                if name in HARMLESS:
                    __import__(name)
        except Exception:
            pass  # It comes again, and is told, when the script is loaded.

    def load(self):
        module = type(sys)(MODULE)
        module.__file__ = self.path
        sys.modules[MODULE] = module  # Where dataclasses and pickle look for it.
        exec(self.compile(), module.__dict__)
        return module


def codes(fields):
    """For path, source, path, source … the code; nothing where compiling has something to say."""
    import _warnings
    _warnings.filters[:] = [("error", None, Warning, None, 0)]
    answers = []
    for at in range(0, len(fields), 2):
        try:
            answers.append(marshal.dumps(Script(*fields[at:at + 2]).compile()))
        except Exception:
            answers.append(b"")
    return answers

"""Where it is measured: a scratch folder on a real disk, the programs, the options."""

import os
import shutil
import tempfile

import catalogues
import timing

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PYTHON = "/usr/bin/python3"


class Lab:
    """Use as a context: the scratch folder goes with it."""

    def __init__(self, options):
        self.options = options
        self.programs = os.path.abspath(options.bin)
        self.scratch = None
        self.sockets = None
        self.made = 0

    def __enter__(self):
        os.umask(0o022)  # The daemon of root refuses what others can write to.
        os.makedirs(self.options.folder, exist_ok=True)
        self.scratch = tempfile.mkdtemp(prefix="scratch-", dir=os.path.abspath(self.options.folder))
        self.sockets = tempfile.mkdtemp(prefix="bench-")  # Their paths must be short.
        return self

    def __exit__(self, *error):
        shutil.rmtree(self.scratch, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def program(self, name):
        return os.path.join(self.programs, name)

    def say(self, words):
        print("== " + words, flush=True)

    def fresh_folder(self, name):
        self.made += 1
        path = os.path.join(self.scratch, "%d-%s" % (self.made, name))
        os.mkdir(path)
        return path

    def migrations(self, kind, count):
        """The folder of `count` migrations of a kind; made once."""
        path = os.path.join(self.scratch, "%s-%d" % (kind, count))
        if not os.path.exists(path):
            getattr(catalogues, kind)(path, count)
        return path

    def run(self, command, output=os.devnull):
        return timing.run(command, os.path.join(self.scratch, "stderr"), self.environment(), output)

    def environment(self):
        """Nothing of the user's own: no configuration, no address of another daemon."""
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self.scratch, "LANG": "C.UTF-8"}

"""Who is measured: each can be given a number of pending migrations and be told to migrate.

A contestant has a `name`, the `kind` of its migrations (see catalogues.py), and:
  prepare(count)  a state of its own in which `count` migrations are pending; not measured
  migrate()       the command that applies what is pending
  status()        the command that tells what is; None when there is no such command
  release()       the end of what prepare() began; not measured
"""

import os
import shutil

import daemon
import lab as lab_module
import peers


class Telec:
    """`telec migrate` and a running daemon that has seen the catalogue: the usual installation."""

    name = "telec"

    def __init__(self, lab):
        self.lab = lab
        self.daemon = None

    def prepare(self, count):
        self.daemon = daemon.Daemon(self.lab, self.lab.migrations("scripts", count))
        self.lab.run(self.daemon.telec("--dry-run"))

    def migrate(self):
        return self.daemon.telec()

    def status(self):
        return self.daemon.telec("status")

    def release(self):
        self.daemon.end()


class TelecLocal:
    """`telec migrate --local`: the daemon is started, and learns the catalogue, within the time."""

    name = "telec --local"

    def __init__(self, lab):
        self.lab = lab
        self.arguments = None

    def prepare(self, count):
        folder = self.lab.fresh_folder("local")
        configuration = os.path.join(folder, "migrationd.toml")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write("# Everything is as it is by default.\n")
        self.arguments = [
            "--local", "--config", configuration,
            "--migrations", self.lab.migrations("scripts", count),
            "--state", os.path.join(folder, "migration_state.json")]

    def migrate(self):
        return [self.lab.program("telec"), "migrate", *self.arguments]

    def status(self):
        return [self.lab.program("telec"), "migrate", "status", *self.arguments]

    def release(self):
        pass


class Reference:
    """bench/reference.py: one Python process, a state file rewritten and synced after each."""

    name = "reference"

    def __init__(self, lab):
        self.lab = lab
        self.arguments = None

    def prepare(self, count):
        state = os.path.join(self.lab.fresh_folder("reference"), "state.json")
        self.arguments = [self.lab.migrations("scripts", count), state]

    def command(self, verb):
        script = os.path.join(lab_module.ROOT, "bench", "reference.py")
        return [lab_module.PYTHON, "-B", script, verb, *self.arguments]

    def migrate(self):
        return self.command("migrate")

    def status(self):
        return self.command("status")

    def release(self):
        pass


class Dbmate:
    """SQL on SQLite, each migration a transaction; its own program, not the wrapper in Node."""

    name = "dbmate"

    def __init__(self, lab, program):
        self.lab = lab
        self.program = program
        self.arguments = None

    def prepare(self, count):
        database = os.path.join(self.lab.fresh_folder("dbmate"), "database.sqlite3")
        self.arguments = [
            self.program, "--url", "sqlite:" + database, "--no-dump-schema",
            "--migrations-dir", self.lab.migrations("sql_files", count)]

    def migrate(self):
        return [*self.arguments, "up"]

    def status(self):
        return [*self.arguments, "status"]

    def release(self):
        pass


class Umzug:
    """JavaScript in one Node process, the record in SQLite."""

    name = "umzug"

    def __init__(self, lab, script):
        self.lab = lab
        self.script = script
        self.arguments = None

    def prepare(self, count):
        database = os.path.join(self.lab.fresh_folder("umzug"), "database.sqlite3")
        self.arguments = [self.lab.migrations("javascript_files", count), database]

    def command(self, verb):
        return [shutil.which("node"), self.script, verb, *self.arguments]

    def migrate(self):
        return self.command("up")

    def status(self):
        return self.command("status")

    def release(self):
        pass


def all_of(lab):
    """Everybody who is here; says who is not."""
    found = [Telec(lab), TelecLocal(lab), Reference(lab)]
    if not lab.options.no_peers:
        installed = peers.install(lab)
        if installed:
            found += [Dbmate(lab, installed.dbmate), Umzug(lab, installed.umzug)]
    return found

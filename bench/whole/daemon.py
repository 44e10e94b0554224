"""A migrationd of our own, with its own state and socket."""

import os
import shutil
import signal
import subprocess
import time

START_LIMIT = 60


class Daemon:
    """Runs from its making until end(). `settings`: lines of TOML for its configuration."""

    def __init__(self, lab, migrations, settings=""):
        self.lab = lab
        folder = lab.fresh_folder("daemon")
        self.state = os.path.join(folder, "state", "migration_state.json")
        self.socket = os.path.join(lab.sockets, "%d.sock" % lab.made)
        configuration = os.path.join(folder, "migrationd.toml")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write("# What is not said here is as it is by default.\n" + settings)
        self.log = os.path.join(folder, "log")
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [lab.program("migrationd"), "--config", configuration, "--migrations", migrations,
                 "--state", self.state, "--socket", self.socket],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=lab.environment())
        self.await_socket()

    def await_socket(self):
        limit = time.monotonic() + START_LIMIT
        while True:
            # Not by a connection: the daemon gets ready for a run when somebody comes.
            with open(self.log, encoding="utf-8", errors="replace") as log:
                said = log.read()
            if "listening on" in said:
                return
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("migrationd did not start: " + said)
            time.sleep(0.005)

    def telec(self, *words):
        """The command that asks this daemon."""
        return [self.lab.program("telec"), "migrate", *words, "--host", "unix:" + self.socket]

    def memory(self, key="VmRSS"):
        """Resident memory in MiB: now (VmRSS) or at most so far (VmHWM)."""
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as file:
            for line in file:
                if line.startswith(key + ":"):
                    return int(line.split()[1]) / 1024
        raise RuntimeError("no %s in /proc" % key)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(START_LIMIT)

    def forget(self):
        """Removes its state, once it has ended."""
        shutil.rmtree(os.path.dirname(self.state), ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.end()

"""A run with 100 watchers, `telec migrate watch` each, beside the same run with none.

The first migration holds the run until all watchers have shown what was there, and is then let go:
what is measured is the rest of the run, until its own client ends.
"""

import os
import select
import subprocess
import time

import catalogues
import daemon
import timing

SCENARIO = "watchers"
WATCHERS = 100
LIMIT = 120

GATE = '''"""Waits until the watchers are there."""
import os


def check():
    return "PASSED" in os.environ


def migrate():
    with open(%(gate)r, "rb") as gate:
        gate.read()
    os.environ["PASSED"] = "yes"
    return True
'''


def measure(lab, figures):
    count = min(1000, max(lab.options.counts))
    watchers = WATCHERS if count >= 500 else 3
    lab.say("%d watchers of %d migrations" % (watchers, count))
    gate = os.path.join(lab.sockets, "gate")
    os.mkfifo(gate)
    migrations = os.path.join(lab.fresh_folder("watched"), "migrations")
    catalogues.scripts(migrations, count)
    os.mkdir(os.path.join(migrations, "v0.1.0"))
    catalogues.write(os.path.join(migrations, "v0.1.0"), "001_gate.py", GATE % {"gate": gate})

    walls = timing.in_turn(
        lab.options.rounds, [0, watchers], lambda many: watched_run(lab, migrations, gate, many))
    for many, values in walls.items():
        subject = "run with %d watchers" % many if many else "run with none"
        figures.add(SCENARIO, subject, [1000 * wall for wall in values], "ms", count)
    figures.aim(SCENARIO, "run with %d watchers / with none" % watchers,
                timing.ratio(walls[watchers], walls[0]), 1.2)


def watched_run(lab, migrations, gate, many):
    with daemon.Daemon(lab, migrations) as migrationd:
        shown = lab.fresh_folder("shown")
        run = start(lab, migrationd.telec(), os.path.join(shown, "run"))
        await_words([os.path.join(shown, "run")], b"Run 1-")
        files = [os.path.join(shown, str(i)) for i in range(many)]
        watching = [start(lab, migrationd.telec("watch"), file) for file in files]
        await_words(files, b"Run 1-")
        begin = time.perf_counter()
        with open(gate, "wb"):
            pass
        await_end(run)
        wall = time.perf_counter() - begin
        codes = [watcher.wait(LIMIT) for watcher in watching]
    if run.wait() != 0 or any(codes):
        raise timing.CommandFailed("the watched run or one of its watchers failed; see " + shown)
    return wall


def start(lab, command, output):
    with open(output, "wb") as file:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                env=lab.environment())


def await_end(process):
    """As process.wait(LIMIT), which looks every 50 ms only, would be too coarse."""
    ended = os.pidfd_open(process.pid)
    try:
        if not select.select([ended], [], [], LIMIT)[0]:
            raise RuntimeError("a command did not end")
    finally:
        os.close(ended)


def await_words(files, words):
    limit = time.monotonic() + LIMIT
    for path in files:
        while True:
            with open(path, "rb") as file:
                if words in file.read():
                    break
            if time.monotonic() > limit:
                raise RuntimeError("nothing came in " + path)
            time.sleep(0.01)

"""Resident memory of the daemon: idle, after 10,000 migrations, and at rest again."""

import time

import daemon

SCENARIO = "memory"
MIGRATIONS = 10000
# The daemon gives back what only work needs once nothing has happened for ten seconds.
REST_SECONDS = 12


def measure(lab, figures):
    count = min(MIGRATIONS, 10 * max(lab.options.counts))
    lab.say("memory, %d migrations" % count)
    with daemon.Daemon(lab, lab.migrations("scripts", count)) as migrationd:
        idle = migrationd.memory()
        lab.run(migrationd.telec())
        after, most = migrationd.memory(), migrationd.memory("VmHWM")
        if count == MIGRATIONS:
            time.sleep(REST_SECONDS)
        rest = migrationd.memory()
    figures.add(SCENARIO, "daemon, idle", [idle], "MiB")
    figures.add(SCENARIO, "daemon, after the run", [after], "MiB", count)
    figures.add(SCENARIO, "daemon, at rest again", [rest], "MiB", count)
    figures.add(SCENARIO, "daemon, at most", [most], "MiB", count)
    figures.aim(SCENARIO, "daemon, idle", idle, 12, "MiB")
    figures.aim(SCENARIO, "daemon, right after %d migrations" % count, after, 24, "MiB")
    figures.aim(SCENARIO, "daemon, after %d migrations, at rest" % count, rest, 24, "MiB")

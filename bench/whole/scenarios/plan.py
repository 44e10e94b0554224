"""The plan of 10,000 scripts: the first one, static parse included, and one after that."""

import statistics

import daemon

SCENARIO = "plan"
SCRIPTS = 10000
AGAIN = 5


def measure(lab, figures):
    count = min(SCRIPTS, 10 * max(lab.options.counts))
    lab.say("plan of %d scripts" % count)
    migrations = lab.migrations("scripts", count)
    cold, again = [], []
    for _ in range(lab.options.rounds):
        with daemon.Daemon(lab, migrations) as migrationd:
            plan = migrationd.telec("--dry-run", "-o", "json")
            cold.append(1000 * lab.run(plan).wall)
            again += [1000 * lab.run(plan).wall for _ in range(AGAIN)]
    figures.add(SCENARIO, "first time", cold, "ms", count)
    figures.add(SCENARIO, "nothing changed", again, "ms", count)
    figures.aim(SCENARIO, "plan of %d scripts, first time" % count,
                statistics.median(cold), 2000, "ms")
    figures.aim(SCENARIO, "plan of %d scripts, nothing changed" % count,
                statistics.median(again), 50, "ms")

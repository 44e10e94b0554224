"""The first migration of a daemon that has no worker yet, beside a bare start of Python."""

import daemon
import lab as lab_module
import timing

SCENARIO = "first"
ROUNDS = 4


def measure(lab, figures):
    lab.say("first of a run, no worker yet")
    migrations = lab.migrations("scripts", 1)

    def once(what):
        if what == "python3 -c pass":
            return lab.run([lab_module.PYTHON, "-c", "pass"]).wall
        with daemon.Daemon(lab, migrations) as migrationd:
            return lab.run(migrationd.telec()).wall

    walls = timing.in_turn(ROUNDS * lab.options.rounds, ["telec", "python3 -c pass"], once)
    for subject, values in walls.items():
        figures.add(SCENARIO, subject, [1000 * wall for wall in values], "ms", 1)
    figures.aim(SCENARIO, "first of a run, worker not warm: telec / python3 -c pass",
                timing.ratio(walls["telec"], walls["python3 -c pass"]), 1.5)

"""A script that prints a gibibyte: through the daemon to a client, how fast and in what memory."""

import os
import statistics

import catalogues
import daemon

SCENARIO = "output"
GIBIBYTE = 1 << 30

SETTINGS = "[limits]\noutput_bytes = %(limit)d\nrun_output_bytes = %(limit)d\n"

SCRIPT = '''"""Prints %(bytes)d bytes."""
import os

LINE = b"row 4711 of the table customers is converted, and so is what refers to it\\n"
BLOCK = LINE * (65536 // len(LINE))


def check():
    return "PRINTED" in os.environ


def migrate():
    left = %(bytes)d
    while left > 0:
        left -= os.write(1, BLOCK[:left])
    os.environ["PRINTED"] = "done"
    return True
'''


def measure(lab, figures):
    size = GIBIBYTE if max(lab.options.counts) >= 1000 else 1 << 20
    lab.say("output of %d MiB" % (size >> 20))
    migrations = os.path.join(lab.fresh_folder("output"), "migrations")
    os.makedirs(os.path.join(migrations, "v1.0.0"))
    catalogues.write(os.path.join(migrations, "v1.0.0"), "001_print.py", SCRIPT % {"bytes": size})
    rates, daemons, clients = [], [], []
    for _ in range(lab.options.rounds):
        with daemon.Daemon(lab, migrations, SETTINGS % {"limit": 2 * size}) as migrationd:
            lab.run(migrationd.telec("--dry-run"))
            cost = lab.run(migrationd.telec())
            rates.append(size / 1e6 / cost.wall)
            daemons.append(migrationd.memory("VmHWM"))
            clients.append(cost.peak_kib / 1024)
        migrationd.forget()
    figures.add(SCENARIO, "script to client", rates, "MB/s")
    figures.add(SCENARIO, "daemon, at most", daemons, "MiB")
    figures.add(SCENARIO, "client, at most", clients, "MiB")
    figures.aim(SCENARIO, "output, script to client", statistics.median(rates), 200, "MB/s",
                at_least=True)

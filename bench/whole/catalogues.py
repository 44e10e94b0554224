"""Makes migrations for everybody: the same number, each as small as it can be.

A script of ours remembers in its own process that it ran, so that check() can say so and nothing
but the running of it is measured; those of dbmate and umzug do nothing at all.
"""

import os

SCRIPT = '''"""Trivial migration %(number)d."""
import os


def check():
    return "TRIVIAL_%(number)d" in os.environ


def migrate():
    os.environ["TRIVIAL_%(number)d"] = "done"
    return True
'''
SQL = "-- migrate:up\nSELECT %(number)d;\n-- migrate:down\n"
JAVASCRIPT = "module.exports = { up: async () => %(number)d };\n"


def scripts(folder, count):
    """A catalogue for migrationd and the reference, one version for each thousand scripts."""
    for number in range(1, count + 1):
        version = os.path.join(folder, "v1.%d.0" % ((number - 1) // 1000))
        os.makedirs(version, exist_ok=True)
        write(version, "%05d_trivial.py" % number, SCRIPT % {"number": number})


def sql_files(folder, count):
    fill(folder, "%014d_trivial.sql", SQL, count)


def javascript_files(folder, count):
    fill(folder, "%05d_trivial.cjs", JAVASCRIPT, count)


def fill(folder, name, text, count):
    os.makedirs(folder)
    for number in range(1, count + 1):
        write(folder, name % number, text % {"number": number})


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)

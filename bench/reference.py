"""The reference of the benchmarks: what one writes first, and what nothing should be slower than.

Usage: reference.py migrate|status MIGRATIONS STATE

One process runs every script of MIGRATIONS that is not recorded: check(), migrate(), check(). After
each the state, a JSON file, is written anew, synced and renamed into place. No script is isolated
from the others or from the runner; a crash in the middle of one leaves no trace of it.
"""

import json
import os
import re
import sys
import types


def read_state(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {"applied": []}


def write_state(path, state):
    temporary = path + ".new"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def find_scripts(root):
    """Ids in the order in which they run."""
    found = []
    for folder in os.listdir(root):
        version = tuple(int(part) for part in re.findall(r"\d+", folder))
        for name in os.listdir(os.path.join(root, folder)):
            if re.fullmatch(r"\d{3,}_\w+\.py", name):
                found.append((version, int(name.split("_")[0]), folder + "/" + name))
    return [script for _, _, script in sorted(found)]


def load(path):
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    module = types.ModuleType("migration")
    exec(code, module.__dict__)
    return module


def apply(path):
    module = load(path)
    if module.check() is True:
        return
    if module.migrate() is not True or load(path).check() is not True:
        sys.exit("%s did not do its work" % path)


def main(verb, root, state_path):
    state = read_state(state_path)
    applied = set(state["applied"])
    pending = [script for script in find_scripts(root) if script not in applied]
    if verb == "status":
        print("%d applied, %d pending" % (len(applied), len(pending)))
        return
    for script in pending:
        apply(os.path.join(root, script))
        state["applied"].append(script)
        write_state(state_path, state)
        print(script)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Installs what we are measured beside, as bench/package-lock.json pins it, in its own folder."""

import filecmp
import glob
import os
import shutil
import subprocess
from collections import namedtuple

import lab as lab_module

Peers = namedtuple("Peers", "dbmate umzug")


def install(lab):
    """Their programs; None, with a word about it, when they cannot be had."""
    source = os.path.join(lab_module.ROOT, "bench")
    folder = os.path.join(os.path.abspath(lab.options.folder), "peers")
    lock = os.path.join(source, "package-lock.json")
    installed = os.path.join(folder, "installed.json")
    if not shutil.which("npm"):
        lab.say("without dbmate and umzug: there is no npm")
        return None
    if not (os.path.exists(installed) and filecmp.cmp(lock, installed, shallow=False)):
        lab.say("installing dbmate and umzug")
        os.makedirs(folder, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(source, name), folder)
        command = ["npm", "ci", "--silent", "--no-audit", "--no-fund"]
        if subprocess.run(command, cwd=folder, check=False).returncode != 0:
            lab.say("without dbmate and umzug: npm could not install them")
            return None
        shutil.copy(lock, installed)
    # Node looks for modules beside the script.
    shutil.copy(os.path.join(source, "umzug.mjs"), folder)
    programs = glob.glob(os.path.join(folder, "node_modules", "@dbmate", "*", "bin", "dbmate"))
    if not programs:
        lab.say("without dbmate and umzug: dbmate has no program for this machine")
        return None
    return Peers(programs[0], os.path.join(folder, "umzug.mjs"))

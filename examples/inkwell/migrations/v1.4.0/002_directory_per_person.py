"""Give each person a directory: people/ada.json becomes people/ada/profile.json."""

import os
import stat
from pathlib import Path

PEOPLE = Path(os.environ["INKWELL_HOME"]) / "people"


def check() -> bool:
    return PEOPLE.is_dir() and not any(PEOPLE.glob("*.json"))


def migrate() -> bool:
    for profile in sorted(PEOPLE.glob("*.json")):
        person = profile.with_suffix("")
        make_directory(person, like=PEOPLE)
        os.rename(profile, person / "profile.json")
        sync_directory(person)
    sync_directory(PEOPLE)
    return True


def make_directory(path, like):
    """Makes the directory, or finishes making it, with the owner and mode of like."""
    old = os.stat(like)
    path.mkdir(mode=0o700, exist_ok=True)
    os.chown(path, old.st_uid, old.st_gid)
    os.chmod(path, stat.S_IMODE(old.st_mode))


def sync_directory(path):
    """Makes names that appeared in, or left, the directory survive a power cut."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

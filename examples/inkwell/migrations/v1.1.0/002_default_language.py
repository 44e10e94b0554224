"""Add the default language 'en' to settings.json where none is set."""

import json
import os
import stat
from pathlib import Path

SETTINGS = Path(os.environ["INKWELL_HOME"]) / "settings.json"


def check() -> bool:
    return "language" in read()["site"]


def migrate() -> bool:
    settings = read()
    settings["site"].setdefault("language", "en")
    text = json.dumps(settings, indent=2, ensure_ascii=False) + "\n"
    write_atomically(SETTINGS, text.encode(), like=SETTINGS)
    return True


def read():
    return json.loads(SETTINGS.read_bytes())


def write_atomically(path, data, like):
    """Puts data at path, all of it or nothing, durably, with the owner and mode of like."""
    old = os.stat(like)
    temporary = path.with_name(f".{path.name}.migrating")  # fixed: overwrites what a crash left
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(fd, "wb") as file:
        os.fchown(fd, old.st_uid, old.st_gid)
        os.fchmod(fd, stat.S_IMODE(old.st_mode))
        file.write(data)
        file.flush()
        os.fsync(fd)
    os.replace(temporary, path)
    sync_directory(path.parent)


def sync_directory(path):
    """Makes names that appeared in, or left, the directory survive a power cut."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

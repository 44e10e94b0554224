"""Store what a person is notified by as switches: "mail,digest" becomes {"mail": true, ...}."""

import json
import os
import stat
from pathlib import Path

PEOPLE = Path(os.environ["INKWELL_HOME"]) / "people"
CHANNELS = ("mail", "digest", "browser")


def check() -> bool:
    return PEOPLE.is_dir() and all(switched(profile) == profile
                                   for profile in map(read, PEOPLE.rglob("*.json")))


def migrate() -> bool:
    for path in sorted(PEOPLE.rglob("*.json")):
        old = read(path)
        new = switched(old)
        if new != old:
            text = json.dumps(new, indent=2, ensure_ascii=False) + "\n"
            write_atomically(path, text.encode(), like=path)
    return True


def read(path):
    return json.loads(path.read_bytes())


def switched(profile):
    """The profile as v1.2 wants it; one that is so already comes back unchanged."""
    notify = profile.get("notify", "")
    if not isinstance(notify, str):
        return profile
    return {**profile, "notify": {channel: channel in notify.split(",") for channel in CHANNELS}}


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

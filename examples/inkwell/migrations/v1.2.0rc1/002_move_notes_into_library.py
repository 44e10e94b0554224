"""Move the tree of notes from notes/ to library/notes/."""

import os
import stat
from pathlib import Path

HOME = Path(os.environ["INKWELL_HOME"])
OLD = HOME / "notes"
NEW = HOME / "library" / "notes"


def check() -> bool:
    return NEW.is_dir() and not OLD.exists()


def migrate() -> bool:
    if check():
        return True
    if NEW.exists():
        print(f"both '{OLD}' and '{NEW}' exist: merge them by hand, then run this again")
        return False
    make_directory(NEW.parent, like=OLD)
    os.rename(OLD, NEW)  # within one file system a move is one step: all of it or nothing
    sync_directory(NEW.parent)
    sync_directory(HOME)
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

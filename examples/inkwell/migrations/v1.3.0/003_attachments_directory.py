"""Make attachments/ where it is missing; installations newer than 0.9 have it already."""

import os
import stat
from pathlib import Path

HOME = Path(os.environ["INKWELL_HOME"])
ATTACHMENTS = HOME / "attachments"


def check() -> bool:
    return ATTACHMENTS.is_dir()


def migrate() -> bool:
    if check():
        return True
    # Made under another name first, so that nobody meets it with the wrong owner or mode.
    new = HOME / ".attachments.migrating"
    make_directory(new, like=HOME)
    os.rename(new, ATTACHMENTS)
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

"""Compress the logs of finished months: inkwell-2024-01.log becomes inkwell-2024-01.log.gz."""

import gzip
import os
import stat
from pathlib import Path

LOGS = Path(os.environ["INKWELL_HOME"]) / "log"


def check() -> bool:
    return LOGS.is_dir() and not any(LOGS.glob("inkwell-*.log"))


def migrate() -> bool:
    for log in sorted(LOGS.glob("inkwell-*.log")):
        compressed = log.with_name(log.name + ".gz")
        write_atomically(compressed, gzip.compress(log.read_bytes(), mtime=0), like=log)
        log.unlink()  # only now that all of it is safe in its new place
    sync_directory(LOGS)
    return True


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

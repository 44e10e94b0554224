"""Take log/ away from everyone and people/ from all but the service."""

import os
import stat
from pathlib import Path

HOME = Path(os.environ["INKWELL_HOME"])
ALLOWED = {"log": (0o750, 0o640), "people": (0o700, 0o600)}  # (of directories, of files)


def check() -> bool:
    return not any(too_open(path, allowed) for path, allowed in entries())


def migrate() -> bool:
    for path, allowed in entries():
        if too_open(path, allowed):
            tighten(path, allowed)
    return True


def entries():
    """Each directory, then what is in it, with the most that its mode may allow."""
    for name, (of_directories, of_files) in ALLOWED.items():
        for directory, _, files in os.walk(HOME / name, onerror=fail):
            yield Path(directory), of_directories
            for file in files:
                yield Path(directory, file), of_files


def too_open(path, allowed):
    mode = path.lstat().st_mode
    return not stat.S_ISLNK(mode) and bool(stat.S_IMODE(mode) & ~allowed)


def tighten(path, allowed):
    # In a directory that everyone may write to, a name is no promise: O_NOFOLLOW refuses a link
    # that was slipped in, and the mode is read and set on one and the same open file.
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        os.fchmod(fd, stat.S_IMODE(os.fstat(fd).st_mode) & allowed)
        os.fsync(fd)
    finally:
        os.close(fd)


def fail(error):
    raise error  # os.walk() would pass over a directory that it cannot read

"""Give every note an id in its front matter, so that links survive a new title."""

import os
import re
import stat
import uuid
from pathlib import Path

import telec_migration

TIMEOUT = 600

NOTES = Path(os.environ["INKWELL_HOME"]) / "library" / "notes"
HAS_ID = re.compile(r"^id:", re.MULTILINE)


def check() -> bool:
    return NOTES.is_dir() and all(with_id(path, note) == note for path, note in notes())


def migrate() -> bool:
    total = sum(1 for _ in NOTES.glob("*/*.md"))
    for done, (path, old) in enumerate(notes(), 1):
        new = with_id(path, old)
        if new != old:
            write_atomically(path, new, like=path)
        telec_migration.progress(done, total, "notes have an id")
    return True


def notes():
    for path in sorted(NOTES.glob("*/*.md")):
        yield path, path.read_bytes()


def with_id(path, note):
    """The note (bytes) with an id. Drafts without front matter stay as they are.

    The id follows from the path: a second call, or another host, comes to the same one.
    """
    head, end, body = note.decode().partition("\n---")  # decode() keeps line ends as they are
    if not head.startswith("---") or not end or HAS_ID.search(head):
        return note
    fence, newline, rest = head.partition("\n")
    carriage_return = "\r" if fence.endswith("\r") else ""
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"inkwell:{path.relative_to(NOTES).as_posix()}")
    head = f"{fence}{newline}id: {name}{carriage_return}\n{rest}"
    return (head + end + body).encode()


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

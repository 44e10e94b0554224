"""Write the tags of every note as a list: 'tags: a, b' becomes 'tags: [a, b]'."""

import os
import re
import stat
from pathlib import Path

import telec_migration

TIMEOUT = 600

NOTES = Path(os.environ["INKWELL_HOME"]) / "library" / "notes"
PLAIN_TAGS = re.compile(r"^tags:(?! *\[)[ \t]*(.*?)(\r?)$", re.MULTILINE)


def check() -> bool:
    return NOTES.is_dir() and all(rewritten(note) == note
                                  for note in map(Path.read_bytes, NOTES.glob("*/*.md")))


def migrate() -> bool:
    paths = sorted(NOTES.glob("*/*.md"))
    for done, path in enumerate(paths, 1):
        old = path.read_bytes()
        new = rewritten(old)
        if new != old:
            write_atomically(path, new, like=path)
        telec_migration.progress(done, len(paths), "notes rewritten")
    return True


def rewritten(note):
    """The note (bytes) with its tags as a list. Drafts without front matter stay as they are."""
    head, end, body = note.decode().partition("\n---")  # decode() keeps line ends as they are
    if not head.startswith("---") or not end:
        return note
    return (PLAIN_TAGS.sub(r"tags: [\1]\2", head) + end + body).encode()


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

"""Explain ~/.teleclaude to whoever finds it: write a README.txt there (an example to copy)."""

import os
from pathlib import Path

DIRECTORY = Path(os.path.expanduser("~/.teleclaude"))
README = DIRECTORY / "README.txt"
TEXT = """\
migration_state.json says which migrations this account's deployment has applied.
migrationd keeps it: ask `telec migrate status` what is in it, and do not edit it.
"""


def check() -> bool:
    """True when the whole effect is there, or when there is nothing to explain."""
    return not os.path.isdir(DIRECTORY) or content() == TEXT


def migrate() -> bool:
    """Brings the effect about. May be killed at any point and called again."""
    temporary = README.with_name(".README.txt.migrating")
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(TEXT)
        file.flush()
        os.fsync(file.fileno())  # the contents are on the disk before they get their name
    os.replace(temporary, README)  # readers see the old file or the new one, never a part
    sync_directory(DIRECTORY)
    return True


def content():
    try:
        return README.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def sync_directory(path):
    """Makes names that appeared in, or left, the directory survive a power cut."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

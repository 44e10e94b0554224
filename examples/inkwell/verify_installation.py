#!/usr/bin/env python3
"""Checks that an installation is exactly what Inkwell v1.4 expects: every file, mode and row.

Exit code 0: all is right. 1: it is not, and each difference is named on stderr.
"""

import argparse
import gzip
import json
import os
import sqlite3
import stat
import sys
import uuid
from contextlib import closing
from pathlib import Path
from typing import Dict, Iterator, NamedTuple, Optional

import content

SETTINGS = {
    "site": {"title": "Inkwell", "base_url": "https://notes.example.org", "language": "en"},
    "theme": {"name": "paper", "font_size": 16, "color": "#20405f"},
    "search": {"engine": "fts5", "max_results": 50},
}

MAIL = {
    "smtp": {"host": "mail.example.org", "port": 587, "starttls": True, "user": "inkwell",
             "password": "100%-of-ink; really"},
    "digest": {"enabled": True, "hour": 6,
               "recipients": ["ada@example.org", "editors@example.org"]},
}

LOG_MODES = (0o640, 0o640, 0o640, 0o600)

COLUMNS = {  # name: (type, must not be null)
    "revision": {"id": ("INTEGER", 0), "note": ("TEXT", 1), "author_id": ("INTEGER", 1),
                 "saved_unix": ("INTEGER", 1), "summary": ("TEXT", 1)},
    "author": {"id": ("INTEGER", 0), "login": ("TEXT", 1)},
}
OBJECTS = {("table", "revision"), ("table", "author"), ("index", "revision_by_note")}


class Entry(NamedTuple):
    """What should be at a path."""
    mode: int
    data: object = None  # bytes, or the value of a JSON file; None: not compared


def expected_files(sizes: content.Sizes) -> Dict[str, Entry]:
    """Each regular file below the installation."""
    files = {
        "settings.json": Entry(0o644, SETTINGS),
        "mail.json": Entry(0o640, MAIL),
        "inkwell.db": Entry(0o640),
        "attachments/plan.svg": Entry(0o644, b"<svg xmlns='http://www.w3.org/2000/svg'/>\n"),
    }
    for note in content.notes(sizes):
        files[f"library/notes/{note.path}"] = Entry(0o644, content.with_front_matter(note, [
            f"id: {uuid.uuid5(uuid.NAMESPACE_URL, 'inkwell:' + note.path)}",
            f"title: {note.title}",
            f"tags: [{', '.join(note.tags)}]",
            f"date: {note.date}",
            f"author: {note.author}",
        ]))
    for person in content.people(sizes):
        files[f"people/{person.login}/profile.json"] = Entry(0o600, {
            "login": person.login, "name": person.name,
            "notify": {channel: channel in person.notify for channel in content.CHANNELS}})
    for number, (name, text) in enumerate(content.log_files()):
        name += "" if name == "inkwell.log" else ".gz"
        files[f"log/{name}"] = Entry(LOG_MODES[number % len(LOG_MODES)], text.encode())
    return files


def expected_tree(sizes: content.Sizes) -> Dict[str, Entry]:
    """The files and the directories above them."""
    tree = expected_files(sizes)
    for path in list(tree):
        for parent in Path(path).parents:
            private = parent.parts[:1] == ("people",)
            mode = 0o700 if private else 0o750 if parent == Path("log") else 0o755
            tree[str(parent)] = Entry(mode)
    return tree


def problem_with(path: Path, expected: Entry) -> Optional[str]:
    mode = stat.S_IMODE(path.lstat().st_mode)
    if mode != expected.mode:
        return f"has mode {mode:04o}, should have {expected.mode:04o}"
    if expected.data is None:
        return None
    data = path.read_bytes()
    try:
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        found = data if isinstance(expected.data, bytes) else json.loads(data)
    except (ValueError, EOFError, OSError) as error:
        return f"cannot be read: {error}"
    return None if found == expected.data else f"holds {found!r}, should hold {expected.data!r}"


def file_problems(home: Path, sizes: content.Sizes) -> Iterator[str]:
    expected = expected_tree(sizes)
    found = {"."} | {os.path.relpath(os.path.join(directory, name), home)
                     for directory, directories, files in os.walk(home)
                     for name in directories + files}
    for path in sorted(expected.keys() - found):
        yield f"{path}: is missing"
    for path in sorted(found - expected.keys()):
        yield f"{path}: should not be there"
    for path in sorted(found & expected.keys()):
        problem = problem_with(home / path, expected[path])
        if problem:
            yield f"{path}: {problem}"


def schema_problems(db: sqlite3.Connection) -> Iterator[str]:
    (integrity,), = db.execute("PRAGMA integrity_check(1)")
    if integrity != "ok":
        yield f"is damaged: {integrity}"
    objects = set(db.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
    if objects != OBJECTS:
        yield f"holds {sorted(objects)}, should hold {sorted(OBJECTS)}"
    for table, expected in COLUMNS.items():
        columns = {name: (kind, required)
                   for _, name, kind, required, _, _ in db.execute(f"PRAGMA table_info({table})")}
        if columns != expected:
            yield f"table {table} has columns {columns}, should have {expected}"


def row_problems(db: sqlite3.Connection, sizes: content.Sizes) -> Iterator[str]:
    rows = db.execute("SELECT r.id, note, login, saved_unix, summary FROM revision r "
                      "LEFT JOIN author a ON a.id = author_id ORDER BY r.id")
    for r in content.revisions(sizes):
        expected = (r.id, r.note, r.author, int(r.saved.timestamp()), r.summary)
        row = rows.fetchone()
        if row != expected:
            yield f"revision {r.id} is {row}, should be {expected}"
    if rows.fetchone():
        yield f"holds more than {sizes.revisions} revisions"


def database_problems(home: Path, sizes: content.Sizes) -> Iterator[str]:
    uri = (home / "inkwell.db").resolve().as_uri() + "?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as db:
            for problem in schema_problems(db):
                yield f"inkwell.db: {problem}"
            for problem in row_problems(db, sizes):
                yield f"inkwell.db: {problem}"
    except sqlite3.Error as error:
        yield f"inkwell.db: cannot be read: {error}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path, help="the installation")
    content.add_size_options(parser)
    options = parser.parse_args()
    sizes = content.Sizes(options.notes, options.revisions, options.people)
    problems = [*file_problems(options.home, sizes), *database_problems(options.home, sizes)]
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{options.home} is NOT a correct Inkwell v1.4: {len(problems)} differences"
              + (" (the first 20 are shown)" if len(problems) > 20 else ""), file=sys.stderr)
        return 1
    print(f"{options.home} is a correct Inkwell v1.4: {sizes.notes} notes, {sizes.revisions} "
          f"revisions, {sizes.people} profiles, every mode and setting")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Makes a fresh installation of Inkwell v1.0 in a directory that does not exist yet."""

import argparse
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import content

SETTINGS = {
    "site": {"title": "Inkwell", "base_url": "https://notes.example.org"},
    "theme": {"name": "paper", "colour": "#20405f", "font_size": 16},
    "search": {"engine": "fts5", "max_results": 50},
}

MAIL = """\
; Outgoing mail of this Inkwell
[smtp]
host = mail.example.org
port = 587
starttls = yes
user = inkwell
password = 100%-of-ink; really

[digest]
enabled = on
hour = 6
recipients = ada@example.org, editors@example.org
"""

SCHEMA = """
CREATE TABLE revision (
  id INTEGER PRIMARY KEY,
  note TEXT NOT NULL,      -- path below notes/
  author TEXT NOT NULL,    -- login
  saved_at TEXT NOT NULL,  -- '2019-01-31 23:59:59', UTC
  summary TEXT NOT NULL
)"""

# What years of hurried fixes leave behind; v1.2.0.post1 tightens them.
LOG_MODES = (0o666, 0o644, 0o777, 0o600)


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o755)
    path.write_bytes(data)
    path.chmod(mode)


def as_json(value) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def make_files(home: Path, sizes: content.Sizes) -> None:
    write(home / "settings.json", as_json(SETTINGS))
    write(home / "mail.ini", MAIL.encode(), 0o640)
    write(home / "attachments" / "plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>\n")
    for note in content.notes(sizes):
        write(home / "notes" / note.path, content.with_front_matter(note, [
            f"title: {note.title}",
            f"tags: {', '.join(note.tags)}".rstrip(),
            f"date: {note.date}",
            f"author: {note.author}",
        ]))
    for person in content.people(sizes):
        write(home / "people" / f"{person.login}.json", as_json({
            "login": person.login, "name": person.name, "notify": ",".join(person.notify)}))
    for number, (name, text) in enumerate(content.log_files()):
        write(home / "log" / name, text.encode(), LOG_MODES[number % len(LOG_MODES)])
    (home / "notes").chmod(0o755)
    (home / "log").chmod(0o777)


def make_database(path: Path, sizes: content.Sizes) -> None:
    with closing(sqlite3.connect(str(path))) as db, db:
        db.execute(SCHEMA)
        db.executemany("INSERT INTO revision VALUES (?, ?, ?, ?, ?)", (
            (r.id, r.note, r.author, r.saved.strftime("%Y-%m-%d %H:%M:%S"), r.summary)
            for r in content.revisions(sizes)))
    path.chmod(0o640)


def make_installation(home: Path, sizes: content.Sizes) -> None:
    home.mkdir(parents=True)
    home.chmod(0o755)
    make_files(home, sizes)
    make_database(home / "inkwell.db", sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="the directory to make")
    content.add_size_options(parser)
    options = parser.parse_args()
    if options.home.exists():
        parser.error(f"'{options.home}' exists already: name a directory that does not")
    sizes = content.Sizes(options.notes, options.revisions, options.people)
    make_installation(options.home, sizes)
    print(f"Inkwell v1.0 in {options.home}: {sizes.notes} notes, {sizes.revisions} revisions, "
          f"{sizes.people} people")


if __name__ == "__main__":
    main()

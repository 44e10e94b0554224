"""Give authors a table of their own; revisions refer to them by number."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import telec_migration

TIMEOUT = 600

DATABASE = Path(os.environ["INKWELL_HOME"]).resolve() / "inkwell.db"
BATCH = 10_000

AUTHOR = "CREATE TABLE author (id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE)"
REVISION = """
CREATE TABLE revision_new (
  id INTEGER PRIMARY KEY,
  note TEXT NOT NULL,             -- path below library/notes/
  author_id INTEGER NOT NULL REFERENCES author,
  saved_unix INTEGER NOT NULL,    -- seconds since 1970
  summary TEXT NOT NULL
)"""
COPY = """
INSERT INTO revision_new
SELECT revision.id, note, author.id, saved_unix, summary
FROM revision JOIN author ON login = revision.author
WHERE revision.id BETWEEN ? AND ?"""


def check() -> bool:
    with closing(connect()) as db:
        columns = {row[1] for row in db.execute("PRAGMA table_info(revision)")}
    return "author_id" in columns and "author" not in columns


def migrate() -> bool:
    if check():
        return True
    with closing(connect()) as db:
        db.execute("BEGIN IMMEDIATE")  # readers see the old tables until COMMIT, then the new
        db.execute(AUTHOR)
        db.execute("INSERT INTO author (login) SELECT DISTINCT author FROM revision ORDER BY 1")
        db.execute(REVISION)
        (last,), = db.execute("SELECT coalesce(max(id), 0) FROM revision")
        for first in range(1, last + 1, BATCH):
            db.execute(COPY, (first, first + BATCH - 1))
            telec_migration.progress(min(first + BATCH - 1, last), last, "revisions copied")
        db.execute("DROP TABLE revision")  # its index goes with it
        db.execute("ALTER TABLE revision_new RENAME TO revision")
        db.execute("CREATE INDEX revision_by_note ON revision (note, id)")
        db.execute("COMMIT")
    return True


def connect():
    # rw: never makes a missing database, and may roll back what a crash left unfinished, which
    # ro could not.
    return sqlite3.connect(DATABASE.as_uri() + "?mode=rw", uri=True, timeout=30,
                           isolation_level=None)

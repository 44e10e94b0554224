"""Add saved_unix (seconds since 1970) to revisions, and fill it from saved_at."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import telec_migration

TIMEOUT = 600

DATABASE = Path(os.environ["INKWELL_HOME"]).resolve() / "inkwell.db"
BATCH = 10_000


def check() -> bool:
    with closing(connect()) as db:
        return has_column(db) and not undated(db)


def migrate() -> bool:
    with closing(connect()) as db:
        db.execute("BEGIN IMMEDIATE")  # column and contents appear together, with COMMIT
        if not has_column(db):
            db.execute("ALTER TABLE revision ADD COLUMN saved_unix INTEGER")
        (last,), = db.execute("SELECT coalesce(max(id), 0) FROM revision")
        for first in range(1, last + 1, BATCH):
            db.execute("UPDATE revision SET saved_unix = CAST(strftime('%s', saved_at) AS INTEGER)"
                       " WHERE id BETWEEN ? AND ?", (first, first + BATCH - 1))
            telec_migration.progress(min(first + BATCH - 1, last), last, "revisions dated")
        for (revision,) in undated(db):
            print(f"revision {revision}: saved_at is not a time; mend it, then run this again")
            return False  # closing without COMMIT leaves the database as it was
        db.execute("COMMIT")
    return True


def has_column(db):
    return any(row[1] == "saved_unix" for row in db.execute("PRAGMA table_info(revision)"))


def undated(db):
    """The first revision without a time, as a list of at most one row."""
    return db.execute("SELECT id FROM revision WHERE saved_unix IS NULL LIMIT 1").fetchall()


def connect():
    # rw: never makes a missing database, and may roll back what a crash left unfinished, which
    # ro could not.
    return sqlite3.connect(DATABASE.as_uri() + "?mode=rw", uri=True, timeout=30,
                           isolation_level=None)

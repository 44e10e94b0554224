"""Index revisions by note: the history of a page no longer reads the whole table."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

DATABASE = Path(os.environ["INKWELL_HOME"]).resolve() / "inkwell.db"


def check() -> bool:
    with closing(connect()) as db:
        return bool(db.execute("SELECT 1 FROM sqlite_master "
                               "WHERE type = 'index' AND name = 'revision_by_note'").fetchall())


def migrate() -> bool:
    with closing(connect()) as db:  # one statement is a transaction of its own
        db.execute("CREATE INDEX IF NOT EXISTS revision_by_note ON revision (note, id)")
    return True


def connect():
    # rw: never makes a missing database, and may roll back what a crash left unfinished, which
    # ro could not.
    return sqlite3.connect(DATABASE.as_uri() + "?mode=rw", uri=True, timeout=30,
                           isolation_level=None)

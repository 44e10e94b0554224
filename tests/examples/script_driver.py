"""Runs one phase of a migration script in a forked child, the way migrationd's worker does.

The tests of the example's scripts need no daemon: a migration is a file with check() and
migrate(), and this is all that it takes to call them, to watch them, and to kill them midway.
"""

import json
import os
import signal
import sqlite3
import sys
import traceback
import types
from typing import Any, Callable, NamedTuple, Optional

SCRIPT = "<migration>"
Watch = Callable[[], Callable[[], Any]]


class Ended(NamedTuple):
    """How a phase ended."""
    value: Any  # what check() or migrate() returned; None when it did not return
    killed: bool
    seen: Any  # what `watch` returned, when the phase ended by itself


def call(source: bytes, phase: str, watch: Optional[Watch] = None) -> Ended:
    """Loads the script in a child and calls phase ('check' or 'migrate') there.

    watch runs in the child before the call and returns a function that is asked for its findings
    (anything JSON) after it.
    """
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(receive)
            answer = json.dumps(_call_here(source, phase, watch)).encode()
            with open(send, "wb") as pipe:
                pipe.write(answer)
            os._exit(0)
        except BaseException:  # the child must never return into the test
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(send)
    with open(receive, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Ended(None, os.WTERMSIG(status) == signal.SIGKILL, None)
    value, seen = json.loads(answer) if answer else (None, None)
    return Ended(value, False, seen)


def _call_here(source, phase, watch):
    progress = []
    provided = types.ModuleType("telec_migration")
    provided.progress = lambda done, total, message="": progress.append([done, total, message])
    sys.modules["telec_migration"] = provided
    module = types.ModuleType("migration")
    exec(compile(source, SCRIPT, "exec"), module.__dict__)
    findings = watch() if watch else lambda: progress
    value = getattr(module, phase)()
    sys.settrace(None)
    return value, findings()


def die() -> None:
    """As a crash does: no handler runs, no buffer is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def lines_of_script(kill_at: Optional[int] = None) -> Watch:
    """A watch that lists the lines of the script in the order of execution, or dies before one."""
    def watch():
        lines = []

        def trace(frame, event, _):
            if frame.f_code.co_filename != SCRIPT:
                return None
            if event == "line":
                if len(lines) == kill_at:
                    die()
                lines.append(frame.f_lineno)
            return trace

        _spill_early()
        sys.settrace(trace)
        return lambda: lines
    return watch


def steps_of_sqlite(kill_at: Optional[int] = None) -> Watch:
    """A watch that counts SQLite's steps by the hundred, or dies in the midst of a statement."""
    def watch():
        steps = [0]

        def step():
            if steps[0] == kill_at:
                die()
            steps[0] += 1

        _spill_early(lambda db: db.set_progress_handler(step, 100))
        return lambda: steps[0]
    return watch


def order_of_syncs() -> Callable[[], Any]:
    """A watch that lists what reached the disk when: ["fsync", inode] and ["rename", inode,
    inode of the old directory, inode of the new one]."""
    calls = []
    real_fsync = os.fsync

    def fsync(fd):
        real_fsync(fd)
        calls.append(["fsync", os.fstat(fd).st_ino])

    def recording(real):
        def rename(old, new):
            moved = os.stat(old).st_ino
            real(old, new)
            calls.append(["rename", moved] + [os.stat(os.path.dirname(str(path))).st_ino
                                              for path in (old, new)])
        return rename

    os.fsync, os.rename, os.replace = fsync, recording(os.rename), recording(os.replace)
    return lambda: calls


def _spill_early(prepare: Callable[[sqlite3.Connection], None] = lambda db: None) -> None:
    """Makes SQLite write a transaction to the file long before COMMIT, as large ones do."""
    real_connect = sqlite3.connect

    def connect(*args, **kwargs):
        db = real_connect(*args, **kwargs)
        db.execute("PRAGMA cache_size = 2")
        prepare(db)
        return db

    sqlite3.connect = connect

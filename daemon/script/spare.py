# What the worker (worker.py) forks: a process that waits for a script, runs its phases and reports.
# Stands between script.py and worker.py in the same program. Standard library only, Python 3.8 and
# newer; few imports, because each page of the worker is paid for again in every fork. System calls
# are posix's, which is built in: `import os` takes a millisecond, and is not needed to look at
# scripts.

import gc
import posix
import sys
import time

DAEMON = CONTROL = 3
PHASES = 4
FIRST_FREE = 6

LOAD, CHECK, MIGRATE, VERIFY = range(1, 5)
PHASE_NAMES = ("start", "load", "check", "migrate", "verify")

MESSAGE_LIMIT = 1000
TRACEBACK_LIMIT = 16000
PROGRESS_INTERVAL = 0.05


def pack(kind, *fields):
    parts = [kind]
    for field in fields:
        if type(field) is not bytes:
            field = str(field).encode("utf-8", "replace")
        parts.append(len(field).to_bytes(4, "little"))
        parts.append(field)
    return b"".join(parts)


def unpack(message):
    fields = []
    at = 1
    while at < len(message):
        start = at + 4
        at = start + int.from_bytes(message[at:start], "little")
        fields.append(message[start:at])
    return message[:1], fields


def one_line(text):
    text = " ".join(text.split())
    return text if len(text) <= MESSAGE_LIMIT else text[:MESSAGE_LIMIT] + " …"


running = []  # The Spare that runs a script, in the process that does.


class Refused(Exception):
    """The script breaks its contract; the text says how."""


class Spare:
    """What a forked process does: wait for a script, run it, report."""

    def __init__(self, control, slot):
        self.control = control
        self.slot = slot
        self.pid = posix.getpid()
        self.heard = b""
        self.script = None
        self.phase = 0
        self.told_at = 0.0
        self.untold = None
        self.inspect = None

    def hear(self):
        """The next message; None when the daemon is gone."""
        needed = 4
        while True:
            if len(self.heard) >= needed:
                needed = 4 + int.from_bytes(self.heard[:4], "little")
                if len(self.heard) >= needed:
                    message = self.heard[4:needed]
                    self.heard = self.heard[needed:]
                    return message
            piece = posix.read(self.control, max(4096, needed - len(self.heard)))
            if not piece:
                return None
            self.heard += piece

    def tell(self, kind, *fields):
        message = pack(kind, *fields)
        message = len(message).to_bytes(4, "little") + message
        while message:
            message = message[posix.write(self.control, message):]

    def serve(self):
        while True:
            message = self.hear()
            if message is None:
                return
            kind, fields = unpack(message)
            if kind == b"P":
                self.script = Script(*fields)
                self.script.prepare()
            elif kind == b"J":
                self.run(*fields)
                return
            elif kind == b"I":
                if self.inspect is None:
                    inspection = {"__name__": NAME}
                    exec(unbundle(fields[0]), inspection)
                    self.inspect = inspection["inspect"]
                self.tell(b"A", *self.inspect(fields[1:]))
            elif kind == b"K":
                self.tell(b"K", *codes(fields))

    def run(self, purpose, migration_id, run_id, from_version, to_version, *script):
        from os import environ
        environ["TELEC_MIGRATION_ID"] = migration_id.decode()
        environ["TELEC_RUN_ID"] = run_id.decode()
        environ["TELEC_FROM_VERSION"] = from_version.decode()
        environ["TELEC_TO_VERSION"] = to_version.decode()
        if script:
            self.script = Script(*script)
        sys.argv[:] = [self.script.path]
        running.append(self)
        gc.enable()
        try:
            result = self.phases(purpose)
            self.wind_up()
        except BaseException as error:
            self.end_copy()
            self.tell_progress()
            self.tell(b"F", *self.failure(error))
            self.wind_up()
        else:
            self.tell_progress()
            self.tell(b"R", result)

    def phases(self, purpose):
        self.enter(LOAD)
        module = self.load()
        self.enter(CHECK)
        applied = self.call("check", module.check)
        if self.hear() is None:
            posix._exit(0)  # The daemon is gone.
        if applied:
            return "already applied"
        if purpose == b"check":
            return "pending"
        self.enter(MIGRATE)
        if not self.call("migrate", module.migrate):
            raise Refused("migrate() returned False: it did not do its work")
        self.enter(VERIFY)
        module = self.load()
        if not self.call("check", module.check):
            raise Refused("not effective: migrate() returned True, but check() still returns False")
        return "applied"

    def enter(self, phase):
        self.phase = phase
        try:
            posix.pwrite(PHASES, phase.to_bytes(1, "little"), self.slot)
        except OSError:
            pass  # The script closed what is not its own; a time-out will name an earlier phase.

    def load(self):
        try:
            module = self.script.load()
        finally:
            self.end_copy()
        for name in ("check", "migrate"):
            if not callable(getattr(module, name, None)):
                raise Refused("the script has no function %s()" % name)
        return module

    def call(self, name, function):
        try:
            answer = function()
        finally:
            self.end_copy()
        if answer is True or answer is False:
            return answer
        what = "None" if answer is None else "a value of type %s" % type(answer).__name__
        raise Refused("%s() returned %s; it must return True or False" % (name, one_line(what)))

    def end_copy(self):
        """A process that the script forked and that came back to our code is not the migration."""
        if posix.getpid() != self.pid:
            self.flush()
            posix._exit(0)

    def wind_up(self):
        """What Python itself does at its end; posix._exit() does not."""
        try:
            if "threading" in sys.modules:
                sys.modules["threading"]._shutdown()
            if "atexit" in sys.modules:
                sys.modules["atexit"]._run_exitfuncs()
        except BaseException:
            pass  # Python ignores it, too.
        self.flush()

    def flush(self):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass  # Closed, or not a stream: the script's own business.

    def progress(self, done, total, message):
        self.untold = (float(done), float(total), one_line(str(message)))
        now = time.monotonic()
        if now - self.told_at >= PROGRESS_INTERVAL:
            self.told_at = now
            self.tell_progress()

    def tell_progress(self):
        if self.untold is not None:
            untold, self.untold = self.untold, None
            self.tell(b"G", *untold)

    def failure(self, error):
        """Phase, message, type and traceback of what the script raised."""
        phase = PHASE_NAMES[self.phase]
        if isinstance(error, Refused):
            return phase, str(error), "", ""
        trace = error.__traceback__  # str() may run the script's code, which may raise it again.
        kind = type(error)
        name = kind.__qualname__
        if kind.__module__ not in ("builtins", MODULE):
            name = "%s.%s" % (kind.__module__, name)
        try:
            text = one_line(str(error))
        except BaseException:
            text = ""
        where = ("the worker", "the script", "check()", "migrate()", "check() after migrate()")
        message = "%s raised %s" % (where[self.phase], name) + (": " + text if text else "")
        try:
            try:
                traceback = self.traceback(error, trace)
            except OSError:  # No descriptor left to import with.
                posix.closerange(FIRST_FREE, posix.sysconf("SC_OPEN_MAX"))
                traceback = self.traceback(error, trace)
        except BaseException:
            traceback = ""
        return phase, message, name, traceback

    def traceback(self, error, trace):
        import linecache
        import traceback
        script = self.script
        # The lines that ran; the file may be another one by now.
        lines = script.source.decode("utf-8", "replace").splitlines(True)
        linecache.cache[script.path] = (len(script.source), None, lines, script.path)
        while trace is not None and trace.tb_frame.f_code.co_filename == NAME:
            trace = trace.tb_next
        text = "".join(traceback.format_exception(type(error), error, trace))
        if len(text) > TRACEBACK_LIMIT:
            half = TRACEBACK_LIMIT // 2
            text = "%s\n  [%d characters left out]\n%s" % (
                text[:half], len(text) - 2 * half, text[-half:])
        return text

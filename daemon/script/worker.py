# The worker of migrationd: one warm Python process that forks a process for each script.
#
# It knows nothing of plans and state. The daemon tells it when to fork and when to reap, and speaks
# to the forked processes ("spares", spare.py) itself. A spare waits for a script; one that has run
# a script ends with it. Standard library only, Python 3.8 and newer.
#
# Descriptors: 0 /dev/null; 1, 2 output; 3 the daemon; 4 the phases (a byte for each spare, in
# memory shared with the daemon); 5 the lock by which a later daemon sees that somebody lives.
# Messages: see worker_messages.h.

import _signal  # signal and socket wrap their constants in enums, which takes milliseconds.
import _socket
import faulthandler
import gc
import posix
import sys


class Server:
    """The warm process: forks and reaps when it is told."""

    def __init__(self):
        self.daemon = _socket.socket(fileno=DAEMON)
        self.children = set()
        self.primed = False

    def say(self, message, *descriptors):
        rights = b"".join(fd.to_bytes(4, sys.byteorder) for fd in descriptors)
        attached = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)] if rights else []
        self.daemon.sendmsg([message], attached)

    def serve(self):
        while True:
            message = self.daemon.recv(4096)
            if not message:
                break
            kind, fields = unpack(message)
            number = int(fields[0])
            if kind == b"F":
                self.fork(number)
                # The first does not wait for it: it is to look at scripts, and somebody waits.
                if not self.primed:
                    prime()
                    self.primed = True
            elif kind == b"R":
                try:
                    status = posix.waitpid(number, 0)[1]
                except ChildProcessError:
                    status = 0
                self.children.discard(number)
                self.say(pack(b"X", number, status))
        for child in self.children:  # The daemon is gone: nobody waits for their result any more.
            for target in (-child, child):
                try:
                    posix.kill(target, _signal.SIGTERM)
                except OSError:
                    pass

    def fork(self, slot):
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
        output, output_end = posix.pipe()
        errors, errors_end = posix.pipe()
        try:
            child = posix.fork()
        except OSError as error:
            child = -1
            self.say(pack(b"N", error.strerror))
        if child == 0:
            status = 70
            try:
                posix.setsid()
                posix.dup2(output_end, 1)
                posix.dup2(errors_end, 2)
                posix.dup2(theirs.fileno(), CONTROL, inheritable=False)
                posix.closerange(FIRST_FREE, 256)
                Spare(CONTROL, slot).serve()
                status = 0
            finally:
                posix._exit(status)
        if child > 0:
            self.children.add(child)
            self.say(pack(b"S", child, slot), ours.fileno(), output, errors)
        ours.close()
        theirs.close()
        for descriptor in (output, output_end, errors, errors_end):
            posix.close(descriptor)


def prime():
    """Runs a script in this process, so that no fork pays for what every first time costs."""
    from os import environ
    ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
    source = b"""import os
def check():
    return "TELEC_PRIMED" in os.environ
def migrate():
    os.environ["TELEC_PRIMED"] = ""
    return True
"""
    message = pack(b"J", b"migrate", b"", b"", b"", b"", b"/dev/null", source)
    for each in (message, b"C"):
        theirs.send(len(each).to_bytes(4, "little") + each)
    Spare(ours.fileno(), 0).serve()
    ours.close()
    theirs.close()
    del sys.modules[MODULE], environ["TELEC_PRIMED"]
    gc.disable()
    gc.collect()
    gc.freeze()


def progress(done, total=0, message=""):
    """Tells how far the migration is. Replaced in the process that runs one."""


provided = type(sys)("telec_migration")
provided.progress = progress
sys.modules["telec_migration"] = provided

sys.path.extend(sys.argv[1:])
if posix.environ.get(b"LD_BIND_NOW") == NAME.encode():
    posix.unsetenv(b"LD_BIND_NOW")  # It was for this process: see worker_process.cc.
    del posix.environ[b"LD_BIND_NOW"]
posix.umask(0o022)
posix.set_inheritable(PHASES, False)
faulthandler.enable()
for stream in (sys.stdout, sys.stderr):
    stream.reconfigure(line_buffering=True, errors="backslashreplace")
gc.disable()
server = Server()
server.say(pack(b"H", sys.version.split()[0]))
server.serve()
posix._exit(0)

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

FORK = ord("F")


class Server:
    """The warm process: forks and reaps when it is told."""

    def __init__(self):
        self.daemon = _socket.socket(fileno=DAEMON)
        self.primed = False

    def say(self, message):
        posix.write(DAEMON, message)

    def serve(self):
        receive = self.daemon.recvmsg
        space = _socket.CMSG_SPACE(12)
        while True:
            message, rights, _, _ = receive(4096, space)
            if not message:
                break
            if message[0] == FORK:
                self.fork(message, rights)
                # The first does not wait for it: it is to look at scripts, and somebody waits.
                if not self.primed:
                    prime()
                    self.primed = True
            else:
                child = int.from_bytes(message[1:5], "little")
                self.say(pack(b"X", child, self.reap(child)))
        self.end_children()

    def fork(self, message, rights):
        """After each fork, each page that is touched here is copied: hence no helpers."""
        try:
            ends = rights[0][2]
            control = int.from_bytes(ends[:4], sys.byteorder)
            output = int.from_bytes(ends[4:8], sys.byteorder)
            errors = int.from_bytes(ends[8:], sys.byteorder)
            child = posix.fork()
        except (OSError, IndexError) as error:
            self.refuse(error, rights)
            return
        if child == 0:
            status = 70
            try:
                posix.setsid()
                posix.dup2(output, 1)
                posix.dup2(errors, 2)
                posix.dup2(control, CONTROL, False)
                posix.closerange(FIRST_FREE, 256)
                Spare(CONTROL, int.from_bytes(message[1:5], "little")).serve()
                status = 0
            finally:
                posix._exit(status)
        posix.write(DAEMON, b"S" + child.to_bytes(4, "little"))
        posix.close(control)
        posix.close(output)
        posix.close(errors)
        for at in range(5, len(message), 4):
            self.reap(int.from_bytes(message[at:at + 4], "little"))

    def refuse(self, error, rights):
        # unix(7): descriptors beyond the limit do not arrive.
        reason = getattr(error, "strerror", None) or "there is no descriptor left for it"
        self.say(pack(b"N", reason))
        for _, _, ends in rights:
            for at in range(0, len(ends), 4):
                posix.close(int.from_bytes(ends[at:at + 4], sys.byteorder))

    def end_children(self):
        """The daemon is gone: nobody waits for their result any more."""
        own = posix.getpid()
        with open("/proc/%d/task/%d/children" % (own, own)) as children:
            for child in map(int, children.read().split()):
                for target in (-child, child):
                    try:
                        posix.kill(target, _signal.SIGTERM)
                    except OSError:
                        pass

    def reap(self, child):
        """Its wait status; 0 when it is nobody's any more."""
        try:
            return posix.waitpid(child, 0)[1]
        except ChildProcessError:
            return 0


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
    del sys.modules[MODULE], environ["TELEC_PRIMED"], running[:]
    gc.disable()
    gc.freeze()


def progress(done, total=0, message=""):
    """Tells how far the migration is: `done` of `total`, in any unit; 0: not known."""
    if running:
        running[0].progress(done, total, message)


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

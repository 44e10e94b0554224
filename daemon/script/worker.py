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
import os
import sys


class Server:
    """The warm process: forks and reaps when it is told."""

    def __init__(self):
        self.daemon = _socket.socket(fileno=DAEMON)
        self.children = set()

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
            elif kind == b"R":
                try:
                    status = os.waitpid(number, 0)[1]
                except ChildProcessError:
                    status = 0
                self.children.discard(number)
                self.say(pack(b"X", number, status))
        for child in self.children:  # The daemon is gone: nobody waits for their result any more.
            for target in (-child, child):
                try:
                    os.kill(target, _signal.SIGTERM)
                except OSError:
                    pass

    def fork(self, slot):
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
        output, output_end = os.pipe()
        errors, errors_end = os.pipe()
        try:
            child = os.fork()
        except OSError as error:
            child = -1
            self.say(pack(b"N", error.strerror))
        if child == 0:
            status = 70
            try:
                os.setsid()
                os.dup2(output_end, 1)
                os.dup2(errors_end, 2)
                os.dup2(theirs.fileno(), CONTROL, inheritable=False)
                os.closerange(FIRST_FREE, 256)
                Spare(CONTROL, slot).serve()
                status = 0
            finally:
                os._exit(status)
        if child > 0:
            self.children.add(child)
            self.say(pack(b"S", child, slot), ours.fileno(), output, errors)
        ours.close()
        theirs.close()
        for descriptor in (output, output_end, errors, errors_end):
            os.close(descriptor)


def prime():
    """Runs a script in this process, so that no fork pays for what every first time costs."""
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
    del sys.modules[MODULE], os.environ["TELEC_PRIMED"]


def progress(done, total=0, message=""):
    """Tells how far the migration is. Replaced in the process that runs one."""


provided = type(sys)("telec_migration")
provided.progress = progress
sys.modules["telec_migration"] = provided

sys.path.extend(sys.argv[1:])
if os.environ.get("LD_BIND_NOW") == NAME:
    del os.environ["LD_BIND_NOW"]  # It was for this process: see worker_process.cc.
os.umask(0o022)
os.set_inheritable(PHASES, False)
faulthandler.enable()
for stream in (sys.stdout, sys.stderr):
    stream.reconfigure(line_buffering=True, errors="backslashreplace")
prime()
gc.disable()
gc.collect()
gc.freeze()
server = Server()
server.say(pack(b"H", sys.version.split()[0]))
server.serve()
os._exit(0)

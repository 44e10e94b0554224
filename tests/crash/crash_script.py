"""Leaves the mark @NAME@."""
import fcntl
import os
import signal
import sys
import time

ROOT = "@ROOT@"
NAME = "@NAME@"
KIND = "@KIND@"
MARK = ROOT + "/marks/" + NAME
# The same in all processes of one execution, and in no other.
EXECUTION = "%d.%d" % (os.getpid(), time.monotonic_ns())


def tell(word):
    journal = os.open(ROOT + "/journal", os.O_WRONLY | os.O_APPEND)
    os.write(journal, ("%s %s %s\n" % (word, NAME, EXECUTION)).encode())
    if word != "step":
        os.fsync(journal)
    os.close(journal)


def check():
    return os.path.exists(MARK)


def leave_mark():
    mark = os.open(MARK + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(mark, NAME.encode())
    os.fsync(mark)
    os.close(mark)
    os.rename(MARK + ".part", MARK)


def work(steps):
    for _ in range(steps):
        time.sleep(0.002)
        tell("step")


def in_child(action):
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            action()
        finally:
            os._exit(0)
    return child


def desert():
    """A grandchild in a session of its own, that nobody waits for, deaf to TERM, and at work."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    in_child(lambda: work(75))  # Longer than a daemon takes to come back.


def migrate():
    # Inherited by every child: whoever still has it is still at work.
    site = os.open(ROOT + "/site", os.O_RDWR)
    try:
        fcntl.flock(site, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        tell("overlap")
        sys.exit("somebody else is at work")
    tell("begin")
    if check():
        tell("again")
    print("at work as", KIND)
    if KIND == "quick":
        leave_mark()
    elif KIND == "slow":
        work(3)
        leave_mark()
        work(3)
    elif KIND == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        work(4)
        leave_mark()
        work(4)
    elif KIND == "family":
        status = os.waitpid(in_child(lambda: (work(3), leave_mark(), work(2))), 0)[1]
        if status != 0 and not check():
            sys.exit("the child that was to leave the mark was ended before it had")
    elif KIND == "deserter":
        os.waitpid(in_child(desert), 0)
        work(1)
        leave_mark()
    tell("end")
    return True

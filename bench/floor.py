"""What a process for each migration costs at the least: a warm Python that does nothing but fork.

Usage: python3 -I -S floor.py [ROUNDS]

Each line adds something to the one before it. No daemon, no messages, no client, no output, one
after the other; the collector is off and frozen, and everything has been done once before.
"""

import gc
import os
import resource
import sys
import time

SOURCE = """
import os
def check():
    return "TRIVIAL" in os.environ
def migrate():
    os.environ["TRIVIAL"] = "done"
    return True
"""
CODE = compile(SOURCE, "trivial.py", "exec")


def load():
    module = type(sys)("trivial")
    exec(CODE, module.__dict__)
    return module


def phases():
    module = load()
    done = not module.check() and module.migrate() and load().check()
    if not done:
        sys.exit("the script did not do its work")


def nothing():
    pass


def fork(work):
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    os.waitpid(child, 0)


def fork_and_sync(log):
    fork(phases)
    os.write(log, b"x" * 200)
    os.fdatasync(log)


def measure(what, action, rounds):
    action()
    faults = sum(resource.getrusage(who).ru_minflt for who in (0, -1))
    begin = time.perf_counter()
    for _ in range(rounds):
        action()
    wall = (time.perf_counter() - begin) / rounds
    faults = sum(resource.getrusage(who).ru_minflt for who in (0, -1)) - faults
    print("%-42s %.3f ms  %3d page faults" % (what, 1000 * wall, faults / rounds))


def main(rounds=1000):
    log = os.open("floor.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    phases()
    del os.environ["TRIVIAL"]
    gc.disable()
    gc.collect()
    gc.freeze()
    measure("a process that does nothing", lambda: fork(nothing), rounds)
    measure("one that loads a script and runs its phases", lambda: fork(phases), rounds)
    measure("the same, and a log line written and synced", lambda: fork_and_sync(log), rounds)
    os.unlink("floor.log")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""What each step of a script's process costs: its page faults and its time, step by step.

Usage: python3 -I -S -B -X utf8 spare_steps.py SOURCES [ROUNDS]

SOURCES is daemon/script. A process is forked again and again, as the worker does it, and goes one
step further each time; what a step costs is the difference between two lines. Nothing overlaps.
"""

import marshal
import os
import sys
import time

SCRIPT = b"""import os
def check():
    return "TRIVIAL" in os.environ
def migrate():
    os.environ["TRIVIAL"] = "done"
    return True
"""
# Where they are in no other's way.
CONTROL = 33
PHASES = 34


def worker(sources):
    """The worker's program up to where it begins to serve, with the descriptors of this one."""
    text = ""
    for name in ("script.py", "spare.py", "worker.py"):
        with open(os.path.join(sources, name), encoding="utf-8") as source:
            text += source.read()
    text = text[:text.index("server = Server()")]
    for name, value in (("DAEMON = CONTROL", CONTROL), ("PHASES", PHASES),
                        ("FIRST_FREE", 60)):
        text = text.replace("\n%s = " % name, "\n%s = %d  # " % (name, value), 1)
    program = {"__name__": "worker"}
    exec(compile(text, "<migrationd>", "exec"), program)
    program["prime"]()
    return program


def framed(message):
    return len(message).to_bytes(4, "little") + message


def messages(pack):
    code = marshal.dumps(compile(SCRIPT, "/trivial.py", "exec"))
    prepare = pack(b"P", b"/trivial.py", SCRIPT, code)
    job = pack(b"J", b"migrate", b"1.1.0/001_trivial.py", b"000001-abc", b"1.0", b"1.1")
    return framed(prepare) + framed(job) + framed(b"C")


STEPS = (
    "forked, in a session of its own",
    "a message read and taken apart",
    "the script's code got ready",
    "the second message, variables set",
    "loaded, checked, migrated, verified",
    "the result told",
)


def go(program, spare):
    """Stops after each of STEPS; as Spare.serve() and Spare.run() go."""
    unpack = program["unpack"]
    yield
    script = program["Script"](*unpack(spare.hear())[1])
    yield
    script.prepare()
    yield
    _, fields = unpack(spare.hear())
    for name, value in zip(("MIGRATION_ID", "RUN_ID", "FROM_VERSION", "TO_VERSION"), fields[1:]):
        os.environ["TELEC_" + name] = value.decode()
    yield
    spare.script = script
    program["gc"].enable()
    result = spare.phases(b"migrate")
    yield
    spare.wind_up()
    spare.tell(b"R", result)
    yield


def measure(program, count, rounds):
    """Does the first `count` steps; the median of the process's page faults, and the mean time."""
    faults = []
    wall = 0.0
    for _ in range(rounds):
        ours, theirs = program["_socket"].socketpair()
        os.dup2(theirs.fileno(), CONTROL)
        theirs.close()
        ours.send(messages(program["pack"]))
        begin = time.perf_counter()
        child = os.fork()
        if child == 0:
            os.setsid()
            going = go(program, program["Spare"](CONTROL, 0))
            for _ in range(count):
                next(going)
            os._exit(0)
        faults.append(os.wait4(child, 0)[2].ru_minflt)
        wall += time.perf_counter() - begin
        ours.close()
    return sorted(faults)[rounds // 2], wall / rounds


def main(sources, rounds="300"):
    phases = os.memfd_create("phases")
    os.ftruncate(phases, 4096)
    os.dup2(phases, PHASES)
    program = worker(sources)
    measure(program, len(STEPS), int(rounds))
    for count, step in enumerate(STEPS, 1):
        faults, wall = measure(program, count, int(rounds))
        print("%-37s %.3f ms  %3d page faults" % (step, 1000 * wall, faults))


if __name__ == "__main__":
    main(*sys.argv[1:])

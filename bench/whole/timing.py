"""Runs commands and says what they cost, as whole processes: the kernel's own accounting."""

import os
import statistics
import time
from collections import namedtuple

# Seconds of wall and CPU time, and the largest resident memory in KiB, of a command and what it
# waited for.
Cost = namedtuple("Cost", "wall cpu peak_kib")


class CommandFailed(Exception):
    """A command that is measured must succeed."""


def run(command, log, environment=None, output=os.devnull):
    """Runs `command` (a list) to its end. stdout goes to `output`, stderr to the file `log`."""
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, writing, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, log, writing, 0o600),
    ]
    begin = time.perf_counter()
    child = os.posix_spawn(command[0], command, environment or os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begin
    if status != 0:
        with open(log, encoding="utf-8", errors="replace") as file:
            said = file.read()[-2000:].strip()
        raise CommandFailed("`%s` ended with status %d: %s" % (" ".join(command), status, said))
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def in_turn(rounds, contestants, measure):
    """Measures A B C, A B C, …: what disturbs the machine disturbs all of them alike.

    Gives for each contestant the list of what `measure(contestant)` gave, round by round.
    """
    values = {contestant: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            values[contestant].append(measure(contestant))
    return values


def ratio(ours, theirs):
    """The median of the ratios round by round."""
    return statistics.median(one / other for one, other in zip(ours, theirs))

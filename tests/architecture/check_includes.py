"""Reads what every source of the product includes and says which wall it goes through, and why not.

Usage: check_includes.py ROOT [--self-test]. Exits with 1 if a wall is broken. With --self-test it
instead breaks each kind of wall in a made-up tree and sees that it is noticed.
"""

import os
import re
import sys
import tempfile

from rules import EMBEDDED_HEADER, HEADER_KINDS, LONGEST_FILE, ROOMS

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def sources(root):
    for top in ("daemon", "client"):
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".h", ".cc")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def room_of(path):
    """The innermost room around `path`."""
    around = [room for room in ROOMS if path.startswith(room + "/")]
    return max(around, key=len) if around else None


def complaint(room, header):
    """Why `room` may not include `header`; None if it may."""
    rules = ROOMS[room]
    if header.startswith(("daemon/", "client/")):
        target = room_of(header)
        if target in rules["own"]:
            return None
        return "%s may not include %s: %s" % (room, target, rules["because"])
    if EMBEDDED_HEADER.match(header):
        return None
    kind = next((kind for kind, pattern in HEADER_KINDS if pattern.match(header)), None)
    if kind is None:
        return "is of no known kind; if it is wanted, add it to tests/architecture/rules.py"
    # Whoever may use all of gRPC may hand descriptors over, too.
    if kind == "std" or kind in rules["own"] | rules["foreign"]:
        return None
    if kind == "grpc-fd" and "grpc" in rules["foreign"]:
        return None
    return "%s may not use %s: %s" % (room, kind, rules["because"])


def check(root):
    """The list of broken walls of the tree at `root`, as file:line: words."""
    broken = []
    for path in sources(root):
        room = room_of(path)
        with open(os.path.join(root, path), encoding="utf-8") as file:
            lines = file.read().splitlines()
        if len(lines) > LONGEST_FILE:
            broken.append(
                "%s:%d: a file is one thought: %d lines at most" % (path, len(lines), LONGEST_FILE)
            )
        for number, line in enumerate(lines, 1):
            found = INCLUDE.match(line)
            words = found and complaint(room, found.group(1))
            if words:
                broken.append('%s:%d: "%s" %s' % (path, number, found.group(1), words))
    return broken


def self_test():
    """Every line is a file, what it includes, and whether a wall stands in the way."""
    table = [
        ("daemon/core/plan.cc", "<vector>", False),
        ("daemon/core/plan.cc", '"daemon/core/plan.h"', False),
        ("daemon/core/plan.cc", "<unistd.h>", True),
        ("daemon/core/plan.cc", '"daemon/storage/run_log.h"', True),
        ("daemon/script/worker.cc", "<asio/io_context.hpp>", False),
        ("daemon/script/worker.cc", '"worker_bundle.h"', False),
        ("daemon/script/worker.cc", "<spdlog/spdlog.h>", True),
        ("daemon/storage/run_log.cc", '"telec/migrate/v1/event.pb.h"', True),
        ("daemon/storage/run_log.cc", "<nlohmann/json.hpp>", False),
        ("daemon/rpc/service.cc", '"telec/migrate/v1/event.pb.h"', False),
        ("daemon/rpc/service.cc", "<sys/socket.h>", True),
        ("daemon/host/listener.cc", "<grpcpp/server_posix.h>", False),
        ("daemon/host/listener.cc", "<grpcpp/grpcpp.h>", True),
        ("daemon/main.cc", '"daemon/storage/run_log.h"', False),
        ("client/main.cc", '"daemon/core/version.h"', True),
        ("client/views/text.cc", "<grpcpp/grpcpp.h>", False),
        ("client/main.cc", "<boost/asio.hpp>", True),
    ]
    wrong = 0
    for path, header, is_wall in table:
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.dirname(os.path.join(root, path)))
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write("#include %s\n" % header)
            if bool(check(root)) != is_wall:
                wrong += 1
                print("%s with %s: expected %s" % (path, header, "a wall" if is_wall else "none"))
    return wrong


def main(arguments):
    if "--self-test" in arguments:
        return 1 if self_test() else 0
    broken = check(arguments[0])
    print("\n".join(broken) if broken else "all walls stand")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

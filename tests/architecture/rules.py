"""The walls of the architecture as data: which room may include what, and why not the rest.

A room is a folder of sources. Its `own` names the rooms whose headers it may include, its `foreign`
the kinds of foreign headers; `std` is allowed everywhere.
"""

import re

ROOMS = {
    "daemon/core": {
        "own": {"daemon/core"},
        "foreign": set(),
        "because": "core is the domain: it uses the standard library only and points at nothing",
    },
    "daemon/script": {
        "own": {"daemon/core", "daemon/script"},
        "foreign": {"posix", "asio", "json"},
        "because": "script runs processes: it needs Asio, POSIX and JSON alone",
    },
    "daemon/storage": {
        "own": {"daemon/core", "daemon/storage"},
        "foreign": {"posix", "json", "crypto", "zlib"},
        "because": "storage has its own JSON: a change of the API must not change stored files",
    },
    "daemon/rpc": {
        "own": {"daemon/core", "daemon/rpc", "proto"},
        "foreign": {"protobuf", "grpc"},
        "because": "rpc translates between the API and core: it touches no file, socket or process",
    },
    "daemon/host": {
        "own": {"daemon/core", "daemon/rpc", "daemon/host"},
        "foreign": {"posix", "asio", "spdlog", "toml", "cli11", "systemd", "grpc-fd"},
        "because": "host is being a service; of gRPC it needs the hand-over of a descriptor only",
    },
    "daemon": {
        "own": {
            "daemon", "daemon/core", "daemon/script", "daemon/storage", "daemon/rpc", "daemon/host",
            "proto",
        },
        "foreign": {"posix", "asio", "grpc", "spdlog"},
        "because": "main.cc and service.cc are the composition root: they join rooms, no more",
    },
    "client": {
        "own": {"client", "proto"},
        "foreign": {"posix", "protobuf", "grpc", "cli11"},
        "because": "the API is all that client and daemon share",
    },
}

# First match wins. What nothing here knows must be added here on purpose.
HEADER_KINDS = [
    ("proto", re.compile(r"^(telec|grpc/health)/.*\.pb\.h$")),
    ("grpc-fd", re.compile(r"^grpcpp/(server|server_builder|server_posix)\.h$")),
    ("grpc", re.compile(r"^grpc(pp)?/")),
    # Of the library that gRPC is made of, the switch for its locks.
    ("grpc", re.compile(r"^absl/synchronization/mutex\.h$")),
    ("protobuf", re.compile(r"^google/protobuf/")),
    ("asio", re.compile(r"^asio(\.hpp|/)")),
    ("spdlog", re.compile(r"^(spdlog|fmt)/")),
    ("json", re.compile(r"^nlohmann/")),
    ("toml", re.compile(r"^toml\+\+/")),
    ("cli11", re.compile(r"^CLI/")),
    ("crypto", re.compile(r"^openssl/")),
    ("zlib", re.compile(r"^zlib\.h$")),
    ("systemd", re.compile(r"^systemd/")),
    ("posix", re.compile(r"^(sys|linux|netinet|arpa)/[a-z0-9_]+\.h$")),
    ("posix", re.compile(
        r"^(dirent|fcntl|grp|langinfo|link|malloc|netdb|poll|pthread|pty|pwd|sched|signal|spawn"
        r"|syslog|termios|time|unistd|stdlib|string|stdio|errno|limits|fnmatch|glob|libgen|ftw)"
        r"\.h$")),
    ("std", re.compile(r"^[a-z_0-9]+$")),
]

# What embed_python (cmake/EmbedPython.cmake) generates; only the room that embeds can see it.
EMBEDDED_HEADER = re.compile(r"^[a-z0-9_]+_bundle\.h$")

LONGEST_FILE = 300

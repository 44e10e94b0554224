"""Turn mail.ini into mail.json, with numbers, switches and lists as such."""

import configparser
import json
import os
import stat
from pathlib import Path

HOME = Path(os.environ["INKWELL_HOME"])
INI = HOME / "mail.ini"
JSON = HOME / "mail.json"


def check() -> bool:
    return JSON.is_file() and not INI.exists()


def migrate() -> bool:
    if check():
        return True
    text = json.dumps(converted(INI), indent=2, ensure_ascii=False) + "\n"
    write_atomically(JSON, text.encode(), like=INI)  # like: a password stays as private as it was
    INI.unlink()  # only now that all of it is safe in its new place
    sync_directory(HOME)
    return True


def converted(path):
    ini = configparser.ConfigParser(interpolation=None)  # a '%' in a password is only a '%'
    ini.read_string(path.read_text(encoding="utf-8"), source=str(path))
    smtp, digest = ini["smtp"], ini["digest"]
    return {
        "smtp": {
            "host": smtp["host"],
            "port": smtp.getint("port", 25),
            "starttls": smtp.getboolean("starttls", False),
            "user": smtp.get("user"),
            "password": smtp.get("password"),
        },
        "digest": {
            "enabled": digest.getboolean("enabled", False),
            "hour": digest.getint("hour", 6),
            "recipients": [name.strip() for name in digest.get("recipients", "").split(",")
                           if name.strip()],
        },
    }


def write_atomically(path, data, like):
    """Puts data at path, all of it or nothing, durably, with the owner and mode of like."""
    old = os.stat(like)
    temporary = path.with_name(f".{path.name}.migrating")  # fixed: overwrites what a crash left
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(fd, "wb") as file:
        os.fchown(fd, old.st_uid, old.st_gid)
        os.fchmod(fd, stat.S_IMODE(old.st_mode))
        file.write(data)
        file.flush()
        os.fsync(fd)
    os.replace(temporary, path)
    sync_directory(path.parent)


def sync_directory(path):
    """Makes names that appeared in, or left, the directory survive a power cut."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

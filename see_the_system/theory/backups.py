"""Copies of a record's file, taken while it is in use, checked, and rotated."""

import contextlib
import os
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from see_the_system.theory.fields import in_words

NEWEST = 5
DAYS = 10
_NAME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d)\.(\d\d)\.(\d\d)\.(\d{3}) edit (\d+)$")


class Backup(NamedTuple):
    """One copy of a record: when it was taken, after which edit, and its file."""

    at: datetime
    number: int
    path: Path


def folder(path):
    """Where the backups of a record's file stand (Path)."""
    return Path(path).with_name(f"{Path(path).stem} backups")


def backups(path):
    """The backups of a record's file, newest first (list of Backup)."""
    found = []
    for copy in folder(path).glob("*.db"):
        match = _NAME.match(copy.stem)
        if match:
            day, hour, minute, second, thousandth, number = match.groups()
            at = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}.{thousandth}+00:00")
            found.append(Backup(at, int(number), copy))
    return sorted(found, reverse=True)


def back_up(path, *, number, at=None):
    """Takes a backup of a record as it is now and rotates the older ones; gives its Path.

    The newest five stay, and the last one of each of the latest ten days that have any. A copy that
    SQLite finds damaged is thrown away, and sqlite3.DatabaseError is raised: no good backup makes
    room for a bad one.
    """
    at = at or datetime.now(UTC)
    into = folder(path)
    into.mkdir(exist_ok=True)
    part = into / f"being written {os.getpid()}.part"
    thousandth = at.microsecond // 1000
    target = into / f"{at:%Y-%m-%d %H.%M.%S}.{thousandth:03d} edit {number}.db"
    try:
        with _read_only(path) as source, contextlib.closing(sqlite3.connect(part)) as copy:
            source.backup(copy)  # SQLite's own call: a whole copy even while others write
            _must_be_whole(copy)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _rotate(path)
    return target


def last_good(path):
    """What to do about a damaged record, naming its last good backup (text)."""
    for backup in backups(path):
        with contextlib.suppress(sqlite3.Error), _read_only(backup.path) as copy:
            _must_be_whole(copy)
            return (
                f'Its last good backup is "{backup.path}", of {in_words(backup.at)}, with '
                f"{backup.number:,} edits: copy it to a new name, and open the copy."
            )
    return "It has no good backup; keep the file, and ask whoever looks after the project for help."


def _read_only(path):
    address = f"{Path(path).resolve().as_uri()}?mode=ro"
    return contextlib.closing(sqlite3.connect(address, uri=True, timeout=30))


def _must_be_whole(connection):
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _rotate(path):
    found = backups(path)
    last_of_day = {}
    for backup in found:
        last_of_day.setdefault(backup.at.date(), backup)
    kept = {*found[:NEWEST], *list(last_of_day.values())[:DAYS]}
    for backup in found:
        if backup not in kept:
            backup.path.unlink(missing_ok=True)

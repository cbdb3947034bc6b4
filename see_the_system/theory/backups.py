"""Copies of a record's file, taken with SQLite's own backup call while it is in use, checked, and
rotated.
"""

import contextlib
import os
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from see_the_system.theory.state import on

NEWEST, DAYS = 5, 10
_NAME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d)\.(\d\d)\.(\d\d)\.(\d{3}) edit (\d+)$")


def folder(path):
    """Where the backups of a record's file stand (Path)."""
    return Path(path).with_name(Path(path).stem + " backups")


def backups(path):
    """The backups of a record's file, newest first, as (time, number of its last edit, Path)."""
    found = []
    for one in folder(path).glob("*.db") if folder(path).is_dir() else ():
        if match := _NAME.match(one.stem):
            day, hour, minute, second, part, number = match.groups()
            at = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}.{part}+00:00")
            found.append((at, int(number), one))
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
    target = into / f"{at:%Y-%m-%d %H.%M.%S}.{at.microsecond // 1000:03d} edit {number}.db"
    try:
        with contextlib.closing(
            sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True, timeout=30)
        ) as source:
            with contextlib.closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
                _must_be_whole(copy)
        _to_disk(part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    _rotate(path)
    return target


def last_good(path):
    """What to do about a damaged record, naming its last good backup (text)."""
    for at, number, one in backups(path):
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(
                sqlite3.connect(f"{one.resolve().as_uri()}?mode=ro", uri=True)
            ) as copy,
        ):
            _must_be_whole(copy)
            return (
                f'Its last good backup is "{one}", of {on(at)}, with {number:,} edits: copy it '
                "to a new name, and open the copy."
            )
    return "It has no good backup; keep the file, and ask whoever looks after the project for help."


def _must_be_whole(connection):
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _to_disk(path):
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _rotate(path):
    found = backups(path)
    days = {}
    for at, _, one in found:
        days.setdefault(at.date(), one)
    kept = {one for _, _, one in found[:NEWEST]} | set(list(days.values())[:DAYS])
    for _, _, one in found:
        if one not in kept:
            one.unlink(missing_ok=True)

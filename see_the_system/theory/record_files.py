"""The files of a record: its address, the seals of its edits, and the copies that are kept of it.

A record is a file by its name, or on a PostgreSQL server by its address. A seal is a hash of an
edit and of the seal before it, so a record that was overwritten in one place, or put together from
two, is noticed. A copy is taken while the record is in use, and verified before it may push out
another: the seals of all its edits are read, not SQLite's own check alone. Each copy carries the
identity of its record in its name, so that no team's copies push out another's.
"""

import contextlib
import hashlib
import os
import re
import sqlite3
import ssl
import time
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import tzlocal

from see_the_system.messages import Refusal
from see_the_system.paths import PART
from see_the_system.theory.fields import in_words


def address_of(where):
    """The address of a record (URL), and what its engine is made with (dict)."""
    text = str(where)
    if "://" not in text:
        return sa.URL.create("sqlite", database=str(Path(where))), {}
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise Refusal(
            f'"{text[:60]}" is no address of a database; give a file name, or '
            "postgresql://user@host/name."
        ) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url, {}
    if backend == "postgresql":
        return _server(url)
    raise Refusal(
        f"A record is kept in SQLite or PostgreSQL, not in {backend}; give a file name, or "
        "postgresql://user@host/name."
    )


def _server(url):
    """The address of a PostgreSQL server without what only libpq reads, and its engine's options.

    ``sslmode`` and ``sslrootcert`` mean what they mean everywhere else: require encrypts,
    verify-ca and verify-full also hold the server to a certificate.
    """
    mode = url.query.get("sslmode", "prefer")
    root = url.query.get("sslrootcert")
    modes = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
    if mode not in modes:
        raise Refusal(f"sslmode={mode} is not known; give one of {', '.join(modes)}.")
    options = {"pool_pre_ping": True}
    if mode in ("require", "verify-ca", "verify-full"):
        context = ssl.create_default_context(cafile=root)
        context.check_hostname = mode == "verify-full"
        if mode == "require" and not root:
            context.verify_mode = ssl.CERT_NONE
        options["connect_args"] = {"ssl_context": context}
    url = url.difference_update_query(["sslmode", "sslrootcert"])
    return url.set(drivername="postgresql+pg8000"), options


def absolute(path):
    """The whole path of a file (Path); Refusal for what can be no name of a file here."""
    try:
        found = Path(path or "").resolve()
        found.exists()
    except (OSError, ValueError) as error:  # too long a name, or a NUL in it
        reason = getattr(error, "strerror", None) or error
        raise Refusal(
            f"{str(path)[:60]!r} is no name of a file here ({reason}); give another one."
        ) from None
    if not path:
        raise Refusal("A record is kept in a file: give its name, such as team.theory.")
    return found


def zone_here():
    """The name of this machine's time zone (text), as "America/Los_Angeles"."""
    try:
        return tzlocal.get_localzone_name() or "UTC"
    except Exception:  # a machine may name its zone in a way that nobody else knows
        return "UTC"


def zone_named(name):
    """A time zone by its name (tzinfo); UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def believed(times):
    """The times of edits in their order, made to rise (list of datetime).

    The longest run of times that never falls is believed; an edit outside it was stamped by a
    clock that was ahead or behind, and takes the time of the next one that is believed, or of the
    last. One clock that is ten years ahead moves nobody else's dates.
    """
    kept = _longest_rise(times)
    result = []
    following = iter([*kept[1:], kept[-1]] if kept else [])
    last = kept[0] if kept else None
    for place, _ in enumerate(times):
        while last is not None and last < place:
            after = next(following)
            if after <= last:
                break
            last = after
        result.append(times[last])
    return result


def _longest_rise(times):
    """The places of the longest subsequence that never falls (list of int), by patience sorting."""
    ends = []  # the smallest last time of a rise of each length
    places = []  # and where it stands
    before = []  # the place before each place in its rise
    for place, moment in enumerate(times):
        length = bisect_right(ends, moment)
        before.append(places[length - 1] if length else None)
        if length == len(ends):
            ends.append(moment)
            places.append(place)
        else:
            ends[length] = moment
            places[length] = place
    rise = []
    place = places[-1] if places else None
    while place is not None:
        rise.append(place)
        place = before[place]
    return rise[::-1]


_SEALED = ("number", "key", "type", "reverses", "author", "at", "changes")


def seal_of(before, row):
    """The seal of a row of the table of edits (mapping), after the seal before it (text)."""
    text = "\x1f".join([before, *(str(row[name]) for name in _SEALED)])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def broken_at(rows):
    """The number of the first edit that is not as it was written (int), None where all are.

    ``rows``: all edits, by team and number, as mappings with ``team``, ``seal`` and what is sealed.
    """
    team = None
    for row in rows:
        if row["team"] != team:
            team = row["team"]
            number = 0
            seal = ""
        number += 1
        seal = seal_of(seal, row)
        if row["number"] != number or row["seal"] != seal:
            return number
    return None


BACK_UP_EVERY = 200  # edits
BACK_UP_AFTER = timedelta(hours=1)
NEWEST = 5
DAYS = 10
_AHEAD = timedelta(days=1)  # a copy from further in the future was named by a wrong clock
_LEFT = 600  # seconds after which a half-written copy was left by a program that is gone
_NAME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d)\.(\d\d)\.(\d\d)\.(\d{3}) edit (\d+) of ([0-9a-f]+)$")


class Backup(NamedTuple):
    """One copy of a record: when it was taken, after which edit, and its file."""

    at: datetime
    number: int
    path: Path


def folder(path):
    """Where the backups of a record's file stand (Path)."""
    return Path(path).with_name(f"{Path(path).name} backups")


def backups(path, identity=None):
    """The backups beside a record's file, newest first (list of Backup).

    identity: those of this record alone. One from the future, by a wrong clock, comes last.
    """
    found = []
    for copy in folder(path).glob("*.db"):
        match = _NAME.match(copy.stem)
        if match:
            day, hour, minute, second, thousandth, number, own = match.groups()
            at = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}.{thousandth}+00:00")
            if identity in (None, own):
                found.append(Backup(at, int(number), copy))
    limit = datetime.now(UTC) + _AHEAD
    return sorted(found, key=lambda backup: (backup.at <= limit, backup.at), reverse=True)


def back_up(path, *, number, identity, at=None):
    """Takes a backup of a record as it is now and rotates the older ones; gives its Path.

    The newest five stay, and the last one of each of the latest ten days that have any. A copy that
    is not whole is thrown away, and sqlite3.DatabaseError is raised: no good backup makes room for
    a bad one.
    """
    at = at or datetime.now(UTC)
    into = folder(path)
    into.mkdir(exist_ok=True)
    _clean(into)
    part = into / f"being written {os.getpid()}{PART}"
    thousandth = at.microsecond // 1000
    name = f"{at:%Y-%m-%d %H.%M.%S}.{thousandth:03d} edit {number} of {identity}.db"
    try:
        with _opened(path) as source, contextlib.closing(sqlite3.connect(part)) as copy:
            source.backup(copy)  # SQLite's own call: a whole copy even while others write
            _must_be_whole(copy)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(into / name)
    finally:
        part.unlink(missing_ok=True)
    _rotate(path, identity)
    return into / name


class BackupKeeper:
    """Takes the backups of one record's file, as often as they are due.

    ``problem``: why the last one could not be taken, in a sentence; "" where it could.
    """

    def __init__(self, database, identity):
        self.database = database
        self.identity = identity
        self.problem = ""
        self._last = None  # the time and the number of the last backup

    def take(self, number):
        """Takes one now, of the record after the edit of a number (Path)."""
        if self.database.path is None:
            raise Refusal(
                f"The record is on the server {self.database}, whose keeper takes the "
                "backups; export the theory to a file for one of your own."
            )
        with self.database.refusing():
            made = back_up(self.database.path, number=number, identity=self.identity)
        self._last = (datetime.now(UTC), number)
        self.problem = ""
        return made

    def take_when_due(self, number):
        """Takes one after so many edits or so much time; where it cannot, that is kept."""
        if self.database.path is None:
            return
        now = datetime.now(UTC)
        if self._last is None:
            earlier = backups(self.database.path, self.identity)
            never = datetime.min.replace(tzinfo=UTC)
            self._last = earlier[0][:2] if earlier else (never, 0)
        at, last = self._last
        # A time in the future was stamped by a wrong clock and says nothing.
        recent = timedelta(0) <= now - at <= BACK_UP_AFTER
        if number - last < BACK_UP_EVERY and recent:
            return
        try:
            self.take(number)
        except Refusal as problem:  # the edit is kept all the same
            self.problem = str(problem)
            self._last = (now, number)


def last_good(path):
    """What to do about a damaged record, naming its last good backup (text)."""
    for backup in backups(path):
        with contextlib.suppress(sqlite3.Error), _opened(backup.path) as copy:
            _must_be_whole(copy)
            return (
                f'Its last good backup is "{backup.path}", of {in_words(backup.at)}, with '
                f"{backup.number:,} edits: copy it to a new name, and open the copy."
            )
    return "It has no good backup; keep the file, and ask whoever looks after the project for help."


def _opened(path):
    # To write too: only a writer can roll back the journal that a killed program left behind.
    address = f"{Path(path).resolve().as_uri()}?mode=rw"
    return contextlib.closing(sqlite3.connect(address, uri=True, timeout=30))


def _clean(into):
    """Takes away what programs left that were killed while they made a copy."""
    for left in into.glob(f"*{PART}*"):
        with contextlib.suppress(OSError):  # another program may clean at the same time
            if time.time() - left.stat().st_mtime > _LEFT:
                left.unlink()


def _must_be_whole(connection):
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    connection.row_factory = sqlite3.Row
    edits = connection.execute("SELECT * FROM edits ORDER BY team, number").fetchall()
    broken = broken_at(edits)
    if broken is not None:
        raise sqlite3.DatabaseError(f"edit {broken} is not as it was written")


def _rotate(path, identity):
    found = backups(path, identity)
    last_of_day = {}
    for backup in found:
        last_of_day.setdefault(backup.at.date(), backup)
    kept = {*found[:NEWEST], *list(last_of_day.values())[:DAYS]}
    for backup in found:
        if backup not in kept:
            backup.path.unlink(missing_ok=True)

"""The log of edits behind a record: each is written once, sealed, and never changed.

The seal of an edit is a hash of it and of the seal before it, so that a record that was overwritten
in one place is noticed. The newest state is read from all edits whenever a record is opened (ten
thousand take about a tenth of a second), so no second copy of it can disagree with them.
"""

import hashlib
import json
import secrets
from datetime import UTC, date, datetime, time
from typing import NamedTuple

import sqlalchemy as sa

from see_the_system.messages import Refusal
from see_the_system.theory.database import EDITS, FORMAT, RECORDS
from see_the_system.theory.state import Edit, State

_SEALED = ("number", "key", "type", "reverses", "author", "at", "changes")


class Position(NamedTuple):
    """How far a log was read: number, seal and time of the last edit, and the state after it."""

    number: int
    seal: str
    at: datetime
    state: State


class Log:
    """The edits of one team in a database, read up to ``position``."""

    def __init__(self, database, team):
        self.database = database
        self.team = team
        self._record = sa.select(RECORDS).where(RECORDS.c.team == team)
        self._edits = sa.select(EDITS).where(EDITS.c.team == team)
        self.position = _beginning()
        with database.reading() as connection:
            self.catch_up(connection)

    def catch_up(self, connection):
        """Reads the edits that others wrote since; Refusal where one is not as it was written."""
        self._read_on(connection.execute(self._record).first(), connection)

    def lock(self, connection):
        """Reads up to the newest edit, and lets nobody else write until the connection is done."""
        record = connection.execute(self._record.with_for_update()).first()
        self._must_be_ours(record)
        self._read_on(record, connection)

    def number_of(self, key, connection):
        """The number of the edit that was written with a key (int), None where none was."""
        found = connection.execute(self._edits.where(EDITS.c.key == key)).first()
        return found.number if found else None

    def write(self, edit, key, connection):
        """Writes an edit behind the newest.

        Gives the Position after it, which holds once the database has kept it.
        """
        row = vars(edit) | {
            "team": self.team,
            "key": key or secrets.token_hex(8),
            "at": edit.at.isoformat(),
            "changes": json.dumps(edit.changes, ensure_ascii=False, separators=(",", ":")),
        }
        row["seal"] = _seal(self.position.seal, row)
        connection.execute(EDITS.insert().values(**row))
        record = RECORDS.update().where(RECORDS.c.team == self.team)
        connection.execute(record.values(head=edit.number))
        state = self.position.state.with_changes(edit.changes)
        return Position(edit.number, row["seal"], edit.at, state)

    def verify(self):
        """Reads every edit again, and holds them to their seals and to the present state.

        Refusal where they differ.
        """
        with self.database.reading() as connection:
            self.catch_up(connection)
        again = self._after(_beginning(), self._rows())
        if (again.state.raw, again.seal) != (self.position.state.raw, self.position.seal):
            raise self.database.damaged("its edits do not lead to its present state")

    def state_at(self, at):
        """The state after the edit of a number, or at a datetime or date (its end, UTC) (State)."""
        rows = self._rows()
        if isinstance(at, int):
            rows = [row for row in rows if row.number <= at]
        else:
            moment = _moment(at)
            rows = [row for row in rows if datetime.fromisoformat(row.at) <= moment]
        return self._after(_beginning(), rows).state

    def edits(self, item_id=None, most=None):
        """The edits, newest first (list of Edit): all, or those that changed one thing."""
        found = [_edit(row) for row in reversed(self._rows())]
        if item_id is not None:
            found = [edit for edit in found if item_id in {change["id"] for change in edit.changes}]
        return found[:most]

    def last(self, reversing, author, connection):
        """The author's edit that "undo" or "redo" is about (Edit); Refusal where there is none."""
        own = self._edits.where(EDITS.c.author == author).order_by(EDITS.c.number)
        own = own.with_only_columns(EDITS.c.number, EDITS.c.type, EDITS.c.reverses)
        done = []
        undone = []
        for number, what, reverses in connection.execute(own):
            if what == "undo":
                done.remove(reverses)
                undone.append(number)
                continue
            if what == "redo":
                undone.remove(reverses)
            else:
                undone = []  # after something new, what was taken back cannot be made again
            done.append(number)
        stack = done if reversing == "undo" else undone
        if not stack:
            raise Refusal(f"There is nothing of {author}'s to {reversing}; nothing was changed.")
        found = self._edits.where(EDITS.c.number == stack[-1])
        return _edit(connection.execute(found).one())

    def _rows(self):
        """The edits up to the position as the database holds them, oldest first (list of Row)."""
        read = self._edits.where(EDITS.c.number <= self.position.number)
        with self.database.reading() as connection:
            return connection.execute(read.order_by(EDITS.c.number)).all()

    def _read_on(self, record, connection):
        later = self._edits.where(EDITS.c.number > self.position.number)
        rows = connection.execute(later.order_by(EDITS.c.number)).all()
        if rows:
            self.position = self._after(self.position, rows)
        # One wrong byte in an index can hide the rest of a table, and SQLite sees nothing wrong.
        if record is not None and record.head > self.position.number:
            raise self.database.damaged(f"the edits after {self.position.number} are missing")

    def _after(self, position, rows):
        """The position after more edits, as the database holds them, oldest first (Position)."""
        number, seal, at, before = position
        state = before.with_changes([])
        for row in rows:
            number += 1
            seal = _seal(seal, row._mapping)
            if seal != row.seal or row.number != number:
                raise self.database.damaged(f"edit {number} is not as it was written")
            edit = _edit(row)
            at = edit.at
            state.apply(edit.changes)
        return Position(number, seal, at, state)

    def _must_be_ours(self, record):
        if record is None:
            raise Refusal(
                f'The record of "{self.team}" is no longer in {self.database}; nothing was '
                "changed. Open the record again."
            )
        if record.format > FORMAT:
            raise Refusal(
                f"The record {self.database} was updated to a newer version of See the "
                "System; update, and open it again."
            )
        if record.head < self.position.number:
            raise Refusal(
                f"The record {self.database} was replaced by an older one while it was open; "
                "nothing was changed. Open it again."
            )


def _beginning():
    return Position(0, "", datetime.min.replace(tzinfo=UTC), State())


def _moment(at):
    if isinstance(at, date) and not isinstance(at, datetime):
        at = datetime.combine(at, time.max, UTC)
    if not isinstance(at, datetime):
        raise Refusal(
            f"{at!r} is no moment of a record; give a date, a time with its zone, or the "
            "number of an edit."
        )
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _seal(before, row):
    text = "\x1f".join([before, *(str(row[name]) for name in _SEALED)])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _edit(row):
    at = datetime.fromisoformat(row.at)
    changes = tuple(json.loads(row.changes))
    return Edit(row.number, row.author, at, row.type, changes, row.reverses)

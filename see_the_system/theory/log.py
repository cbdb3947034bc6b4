"""The log of edits behind a record: each is written once, sealed, and never changed.

The newest state is read from all edits whenever a record is opened (ten thousand take about a tenth
of a second), so no second copy of it can disagree with them. What was read is held to what is there
by the seal of the last edit, never by how many there are: a file that was put back to an earlier
copy may have as many.
"""

import json
from bisect import bisect_right
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import NamedTuple

import sqlalchemy as sa

from see_the_system.messages import Refusal
from see_the_system.theory.database import EDITS, FORMAT, RECORDS, REQUESTS
from see_the_system.theory.record_files import believed, seal_of, zone_named
from see_the_system.theory.reversals import backwards
from see_the_system.theory.state import Edit, State

_INSERT = EDITS.insert()


class Position(NamedTuple):
    """How far a log was read: number and seal of the last edit, and the state after it."""

    number: int
    seal: str
    state: State


class Request(NamedTuple):
    """What was asked with a key: by whom, what (a digest), and the number that came of it."""

    author: str
    key: str
    digest: str
    number: int


class Log:
    """The edits of one team in a database, read up to ``position``.

    ``identity`` is of this very record, ``zone`` the name of the team's own time zone.
    """

    def __init__(self, database, team):
        self.database = database
        self.team = team
        self.position = Position(0, "", State())
        self._record = sa.select(RECORDS).where(RECORDS.c.team == team)
        self._edits = sa.select(EDITS).where(EDITS.c.team == team)
        # Made once: to make a statement takes as long as SQLite takes to answer it.
        self._locked = self._record.with_for_update()
        self._from = self._edits.where(EDITS.c.number >= sa.bindparam("first"))
        self._from = self._from.order_by(EDITS.c.number)
        self._head = RECORDS.update().where(RECORDS.c.team == team).values(head=sa.bindparam("now"))
        with database.reading() as connection:
            record = connection.execute(self._record).one()
            self.identity = record.identity
            self.zone = record.zone
            self.catch_up(connection)

    def catch_up(self, connection):
        """Reads the edits that others wrote since.

        Refusal where one is not as it was written or is missing, or where the last one that was
        read here is not there any more.
        """
        self._read_on(connection.execute(self._record).first(), connection)

    def _read_on(self, record, connection):
        self._must_be_ours(record)
        number, seal, _ = self.position
        rows = connection.execute(self._from, {"first": max(number, 1)}).all()
        if number:
            if not rows or (rows[0].number, rows[0].seal) != (number, seal):
                raise self._replaced()
            del rows[0]
        if rows:
            self.position = self._after(self.position, rows)
        if self.position.number != record.head:
            raise self.database.damaged(f"the edits after {self.position.number} are missing")

    def lock(self, connection):
        """Reads up to the newest edit, and lets nobody else write until the connection is done."""
        self._read_on(connection.execute(self._locked).first(), connection)

    def head(self):
        """The number of the newest edit in the database (int); no edit is read."""
        with self.database.reading() as connection:
            return connection.execute(self._record).one().head

    def number_of(self, mark, connection):
        """The number of the edit that carries a mark (int), None where none does."""
        found = connection.execute(self._edits.where(EDITS.c.key == mark)).first()
        return found.number if found else None

    def asked(self, request, connection):
        """What the same author asked with the same key before (Request), None where nothing was."""
        mine = sa.select(REQUESTS).where(REQUESTS.c.team == self.team)
        own = mine.where(REQUESTS.c.author == request.author, REQUESTS.c.key == request.key)
        found = connection.execute(own).first()
        return request._replace(digest=found.digest, number=found.number) if found else None

    def keep_asked(self, asked, connection):
        """Keeps what was asked, in the same transaction as what came of it."""
        connection.execute(REQUESTS.insert().values(team=self.team, **asked._asdict()))

    def write(self, edit, mark, connection):
        """Writes an edit behind the newest, under a mark by which it can be looked up.

        Gives the Position after it, which holds once the database has kept it.
        """
        row = vars(edit) | {
            "team": self.team,
            "key": mark,
            "at": edit.at.isoformat(),
            "changes": json.dumps(edit.changes, ensure_ascii=False, separators=(",", ":")),
        }
        row["seal"] = seal_of(self.position.seal, row)
        connection.execute(_INSERT, row)
        connection.execute(self._head, {"now": edit.number})
        state = self.position.state.with_changes(edit.changes)
        return Position(edit.number, row["seal"], state)

    def verify(self):
        """Reads every edit again, and holds them to their seals and to the present state.

        In a file SQLite reads every page too: a journal that was taken away in the middle of an
        edit leaves pages of two moments. Refusal where anything differs.
        """
        with self.database.reading() as connection:
            self.catch_up(connection)
            self.database.must_be_whole(connection)
        again = self._after(Position(0, "", State()), self._rows())
        if (again.state.raw, again.seal) != (self.position.state.raw, self.position.seal):
            raise self.database.damaged("its edits do not lead to its present state")

    def state_at(self, at):
        """The state after the edit of a number, or at a datetime or a date (State).

        A date is its end, and a time without a zone is, in the team's own zone.
        """
        until = at if isinstance(at, int) else self._number_at(at)
        rows = [row for row in self._rows() if row.number <= until]
        return self._after(Position(0, "", State()), rows).state

    def state_before(self, edit):
        """The state that an edit was made on (State)."""
        if edit.number == self.position.number:
            return self.position.state.with_changes(backwards(edit.changes))
        return self.state_at(edit.number - 1)

    def edits(self, item_id=None, most=None):
        """The edits, newest first (list of Edit): all, or those that changed one thing."""
        query = self._edits.where(EDITS.c.number <= self.position.number)
        query = query.order_by(EDITS.c.number.desc())
        if item_id is None:
            query = query.limit(most)
        else:
            # The database finds the few that may be meant; an id can also stand in a text.
            meant = EDITS.c.changes.contains(f'"id":{json.dumps(item_id)}', autoescape=True)
            query = query.where(meant)
        with self.database.reading() as connection:
            edits = map(_edit, connection.execute(query))  # each is read when it is asked for
            if item_id is not None:
                edits = (edit for edit in edits if item_id in _changed_by(edit))
            return list(islice(edits, most))

    def edit(self, number):
        """The edit of a number (Edit); Refusal where there is none."""
        query = self._edits.where(EDITS.c.number == number)
        with self.database.reading() as connection:
            found = connection.execute(query).first()
        if found is None:
            raise Refusal(f"There is no edit {number!r} in this record; look at its history.")
        return _edit(found)

    def since(self, number):
        """The edits after a number, oldest first (list of Edit); no other is read."""
        return [_edit(row) for row in self._rows(after=number)]

    def reversible(self, reversing, author, connection, before=None):
        """The author's edits that "undo" or "redo" may take back, newest first (iterator of Edit).

        Each is read when it is asked for. Refusal where there is none. before: as they were before
        the edit of a number.
        """
        own = sa.and_(EDITS.c.team == self.team, EDITS.c.author == author)
        if before is not None:
            own = sa.and_(own, EDITS.c.number < before)
        columns = sa.select(EDITS.c.number, EDITS.c.type, EDITS.c.reverses).where(own)
        done, undone = _stacks(connection.execute(columns.order_by(EDITS.c.number)))
        stack = done if reversing == "undo" else undone
        if not stack:
            raise Refusal(f"There is nothing of {author}'s to {reversing}; nothing was changed.")
        kind = EDITS.c.type == "undo" if reversing == "redo" else EDITS.c.type != "undo"
        rows = connection.execute(self._edits.where(own, kind).order_by(EDITS.c.number.desc()))
        return (_edit(row) for row in rows if row.number in stack)

    def _rows(self, after=0):
        """The edits as the database holds them, oldest first, up to the position (list of rows)."""
        read = self._edits.where(EDITS.c.number > after, EDITS.c.number <= self.position.number)
        with self.database.reading() as connection:
            return connection.execute(read.order_by(EDITS.c.number)).all()

    def _number_at(self, at):
        """The number of the last edit made by a moment (int), 0 where none was."""
        moment = _moment(at, self.zone)
        mine = sa.select(EDITS.c.at).where(EDITS.c.team == self.team)
        with self.database.reading() as connection:
            times = connection.execute(mine.order_by(EDITS.c.number)).scalars().all()
        return bisect_right(believed([datetime.fromisoformat(time) for time in times]), moment)

    def _after(self, position, rows):
        """The position after more edits, as the database holds them, oldest first (Position)."""
        number, seal, before = position
        state = before.with_changes([])
        for row in rows:
            number += 1
            seal = seal_of(seal, row._mapping)
            if seal != row.seal or row.number != number:
                raise self.database.damaged(f"edit {number} is not as it was written")
            state.apply(_edit(row).changes)
        return Position(number, seal, state)

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
        if record.identity != self.identity:
            raise self._replaced()

    def _replaced(self):
        """What to say where another copy stands in the place of the one that was read (Refusal)."""
        return Refusal(
            f"The record {self.database} was replaced by another copy while it was open: its edit "
            f"{self.position.number:,} is not the one that was read here. Nothing was changed. "
            "Open it again, and look for what is missing in its backups."
        )


def _stacks(rows):
    """The numbers of what an author did that stands, and of the undos that can be made again."""
    done = {}  # a dictionary keeps their order, and lets go of one in the middle at once
    undone = {}
    for number, what, reverses in rows:
        if what == "undo":
            del done[reverses]
            undone[number] = True
            continue
        if what == "redo":
            del undone[reverses]
        else:
            undone = {}  # after something new, what was taken back cannot be made again
        done[number] = True
    return done, undone


def _changed_by(edit):
    return {change["id"] for change in edit.changes}


def _moment(at, zone):
    """A moment of a record as a time with its zone (datetime)."""
    if isinstance(at, date) and not isinstance(at, datetime):
        at = datetime.combine(at, time.max)
    if isinstance(at, datetime):
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=zone_named(zone))
    raise Refusal(
        f"{at!r} is no moment of a record; give a date, a time with its zone, or the "
        "number of an edit."
    )


def _edit(row):
    at = datetime.fromisoformat(row.at)
    changes = tuple(json.loads(row.changes))
    return Edit(row.number, row.author, at, row.type, changes, row.reverses)

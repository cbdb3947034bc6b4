"""The log of edits behind a record: each is written once, sealed, and never changed; the newest
state is read from it.

The seal of an edit is a hash of it and of the seal before it, so that a record that was overwritten
in one place is noticed. Every 250 edits the state itself is written down too, so that a long
history opens as fast as a short one.
"""

import contextlib
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

import sqlalchemy as sa

from see_the_system.messages import Refusal
from see_the_system.theory import backups
from see_the_system.theory.database import EDITS, FORMAT, RECORDS, SNAPSHOTS
from see_the_system.theory.state import State, backwards

SNAPSHOT_EVERY = 250


@dataclass(frozen=True)
class Edit:
    """One edit as it was kept: its number in the record (from 1), who, when, what it changed, and
    which edit it takes back, if it does.
    """

    number: int
    author: str
    at: datetime
    type: str
    changes: tuple
    reverses: int | None = None


class Now(NamedTuple):
    """What an edit is made on: the newest state, its time, the connection that holds the lock, and
    what kind of edit it is.
    """

    state: State
    at: datetime
    connection: Any
    about: dict


class Log:
    """The edits of one team in a database, read up to ``number``; ``state`` is the state after that
    edit.
    """

    def __init__(self, database, team):
        self.database, self.team = database, team
        self.number, self.seal, self.last_at, self.state = (
            0,
            "",
            datetime.min.replace(tzinfo=UTC),
            State(),
        )
        with database.reading() as connection:
            self._from_snapshot(connection)
            self.catch_up(connection)

    def append(self, author, build, key):
        """Writes the edit that ``build(Now)`` gives as changes, alone and on the newest state;
        gives its number (int).

        An edit with a ``key`` that was written before is not written again. No changes, no edit.
        """
        author = named(author)
        with self.database.writing() as connection:
            self._must_be_ours(
                connection.execute(
                    sa.select(RECORDS).where(RECORDS.c.team == self.team).with_for_update()
                ).first()
            )
            self.catch_up(connection)
            if key is not None and (
                done := connection.execute(
                    sa.select(EDITS.c.number).where(self._mine(), EDITS.c.key == key)
                ).scalar()
            ):
                return done
            at, about = max(datetime.now(UTC), self.last_at), {"type": "edit", "reverses": None}
            changes = build(Now(self.state, at, connection, about))
            if not changes:
                return self.number
            row = about | {
                "team": self.team,
                "number": self.number + 1,
                "key": key or secrets.token_hex(8),
            }
            row |= {"author": author, "at": at.isoformat(), "changes": _compact(changes)}
            row["seal"] = _sealed(self.seal, row)
            connection.execute(EDITS.insert().values(**row))
            connection.execute(
                RECORDS.update().where(RECORDS.c.team == self.team).values(head=row["number"])
            )
            after = self.state.with_changes(changes)
        self.state, self.seal, self.number, self.last_at = after, row["seal"], row["number"], at
        if self.number % SNAPSHOT_EVERY == 0:
            self._snapshot()
        return self.number

    def catch_up(self, connection):
        """Reads the edits that others wrote since; Refusal where one is not as it was written."""
        state, seal, number, at = self.state, self.seal, self.number, self.last_at
        for row in connection.execute(self._rows().where(EDITS.c.number > self.number)):
            seal = self._checked(seal, row, number + 1)
            if state is self.state:
                state = state.with_changes([])
            state.apply(json.loads(row.changes))
            number, at = row.number, datetime.fromisoformat(row.at)
        self.state, self.seal, self.number, self.last_at = state, seal, number, at

    def verify(self):
        """Reads every edit again and holds them to their seals and to the present state; Refusal
        where they differ.
        """
        with self.database.reading() as connection:
            self.catch_up(connection)
            seal, state = "", State()
            for number, row in enumerate(
                connection.execute(self._rows().where(EDITS.c.number <= self.number)), 1
            ):
                seal = self._checked(seal, row, number)
                state.apply(json.loads(row.changes))
        if state.raw != self.state.raw or seal != self.seal:
            raise self.damaged("its edits do not lead to its present state")

    def state_at(self, at):
        """The state after the edit of a number, or at a datetime or date (its end, UTC) (State)."""
        until = _until(at)
        state = State(self.state.raw)
        with self.database.reading() as connection:
            for row in connection.execute(
                self._rows(newest_first=True).where(EDITS.c.number <= self.number)
            ):
                if until(row):
                    break
                state.apply(backwards(json.loads(row.changes)))
        return state

    def edits(self, id=None, most=None):
        """The edits up to ``number``, newest first (list of Edit): all, or those that changed one
        thing.
        """
        query = self._rows(newest_first=True).where(EDITS.c.number <= self.number)
        if id is not None:
            query = query.where(EDITS.c.changes.contains(f'"id":{json.dumps(id)}', autoescape=True))
        with self.database.reading() as connection:
            found = [_edit(row) for row in connection.execute(query)]
        return [
            edit
            for edit in found
            if id is None or any(change["id"] == id for change in edit.changes)
        ][:most]

    def last(self, connection, type, author):
        """The author's edit that undo or redo is about (Edit); Refusal where there is none."""
        mine = sa.select(EDITS.c.number, EDITS.c.type, EDITS.c.reverses).where(
            self._mine(), EDITS.c.author == named(author)
        )
        done, undone = [], []
        for number, what, reverses in connection.execute(mine.order_by(EDITS.c.number)):
            if what == "undo":
                done.remove(reverses)
                undone.append(number)
            else:
                undone = [] if what == "edit" else [one for one in undone if one != reverses]
                done.append(number)
        stack = done if type == "undo" else undone
        if not stack:
            raise Refusal(f"There is nothing of {named(author)}'s to {type}; nothing was changed.")
        return _edit(connection.execute(self._rows().where(EDITS.c.number == stack[-1])).one())

    def damaged(self, how):
        """What to say of a damaged record (Refusal)."""
        path = self.database.path
        hint = (
            backups.last_good(path) if path else "Ask whoever runs the server for its last backup."
        )
        return Refusal(
            f"The record {self.database} is damaged and was left as it is ({how}). {hint}"
        )

    def _mine(self):
        return EDITS.c.team == self.team

    def _rows(self, newest_first=False):
        return (
            sa.select(EDITS)
            .where(self._mine())
            .order_by(EDITS.c.number.desc() if newest_first else EDITS.c.number)
        )

    def _from_snapshot(self, connection):
        found = connection.execute(
            sa.select(SNAPSHOTS).where(SNAPSHOTS.c.team == self.team)
        ).first()
        if found is None:
            return
        last = connection.execute(self._rows().where(EDITS.c.number == found.number)).first()
        if _hash(found.state) != found.seal or last is None:
            raise self.damaged("its snapshot is not as it was written")
        self.state, self.number, self.seal, self.last_at = (
            State(json.loads(found.state)),
            found.number,
            last.seal,
            _time(last.at),
        )

    def _snapshot(self):
        """Writes the state down, where there is room for it: without it a record opens more slowly,
        and nothing else.
        """
        text = _compact(self.state.raw)
        with contextlib.suppress(Refusal), self.database.writing() as connection:
            connection.execute(SNAPSHOTS.delete().where(SNAPSHOTS.c.team == self.team))
            connection.execute(
                SNAPSHOTS.insert().values(
                    team=self.team, number=self.number, state=text, seal=_hash(text)
                )
            )

    def _checked(self, seal, row, number):
        seal = _sealed(seal, row._mapping)
        if seal != row.seal or row.number != number:
            raise self.damaged(f"edit {number} is not as it was written")
        return seal

    def _must_be_ours(self, head):
        if head is None:
            raise Refusal(
                f'The record of "{self.team}" is no longer in {self.database}; nothing was '
                "changed. Open the record again."
            )
        if head.format > FORMAT:
            raise Refusal(
                f"The record {self.database} was updated to a newer version of See the "
                "System; update, and open it again."
            )
        if head.head < self.number:
            raise Refusal(
                f"The record {self.database} was replaced by an older one while it was open; "
                "nothing was changed. Open it again."
            )


def named(author):
    """The name of who makes an edit (text); Refusal where there is none."""
    author = " ".join(str(author).split())
    if not 0 < len(author) <= 200:
        raise Refusal(
            "An edit needs the name of who makes it, of at most 200 letters; type your name, "
            "and do it again."
        )
    return author


def _until(at):
    """Whether an edit is not after a moment, as a function of its row."""
    if isinstance(at, int):
        return lambda row: row.number <= at
    if isinstance(at, date) and not isinstance(at, datetime):
        at = datetime.combine(at, time.max, UTC)
    if not isinstance(at, datetime):
        raise Refusal(
            f"{at!r} is no moment of a record; give a date, a time with its zone, or the "
            "number of an edit."
        )
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return lambda row: _time(row.at) <= moment


def _sealed(before, row):
    parts = (
        before,
        row["number"],
        row["key"],
        row["type"],
        row["reverses"],
        row["author"],
        row["at"],
        row["changes"],
    )
    return _hash("\x1f".join(map(str, parts)))


def _hash(text):
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _time(text):
    return datetime.fromisoformat(text)


def _edit(row):
    return Edit(
        row.number,
        row.author,
        _time(row.at),
        row.type,
        tuple(json.loads(row.changes)),
        row.reverses,
    )

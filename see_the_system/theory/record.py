"""The record of a team's theory: every edit is kept, and the present state, undo and any day's
state are read from them.

record = new_record("alder.theory", team="Alder Creek math team") bone =
record.add(Category(text="Time"), author="Ana") record.add(Cause(parent=bone, text="Intervention
takes students out of core mathematics"), author="Ben") record.theory().causes
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from see_the_system.messages import Refusal, nearest
from see_the_system.theory import backups
from see_the_system.theory import placing as places
from see_the_system.theory import state as states
from see_the_system.theory.database import FORMAT, RECORDS, Database
from see_the_system.theory.kinds import Dropped
from see_the_system.theory.log import Log, named
from see_the_system.theory.model import name_of
from see_the_system.theory.revision import compare
from see_the_system.theory.state import on

BACK_UP_EVERY, BACK_UP_AFTER = 200, timedelta(hours=1)


def new_record(where, *, team):
    """Begins a record in a new file, or for a new team on a PostgreSQL server (Record). Refusal
    where there is one already.
    """
    team = " ".join(str(team).split())
    if not 0 < len(team) <= 200:
        raise Refusal("A record needs the team's name, of at most 200 letters; give one.")
    database = Database(where)
    if database.path and not database.path.parent.is_dir():
        raise Refusal(
            f"There is no folder {database.path.parent} to keep the record in; make it, or "
            "choose another."
        )
    if database.path and database.path.exists() and database.path.stat().st_size:
        raise Refusal(
            f"There is a file {database} already, and it was left as it is; open it, or "
            "choose another name."
        )
    with database.writing() as connection:
        database.make_tables(connection)
        if connection.execute(sa.select(RECORDS.c.team).where(RECORDS.c.team == team)).first():
            raise Refusal(
                f'There is a record of the team "{team}" in {database} already; open it, or '
                "choose another name."
            )
        connection.execute(RECORDS.insert().values(team=team, format=FORMAT, head=0))
    return Record(database, team)


def open_record(where, *, team=None):
    """The record in a file, or of a team on a PostgreSQL server (Record). Refusal where there is
    none, or it is damaged or newer than this.
    """
    database = Database(where)
    if database.path:
        _must_be_a_file(database)
    with database.reading() as connection:
        if not sa.inspect(connection).has_table("records"):
            hint = (
                backups.last_good(database.path)
                if database.path and backups.backups(database.path)
                else ""
            )
            hint = hint or "Open the file that the team keeps its work in."
            raise Refusal(f"{database} holds no record of a team and was left as it is. {hint}")
        teams = dict(
            tuple(row) for row in connection.execute(sa.select(RECORDS.c.team, RECORDS.c.format))
        )
    if team is None and len(teams) == 1:
        team = next(iter(teams))
    if team not in teams:
        near = ", ".join(nearest(team or "", list(teams)) or sorted(teams)[:5]) or "none yet"
        raise Refusal(
            f'There is no record of the team "{team or ""}" in {database}; it has {near}. '
            "Choose one of these, or begin a new record."
        )
    if teams[team] > FORMAT:
        raise Refusal(
            f"The record {database} was written by a newer version of See the System and was "
            "left as it is; update, and open it again."
        )
    return Record(database, team)


def _must_be_a_file(database):
    path = database.path
    if path.is_file():
        if path.stat().st_size == 0:
            raise Refusal(
                f"The record {path} is empty: it was cut off, or never begun, and was left "
                f"as it is. {backups.last_good(path)}"
            )
        return
    near = (
        [one.name for one in path.parent.glob("*" + path.suffix)]
        if path.parent.is_dir() and path.suffix
        else []
    )
    near = ", ".join(nearest(path.name, near) or sorted(near)[:3])
    raise Refusal(
        f"There is no record {path}"
        + (f"; its folder has {near}" if near else "")
        + ". Open another file, or begin a new record."
    )


class Record:
    """One team's record, open. Several may be open on it at once, in several programs: each edit is
    made on the newest state.

    Every method that edits returns after the edit is safely kept, or raises a Refusal with nothing
    changed.
    """

    def __init__(self, database, team):
        self.database, self.team = database, team
        self._log = Log(database, team)
        self._theory = (-1, None)
        self._backed_up = None
        self.backup_problem = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Lets go of the file or the server."""
        self.database.close()

    # --- reading ---

    @property
    def number(self):
        """The number of the last edit that was read (int)."""
        return self._log.number

    def refresh(self):
        """Reads what others have added since (int: how many edits)."""
        before = self.number
        with self.database.reading() as connection:
            self._log.catch_up(connection)
        return self.number - before

    def theory(self, *, at=None):
        """The theory now, or as it was (Theory): ``at`` is a datetime, a date (its end, UTC) or the
        number of an edit.
        """
        if at is not None:
            return self._log.state_at(at).theory()
        if self._theory[0] != self.number:
            self._theory = self.number, self._log.state.theory()
        return self._theory[1]

    def changes(self, since, until=None, *, kinds=None):
        """What was kept, revised, moved, added and dropped between two moments (list of Revision)."""
        return compare(
            self.theory(at=since),
            self.theory(at=until) if until is not None else self.theory(),
            kinds=kinds,
        )

    def history(self, id=None, *, most=None):
        """The edits, newest first (list of Edit): all, or those that changed one thing; at most
        ``most``.
        """
        return self._log.edits(id, most)

    def verify(self):
        """Reads every edit again, in order, and holds them to their seals and to the present state
        (int: how many); Refusal where they differ.
        """
        self._log.verify()
        return self.number

    # --- editing ---

    def add(self, item, *, author, key=None):
        """Adds a thing, such as ``Cause(parent=…, text=…)``, with its author and the time; gives
        its id (text).
        """
        self._write(author, lambda now: states.add(now.state, _placed(now, item, author)), key)
        return item.id

    def change(self, id, *, author, key=None, **fields):
        """Gives fields of one thing new values; gives the number of the edit (int)."""
        return self._write(author, lambda now: states.change(now.state, id, fields), key)

    def link(self, id, field, other, *, author, key=None):
        """Adds an id to a field that holds several, whatever others did to it meanwhile (int), as
        ``link(driver, "causes", cause)``.
        """
        return self._write(
            author,
            lambda now: states.change(
                now.state, id, {field: places.linked(now.state, id, field, other)}
            ),
            key,
        )

    def unlink(self, id, field, other, *, author, key=None):
        """Takes an id out of a field that holds several (int)."""
        return self._write(
            author,
            lambda now: states.change(
                now.state, id, {field: places.unlinked(now.state, id, field, other)}
            ),
            key,
        )

    def move(self, id, *, under=None, before=None, author, key=None):
        """Places a thing under another (None: where it is) and before a neighbour (None: last);
        gives the number of the edit (int).
        """
        return self._write(author, lambda now: places.moved(now.state, id, under, before), key)

    def drop(self, id, *, why="", author, key=None):
        """Takes a thing out, with the reason; what stands under it goes with it. Gives the number
        of the edit (int).
        """
        return self._write(
            author,
            lambda now: states.drop(
                now.state, id, Dropped(why=why, author=named(author), at=now.at)
            ),
            key,
        )

    def bring_back(self, id, *, author, key=None):
        """Brings a dropped thing back, with what stood under it; gives the number of the edit
        (int).
        """
        return self._write(author, lambda now: places.brought_back(now.state, id), key)

    def take_in(self, theory, *, author, why="not in the file that was read in", key=None):
        """Makes the record the given theory in one edit (int), as after
        :func:`see_the_system.theory.exchange.read`; undo takes it all back.
        """
        return self._write(
            author,
            lambda now: states.take_in(
                now.state, theory, Dropped(why=why, author=named(author), at=now.at)
            ),
            key,
        )

    def undo(self, *, author, key=None):
        """Takes back the author's last edit that stands (int: the number of the edit that does it)."""
        return self._reverse("undo", author, key)

    def redo(self, *, author, key=None):
        """Makes again what the author last took back (int)."""
        return self._reverse("redo", author, key)

    # --- backups ---

    def back_up(self):
        """Takes a backup of the file now and rotates the older ones (Path). Refusal on a server,
        where its keeper backs up.
        """
        if self.database.path is None:
            raise Refusal(
                f"The record is on the server {self.database}, whose keeper takes the "
                "backups; export the theory to a file for one of your own."
            )
        with self.database.said():
            made = backups.back_up(self.database.path, number=self.number)
        self._backed_up = datetime.now(UTC), self.number
        self.backup_problem = ""
        return made

    def _back_up_when_due(self):
        if self.database.path is None:
            return
        if self._backed_up is None:
            self._backed_up = next(
                ((at, number) for at, number, _ in backups.backups(self.database.path)),
                (datetime.min.replace(tzinfo=UTC), 0),
            )
        at, number = self._backed_up
        if self.number - number >= BACK_UP_EVERY or datetime.now(UTC) - at > BACK_UP_AFTER:
            try:
                self.back_up()
            except Refusal as problem:  # the edit is kept all the same
                self.backup_problem = str(problem)
                self._backed_up = datetime.now(UTC), self.number

    # --- how it is done ---

    def _write(self, author, build, key):
        number = self._log.append(author, build, key)
        self._back_up_when_due()
        return number

    def _reverse(self, type, author, key):
        def build(now):
            edit = self._log.last(now.connection, type, author)
            changes, blocking = states.undo(now.state, edit.changes)
            if blocking is not None:
                raise Refusal(self._went_on(now.state, edit, blocking))
            now.about.update(type=type, reverses=edit.number)
            return changes

        return self._write(author, build, key)

    def _went_on(self, state, edit, blocking):
        later = [one for one in self.history(blocking) if one.number > edit.number]
        later.sort(key=lambda one: one.author == edit.author)  # someone else's first
        who = (
            f"{later[0].author} went on from it on {on(later[0].at)}"
            if later
            else "others have gone on from it"
        )
        what = f", with the {name_of(state[blocking])}" if blocking in state else ""
        return (
            f"This cannot be taken back, because {who}{what}. Change it by hand, so that their "
            "work stays."
        )


def _placed(now, item, author):
    placed = (
        {} if "order" in item.model_fields_set else {"order": places.last_order(now.state, item)}
    )
    return item.model_copy(update={"author": named(author), "at": now.at, "dropped": None} | placed)

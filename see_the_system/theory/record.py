"""The record of a team's theory: every edit is kept, and all else is read from the edits.

That is the present state, undo, and the state of any day.

    record = new_record("alder.theory", team="Alder Creek math team")
    bone = record.add(Category(text="Time"), author="Ana")
    record.add(Cause(parent=bone, text="Support takes students out of class"), author="Ben")
    record.theory().causes
"""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from see_the_system.messages import Refusal, nearest
from see_the_system.theory import backups, edits
from see_the_system.theory.allowed import short_name
from see_the_system.theory.database import FORMAT, Database
from see_the_system.theory.fields import in_words
from see_the_system.theory.items import name_of
from see_the_system.theory.log import Log
from see_the_system.theory.revision import compare
from see_the_system.theory.state import Edit, backwards

BACK_UP_EVERY = 200  # edits
BACK_UP_AFTER = timedelta(hours=1)
_NO_AUTHOR = (
    "An edit needs the name of who makes it, of at most 200 letters; type your name, and do it "
    "again."
)


def new_record(where, *, team):
    """Begins a record in a new file, or for a new team on a PostgreSQL server (Record).

    Refusal where there is one already.
    """
    team = short_name(team, "A record needs the team's name, of at most 200 letters; give one.")
    with _closed_on_failure(Database(where)) as database:
        database.must_be_free()
        database.begin(team)
        return Record(database, team)


def open_record(where, *, team=None):
    """The record in a file, or of a team on a PostgreSQL server (Record).

    Refusal where there is none, or it is damaged or newer than this.
    """
    with _closed_on_failure(Database(where)) as database:
        database.must_be_there()
        teams = database.teams()
        if teams is None:
            hint = "Open the file that the team keeps its work in."
            if database.path and backups.backups(database.path):
                hint = backups.last_good(database.path)
            raise Refusal(f"{database} holds no record of a team and was left as it is. {hint}")
        if team is None and len(teams) == 1:
            [team] = teams
        if team not in teams:
            near = nearest(team or "", list(teams)) or sorted(teams)[:5]
            there = ", ".join(near) or "none yet"
            raise Refusal(
                f'There is no record of the team "{team or ""}" in {database}; it has {there}. '
                "Choose one of these, or begin a new record."
            )
        if teams[team] > FORMAT:
            raise Refusal(
                f"The record {database} was written by a newer version of See the System and was "
                "left as it is; update, and open it again."
            )
        return Record(database, team)


@contextmanager
def _closed_on_failure(database):
    try:
        yield database
    except BaseException:
        database.close()
        raise


class Record:
    """One team's record, open.

    Several may be open on it at once, in several programs: each edit is made on the newest state.
    Every method that edits takes its ``author``, and a ``key`` with which it is never done twice.
    It returns after the edit is safely kept, or raises a Refusal with nothing changed.
    """

    def __init__(self, database, team):
        self.database = database
        self.team = team
        self.backup_problem = ""
        self._log = Log(database, team)
        self._backed_up = None  # the time and the number of the last backup

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
        return self._log.position.number

    def refresh(self):
        """Reads what others have added since (int: how many edits)."""
        before = self.number
        with self.database.reading() as connection:
            self._log.catch_up(connection)
        return self.number - before

    def theory(self, *, at=None):
        """The theory now, or as it was (Theory).

        ``at`` is a datetime, a date (its end, UTC) or the number of an edit.
        """
        state = self._log.position.state if at is None else self._log.state_at(at)
        return state.theory

    def changes(self, since, until=None, *, kinds=None):
        """What was kept, revised, moved, added, dropped between two moments (list of Revision)."""
        return compare(self.theory(at=since), self.theory(at=until), kinds=kinds)

    def history(self, item_id=None, *, most=None):
        """The edits, newest first (list of Edit): all, or those that changed one thing.

        At most ``most`` of them.
        """
        return self._log.edits(item_id, most)

    def verify(self):
        """Reads every edit again, in order (int: how many).

        Refusal where they differ from their seals or from the present state.
        """
        self._log.verify()
        return self.number

    # --- editing ---

    def add(self, item, *, author, key=None):
        """Adds a thing, such as ``Cause(parent=…, text=…)``; gives its id (text)."""
        self._edit(author, key, edits.add, item)
        return item.id

    def change(self, item_id, *, author, key=None, **fields):
        """Gives fields of one thing new values; gives the number of the edit (int)."""
        return self._edit(author, key, edits.change, item_id, fields)

    def link(self, item_id, field, other, *, author, key=None):
        """Adds an id to a field that holds several, as ``link(driver, "causes", cause)`` (int).

        Whatever others did to that field meanwhile stays.
        """
        return self._edit(author, key, edits.link, item_id, field, other)

    def unlink(self, item_id, field, other, *, author, key=None):
        """Takes an id out of a field that holds several (int)."""
        return self._edit(author, key, edits.unlink, item_id, field, other)

    def move(self, item_id, *, under=None, before=None, author, key=None):
        """Places a thing under another (None: where it is) and before a neighbour (None: last).

        Gives the number of the edit (int).
        """
        return self._edit(author, key, edits.move, item_id, under, before)

    def drop(self, item_id, *, why="", author, key=None):
        """Takes a thing out, with the reason; what stands under it goes with it.

        Gives the number of the edit (int).
        """
        return self._edit(author, key, edits.drop, item_id, why)

    def bring_back(self, item_id, *, author, key=None):
        """Brings a dropped thing back, with what stood under it (int: the number of the edit)."""
        return self._edit(author, key, edits.bring_back, item_id)

    def take_in(self, theory, *, author, why="not in the file that was read in", key=None):
        """Makes the record the given theory in one edit (int); undo takes it all back.

        For what :func:`see_the_system.theory.exchange.read` gives.
        """
        return self._edit(author, key, edits.take_in, theory, why)

    def undo(self, *, author, key=None):
        """Takes back the author's last edit that stands (int: the number of the edit doing it)."""
        return self._edit(author, key, self._taken_back, reversing="undo")

    def redo(self, *, author, key=None):
        """Makes again what the author last took back (int)."""
        return self._edit(author, key, self._taken_back, reversing="redo")

    # --- backups ---

    def back_up(self):
        """Takes a backup of the file now and rotates the older ones (Path).

        Refusal on a server, where its keeper backs up.
        """
        if self.database.path is None:
            raise Refusal(
                f"The record is on the server {self.database}, whose keeper takes the "
                "backups; export the theory to a file for one of your own."
            )
        with self.database.refusing():
            made = backups.back_up(self.database.path, number=self.number)
        self._backed_up = (datetime.now(UTC), self.number)
        self.backup_problem = ""
        return made

    def _back_up_when_due(self):
        if self.database.path is None:
            return
        if self._backed_up is None:
            earlier = backups.backups(self.database.path)
            never = datetime.min.replace(tzinfo=UTC)
            self._backed_up = earlier[0][:2] if earlier else (never, 0)
        at, number = self._backed_up
        if self.number - number < BACK_UP_EVERY and datetime.now(UTC) - at <= BACK_UP_AFTER:
            return
        try:
            self.back_up()
        except Refusal as problem:  # the edit is kept all the same
            self.backup_problem = str(problem)
            self._backed_up = (datetime.now(UTC), self.number)

    # --- how an edit is made ---

    def _edit(self, author, key, changes_of, *arguments, reversing=None):
        author = short_name(author, _NO_AUTHOR)
        number = self._keep(author, key, changes_of, arguments, reversing)
        self._back_up_when_due()
        return number

    def _keep(self, author, key, changes_of, arguments, reversing):
        """Makes the changes that ``changes_of(now, *arguments)`` gives, alone, on the newest state.

        Gives the number of the edit (int). One with a ``key`` that was written before is not
        written again. No changes, no edit.
        """
        log = self._log
        with self.database.writing() as connection:
            log.lock(connection)
            done = log.number_of(key, connection) if key else None
            if done is not None:
                return done
            number, _, last_at, state = log.position
            at = max(datetime.now(UTC), last_at)  # a clock that was set back turns no order round
            back = log.last(reversing, author, connection) if reversing else None
            changes = changes_of(edits.Now(state, author, at, back), *arguments)
            if not changes:
                return number
            reverses = back.number if back else None
            edit = Edit(number + 1, author, at, reversing or "edit", tuple(changes), reverses)
            after = log.write(edit, key, connection)
        log.position = after  # only now does the database have it
        return edit.number

    def _taken_back(self, now):
        changes = backwards(now.reversed.changes)
        blocking = edits.in_the_way(now.state, changes)
        if blocking is not None:
            raise Refusal(self._went_on(now, blocking))
        return changes

    def _went_on(self, now, blocking):
        later = [edit for edit in self.history(blocking) if edit.number > now.reversed.number]
        later.sort(key=lambda edit: edit.author == now.author)  # someone else's first
        who = "others have gone on from it"
        if later:
            who = f"{later[0].author} went on from it on {in_words(later[0].at)}"
        what = ""
        if blocking in now.state:
            what = f", with the {name_of(now.state[blocking])}"
        return (
            f"This cannot be taken back, because {who}{what}. Change it by hand, so that their "
            "work stays."
        )

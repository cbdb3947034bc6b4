"""The record of a team's theory: every edit is kept, and all else is read from the edits.

That is the present state, undo, and the state of any day.

    record = open_or_begin("alder.theory", team="Alder Creek math team")
    bone = record.add(Category(text="Time"), author="Ana")
    record.add(Cause(parent=bone, text="Support takes students out of class"), author="Ben")
    record.theory().causes
"""

import hashlib
import json
import secrets
import threading
import time
from datetime import UTC, datetime

from see_the_system.display import Shown, words
from see_the_system.messages import Refusal
from see_the_system.theory import edits, reversals
from see_the_system.theory.database import Unknown
from see_the_system.theory.log import Log, Request
from see_the_system.theory.record_files import BackupKeeper
from see_the_system.theory.refusals import Changed, clean_name, must_be_a_key, must_be_an_item
from see_the_system.theory.state import Edit, compare

_LOOK_AGAIN = (0.2, 1, 3)  # seconds until a server that was lost is asked what it kept


class Record(Shown):
    """One team's record, open.

    Several may be open on it at once, in several programs and threads: each edit is made on the
    newest state. Every method that edits takes its ``author``, and may take a ``key``, the author's
    own, with which it is never done twice: done before, it gives what it gave then, and the same
    key with another request is refused. It returns after the edit is safely kept, or raises a
    Refusal with nothing changed.
    """

    view_name = "Record"

    def __init__(self, database, team):
        self.database = database
        self.team = team
        self._lock = threading.RLock()
        self._log = Log(database, team)
        self._stamp = None  # of the file when it was last read
        self._keeper = BackupKeeper(database, self._log.identity)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Lets go of the file or the server."""
        self.database.close()

    # --- reading ---

    @property
    def identity(self):
        """What tells this very record from every other, its copies included (text)."""
        return self._log.identity

    @property
    def zone(self):
        """The name of the team's own time zone (text)."""
        return self._log.zone

    @property
    def number(self):
        """The number of the last edit that was read (int)."""
        return self._log.position.number

    def head(self):
        """The number of the newest edit that anyone has written (int)."""
        return self._log.head()

    def refresh(self):
        """Reads what others have added since (int: how many edits).

        A look costs next to nothing when nothing is new.
        """
        with self._lock:
            stamp = self.database.stamp()
            if stamp is not None and stamp == self._stamp:
                return 0
            before = self.number
            with self.database.reading() as connection:
                self._log.catch_up(connection)
            self._stamp = stamp
            return self.number - before

    def theory(self, *, at=None):
        """The theory now, or as it was (Theory).

        ``at`` is a datetime, a date (its end) or the number of an edit; a date, and a time without
        a zone, are in the team's own.
        """
        with self._lock:
            state = self._log.position.state if at is None else self._log.state_at(at)
            return state.theory

    def changes(self, since, until=None, *, kinds=None):
        """What was kept, revised, moved, added, dropped between two moments (list of Revision)."""
        return compare(self.theory(at=since), self.theory(at=until), kinds=kinds)

    def history(self, item_id=None, *, most=None):
        """The edits, newest first (list of Edit): all, or those that changed one thing.

        At most ``most`` of them.
        """
        with self._lock:
            return self._log.edits(item_id, most)

    def since(self, number):
        """The edits after a number, oldest first (list of Edit); the earlier ones are not read."""
        with self._lock:
            return self._log.since(number)

    def verify(self):
        """Reads every edit again, in order (int: how many).

        Refusal where they differ from their seals or from the present state, or a page of the file
        is not whole.
        """
        with self._lock:
            self._log.verify()
            return self.number

    # --- editing ---

    def add(self, item, *, author, key=None):
        """Adds a thing, such as ``Cause(parent=…, text=…)``; gives its id (text)."""
        must_be_an_item(item)
        number = self._edit(author, key, edits.add, item)
        return item.id if item.id in self._log.position.state else self._added_in(number)

    def _added_in(self, number):
        """The id of the thing that an edit added (text): a replay gives the id of the first."""
        return self._log.edit(number).changes[0]["id"]

    def change(self, item_id, *, author, key=None, expect=None, **fields):
        """Gives fields of one thing new values; gives the number of the edit (int).

        expect: what a field held when the author saw it, as ``{"text": "as it was"}``; where it
        holds something else by now, a ``Changed`` says both, and nothing is written.
        """
        if expect:
            return self._edit(author, key, self._change_as_seen, item_id, fields, expect)
        return self._edit(author, key, edits.change, item_id, fields)

    def _change_as_seen(self, now, item_id, fields, expect):
        other = edits.seen_otherwise(now.state, item_id, fields, expect)
        if other:
            last = self._log.edits(item_id, 1)
            by = last[0].author if last else ""
            raise Changed(now.state[item_id], *other, by)
        return edits.change(now, item_id, fields)

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

    def split(self, item_id, texts, *, made, author, key=None):
        """Splits one thing in two: it keeps the first text, a new one beside it has the second.

        made: the new one's id. Gives the number of the edit (int).
        """
        return self._edit(author, key, edits.split, item_id, texts, made)

    def join(self, item_id, other, *, author, key=None):
        """Joins another thing of its kind into one, whose words stand, with all that named it.

        The other's words are kept (``Dropped.into``). Gives the number of the edit (int).
        """
        return self._edit(author, key, edits.join, item_id, other)

    def vote(self, item_id, *, dots=1, author, key=None):
        """Gives a thing more of the author's dots, or takes some back (dots below 0) (int)."""
        return self._edit(author, key, edits.vote, item_id, dots)

    def drop(self, item_id, *, why="", author, key=None):
        """Takes a thing out, with the reason; what stands under it goes with it.

        Gives the number of the edit (int).
        """
        return self._edit(author, key, edits.drop, item_id, why)

    def bring_back(self, item_id, *, author, key=None):
        """Brings a dropped thing back, with what stood under it (int: the number of the edit)."""
        return self._edit(author, key, edits.bring_back, item_id)

    def merge(self, theory, *, author, key=None):
        """Takes in what a theory has and the record has not, in one edit (int).

        New things are added, and fields that are empty here are filled; nothing is overwritten or
        dropped. For what :func:`see_the_system.theory.exchange.read` gives.
        """
        return self._edit(author, key, edits.merge, theory)

    def replace_with(self, theory, *, author, why="not in the file that was read in", key=None):
        """Makes the record the given theory in one edit (int); undo takes it all back.

        What is not in the theory is dropped.
        """
        return self._edit(author, key, edits.replace_with, theory, why)

    def undo(self, *, author, key=None):
        """Takes back the author's latest edit that can be (int: the number of the edit doing it).

        Edits that others went on from are passed over and stay; ``reversal`` tells which. Refusal
        where nobody's work could stay.
        """
        return self._edit(author, key, None, reversing="undo")

    def redo(self, *, author, key=None):
        """Makes again what the author last took back and nobody went on from since (int)."""
        return self._edit(author, key, None, reversing="redo")

    def reversal(self, number):
        """What the undo or redo of a number took back, and what it passed over (Reversal)."""
        with self._lock:
            edit = self._log.edit(number)
            if edit.type == "edit":
                raise Refusal(f"Edit {number:,} is no undo and no redo; give the number of one.")
            state = self._log.state_before(edit)
            with self.database.reading() as connection:
                mine = self._log.reversible(edit.type, edit.author, connection, before=number)
                chosen, passed = reversals.find(state, mine)
            whys = reversals.reasons(passed, state, number, self._log.edits)
            return reversals.told(chosen, whys, state)

    # --- backups ---

    def back_up(self):
        """Takes a backup of the file now and rotates the older ones (Path).

        Refusal on a server, where its keeper backs up.
        """
        with self._lock:
            return self._keeper.take(self.number)

    @property
    def backup_problem(self):
        """Why the last backup could not be taken (text), "" where it could."""
        return self._keeper.problem

    # --- how an edit is made ---

    def _edit(self, author, key, changes_of, *arguments, reversing=None):
        author = clean_name(author, "An edit", "the name of who makes it; type your name.")
        must_be_a_key(key)
        asked = [reversing or changes_of.__name__, *map(edits.as_asked, arguments)]
        request = Request(author, key, _digest(asked), 0)
        mark = secrets.token_hex(16)
        with self._lock:
            try:
                number = self._keep(changes_of, arguments, request, mark, reversing)
            except Unknown as unknown:
                number = self._look_up(mark, unknown)
            self._keeper.take_when_due(self.number)
        return number

    def _keep(self, changes_of, arguments, request, mark, reversing):
        """Makes the changes that ``changes_of(now, *arguments)`` gives, alone, on the newest state.

        Gives the number of the edit (int). What was asked with a key before is not done again. No
        changes, no edit.
        """
        log = self._log
        after = None
        with self.database.writing() as connection:
            log.lock(connection)
            done = log.asked(request, connection) if request.key else None
            if done:
                return _replayed(done, request)
            number, _, state = log.position
            at = datetime.now(UTC)  # the real time: a wrong clock is seen when dates are told
            reverses = None
            if reversing:
                reverses, changes = self._taken_back(reversing, request.author, connection)
            else:
                changes = changes_of(edits.Now(state, request.author, at), *arguments)
            if changes:
                number += 1
                kind = reversing or "edit"
                edit = Edit(number, request.author, at, kind, tuple(changes), reverses)
                after = log.write(edit, mark, connection)
            if request.key:
                log.keep_asked(request._replace(number=number), connection)
        if after:
            log.position = after  # only now does the database have it
        return number

    def _look_up(self, mark, unknown):
        """What became of an edit whose server was lost before it answered (int: its number)."""
        for seconds in _LOOK_AGAIN:
            time.sleep(seconds)
            try:
                with self.database.reading() as connection:
                    number = self._log.number_of(mark, connection)
                    self._log.catch_up(connection)
            except Refusal:
                continue
            if number is None:
                raise Refusal(
                    f"The server {self.database} was lost before this was saved; nothing was "
                    "changed. Do it again."
                ) from unknown
            return number
        raise Unknown(
            f"The server {self.database} does not answer, and it is not known whether this was "
            "saved. Look at the newest state when it answers, before you do it again."
        ) from unknown

    def _taken_back(self, reversing, author, connection):
        """The number of the edit that is taken back, and the changes that do it."""
        state = self._log.position.state
        mine = self._log.reversible(reversing, author, connection)
        edit, passed = reversals.find(state, mine)
        if edit is None:
            whys = reversals.reasons(passed, state, self.number + 1, self._log.edits)
            raise reversals.refused(whys)
        return edit.number, reversals.backwards(edit.changes)


def describe_record(record):
    """What the team's theory holds, and why no backup of it could be taken (text)."""
    sentences = [words(record.theory())]
    if record.backup_problem:
        sentences += [
            f"The last backup could not be taken: {record.backup_problem}",
            "The work itself is kept. See that backups can be made.",
        ]
    return " ".join(sentences)


def _digest(asked):
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _replayed(done, request):
    if done.digest != request.digest:
        raise Refusal(
            f'The key "{request.key}" was used by {request.author} for another edit already; '
            "nothing was changed. Make a new key for each edit."
        )
    return done.number

"""Opening a team's record where its work lies, and carrying out what an editor asks of it, once.

An operation is a dict of plain values, as an editor sends it: ``op`` names it, ``key`` is its own
and makes it happen once, ``by`` is who did it, ``id`` is the thing that it is about.
"""

from contextlib import contextmanager
from pathlib import Path

import filelock

from see_the_system.messages import Refusal, nearest
from see_the_system.paths import SAMPLE
from see_the_system.theory import record_files
from see_the_system.theory.database import FORMAT, Database
from see_the_system.theory.exchange import read
from see_the_system.theory.items import KINDS, ONES
from see_the_system.theory.record import Record
from see_the_system.theory.record_files import zone_here
from see_the_system.theory.refusals import clean_name, valid

SETTINGS = ".workshop"  # what makes a folder a workshop folder: its address, settings and log
RECORD = "team.theory"
PRACTICE_RECORD = "practice.theory"
DEFAULT_TEAM = "Our team"
_EXAMPLE = SAMPLE / "theory.yaml"
_EXAMPLE_AUTHOR = "The worked example"


def folder_around(place):
    """The workshop folder that a folder is, or lies in (Path), or None."""
    place = Path(place).resolve()
    for folder in (place, *place.parents):
        if (folder / SETTINGS).is_dir():
            return folder
    return None


def open_work(path, *, team=None):
    """The record in a file, begun where there is none yet (Record).

    Its team is the one that it has, unless another is asked for. Refusal where it is damaged, newer
    than this, or another team's.
    """
    with _one_at_a_time(path):
        if path.exists():
            return open_record(path, team=team)
        return new_record(path, team=team or DEFAULT_TEAM)


def open_example(path, *, team=None):
    """The practice network's worked example as a record in a file, begun where it is empty."""
    with _one_at_a_time(path):
        if not path.exists():
            record = new_record(path, team=team or read(_EXAMPLE).charter.team)
        else:
            record = open_record(path, team=team)
        if record.head() == 0:
            record.merge(read(_EXAMPLE), author=_EXAMPLE_AUTHOR)
        return record


def _one_at_a_time(path):
    """Two lessons that are opened at once begin one record, not two."""
    settings = path.parent / SETTINGS
    folder = settings if settings.is_dir() else path.parent
    return filelock.FileLock(folder / f"{path.name}.begin.lock")


def new_record(where, *, team, zone=None):
    """Begins a record in a new file, or for a new team on a PostgreSQL server (Record).

    zone: the team's own time zone by its name, this machine's by default; its days are told in it.
    Refusal where there is a record already.
    """
    team = clean_name(team, "A record", "the team's name; give one.")
    with _closed_on_failure(Database(where)) as database:
        database.must_be_free()
        database.begin(team, zone or zone_here())
        return Record(database, team)


def open_record(where, *, team=None):
    """The record in a file, or of a team on a PostgreSQL server (Record).

    Refusal where there is none, or it is damaged or newer than this.
    """
    with _closed_on_failure(Database(where)) as database:
        database.must_be_there()
        teams = database.teams()
        if not teams and database.path:
            raise _no_record_in(database, begun=teams is not None)
        teams = teams or {}
        if team is None and len(teams) == 1:
            [team] = teams
        elif team is not None:
            team = clean_name(team, "A record", "the team's name; give one.")
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
        if teams[team] < FORMAT:
            database.upgrade()
        return Record(database, team)


def open_or_begin(where, *, team, zone=None):
    """The team's record, begun where there is none yet (Record): for a cell that is run again."""
    is_server = "://" in str(where)
    if not is_server and not Path(where).exists():
        return new_record(where, team=team, zone=zone)
    try:
        return open_record(where, team=team)
    except Refusal:
        try:
            return new_record(where, team=team, zone=zone)
        except Refusal:
            pass
        raise


def _no_record_in(database, begun):
    hint = "Open the file that the team keeps its work in."
    if begun:
        hint = "Its making was stopped half-way: begin a new record with this very name."
    elif record_files.backups(database.path):
        hint = record_files.last_good(database.path)
    return Refusal(f"{database} holds no record of a team and was left as it is. {hint}")


@contextmanager
def _closed_on_failure(database):
    try:
        yield database
    except BaseException:
        database.close()
        raise


def perform(record, operation):
    """Carries out an operation on a record; done before, it is not done again.

    Gives what there is to tell of it (text): of an undo or a redo, what it did; of others, "".
    Raises ``Refusal`` where the record refuses, ``Changed`` where a text is not as it was seen.
    """
    name = operation.get("op")
    if name not in _OPERATIONS:
        raise Refusal(f'There is no operation "{name}"; reload the page, and do it again.')
    own = {"author": operation.get("by"), "key": operation.get("key")}
    try:
        return _OPERATIONS[name](record, operation, own) or ""
    except (KeyError, TypeError) as error:
        raise Refusal(
            f'The operation "{name}" lacks what it needs ({error}); reload the page, and do it '
            "again."
        ) from error


def _add(record, operation, own):
    kind = operation["kind"]
    if kind in ONES:
        record.change(kind, **own, **operation["fields"])
    elif kind in KINDS:
        record.add(valid({"kind": kind, "id": operation["id"], **operation["fields"]}), **own)
    else:
        raise Refusal(f'There is no kind "{kind}" of thing in a theory; reload the page.')


def _change(record, operation, own):
    record.change(operation["id"], expect=operation.get("was"), **own, **operation["fields"])


def _move(record, operation, own):
    record.move(
        operation["id"], under=operation.get("under"), before=operation.get("before"), **own
    )


def _link(record, operation, own):
    record.link(operation["id"], operation["field"], operation["other"], **own)


def _unlink(record, operation, own):
    record.unlink(operation["id"], operation["field"], operation["other"], **own)


def _drop(record, operation, own):
    record.drop(operation["id"], why=operation.get("why", ""), **own)


def _split(record, operation, own):
    record.split(operation["id"], operation["texts"], made=operation["made"], **own)


def _join(record, operation, own):
    record.join(operation["id"], operation["other"], **own)


def _bring_back(record, operation, own):
    record.bring_back(operation["id"], **own)


def _vote(record, operation, own):
    record.vote(operation["id"], dots=operation.get("dots", 1), **own)


def _undo(record, operation, own):
    return record.reversal(record.undo(**own)).sentence


def _redo(record, operation, own):
    return record.reversal(record.redo(**own)).sentence


_OPERATIONS = {
    "add": _add,
    "change": _change,
    "move": _move,
    "link": _link,
    "unlink": _unlink,
    "drop": _drop,
    "split": _split,
    "join": _join,
    "bring_back": _bring_back,
    "vote": _vote,
    "undo": _undo,
    "redo": _redo,
}

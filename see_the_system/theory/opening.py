"""Beginning a team's record, opening it, and what is said where neither can be done."""

from contextlib import contextmanager
from pathlib import Path

from see_the_system.messages import Refusal, nearest
from see_the_system.theory import backups
from see_the_system.theory.database import FORMAT, Database
from see_the_system.theory.record import Record
from see_the_system.theory.refusals import clean_name
from see_the_system.theory.stamps import zone_here


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
    elif backups.backups(database.path):
        hint = backups.last_good(database.path)
    return Refusal(f"{database} holds no record of a team and was left as it is. {hint}")


@contextmanager
def _closed_on_failure(database):
    try:
        yield database
    except BaseException:
        database.close()
        raise

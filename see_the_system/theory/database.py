"""The tables of a record, in SQLite (one file a team) or PostgreSQL (many teams on one server).

What goes wrong with either is said here, in a sentence.
"""

import sqlite3
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.backups import last_good

FORMAT = 1
# A journal beside the file, not a write-ahead log: schools keep files on shared drives, where a log
# is not safe, and a file copied between two edits must be whole. EXTRA also writes the folder to
# disk before an edit is acknowledged.
SETTINGS = (
    "journal_mode = DELETE",
    "synchronous = EXTRA",
    "busy_timeout = 30000",
    "trusted_schema = OFF",
    "cell_size_check = ON",
)
# Older records also hold a table "snapshots"; nothing reads it.
_tables = sa.MetaData()
RECORDS = sa.Table(
    "records",
    _tables,
    sa.Column("team", sa.String(200), primary_key=True),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("head", sa.Integer, nullable=False),  # the number of the newest edit
)
EDITS = sa.Table(
    "edits",
    _tables,
    sa.Column("team", sa.String(200), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("type", sa.String(4), nullable=False),  # edit, undo, redo
    sa.Column("reverses", sa.Integer),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Column("seal", sa.String(16), nullable=False),  # of this edit and the seal before it
    sa.UniqueConstraint("team", "key"),
)
# By the beginning of SQLite's name for an error; {} is the record.
_FAULTS = {
    "SQLITE_FULL": (
        "The disk that holds {} is full, so this was not saved and nothing was changed. "
        "Make room on it, and do it again."
    ),
    "SQLITE_IOERR": (
        "The disk that holds {} did not take the change, so this was not saved and nothing was "
        "changed. See that it has room and is connected, and do it again."
    ),
    "SQLITE_READONLY": (
        "The record {} can be read but not changed by you; nothing was changed. "
        "Ask its owner for the right to write, or work in a copy."
    ),
    "SQLITE_CANTOPEN": (
        "The record {} cannot be opened by you; nothing was changed. "
        "See that its folder is there and that you may write in it."
    ),
    "SQLITE_BUSY": (
        "Someone else has held the record {} for half a minute; nothing was changed. "
        "Try again, and close programs that keep it open."
    ),
    "SQLITE_PERM": (
        "The record {} cannot be opened by you; nothing was changed. "
        "Ask its owner for the right to use it."
    ),
}


class Database:
    """Where records are kept: a file, whose ``path`` it has, or a PostgreSQL server.

    ``writing`` and ``reading`` give a connection for one transaction.
    """

    def __init__(self, where):
        self.url = _url(where)
        self.path = Path(self.url.database) if self.url.get_backend_name() == "sqlite" else None
        self.engine = sa.create_engine(self.url)
        self._writer = self.engine.execution_options(writes=True)
        if self.path:
            sa.event.listen(self.engine, "connect", _apply_settings)
            sa.event.listen(self.engine, "begin", _begin)

    def __str__(self):
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self):
        """A connection that sees one moment of the record."""
        with self.refusing(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self):
        """A connection that may write, alone.

        What it wrote stands when the block ends, and nothing of it where the block fails.
        """
        with self.refusing(), self._writer.begin() as connection:
            yield connection

    def must_be_free(self):
        """Refuses a file that no new record can be made in."""
        path = self.path
        if path and not path.parent.is_dir():
            raise Refusal(
                f"There is no folder {path.parent} to keep the record in; make it, or "
                "choose another."
            )
        if path and path.exists() and path.stat().st_size:
            raise Refusal(
                f"There is a file {path} already, and it was left as it is; open it, or "
                "choose another name."
            )

    def must_be_there(self):
        """Refuses a file that is not there or is empty."""
        path = self.path
        if path and not path.is_file():
            near = []
            if path.suffix:
                near = [other.name for other in path.parent.glob(f"*{path.suffix}")]
            near = nearest(path.name, near) or sorted(near)[:3]
            there = f"; its folder has {', '.join(near)}" if near else ""
            raise Refusal(
                f"There is no record {path}{there}. Open another file, or begin a new record."
            )
        if path and path.stat().st_size == 0:
            raise Refusal(
                f"The record {path} is empty: it was cut off, or never begun, and was left "
                f"as it is. {last_good(path)}"
            )

    def teams(self):
        """The teams that have a record here (dict of team to format); None where nothing has."""
        with self.reading() as connection:
            if not sa.inspect(connection).has_table("records"):
                return None
            found = connection.execute(sa.select(RECORDS.c.team, RECORDS.c.format))
            return dict(found.all())

    def begin(self, team):
        """Begins a team's record, and the tables where there are none; Refusal where it has one."""
        with self.writing() as connection:
            _tables.create_all(connection)
            if connection.execute(sa.select(RECORDS).where(RECORDS.c.team == team)).first():
                raise Refusal(
                    f'There is a record of the team "{team}" in {self} already; open it, or '
                    "choose another name."
                )
            connection.execute(RECORDS.insert().values(team=team, format=FORMAT, head=0))

    def close(self):
        """Lets go of the file or the server."""
        self.engine.dispose()

    def damaged(self, how):
        """What to say of a damaged record (Refusal)."""
        server = "Ask whoever runs the server for its last backup."
        hint = last_good(self.path) if self.path else server
        return Refusal(f"The record {self} is damaged and was left as it is ({how}). {hint}")

    @contextmanager
    def refusing(self):
        """Turns what a database says when it fails into a Refusal."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise self._refusal(error.orig) from error
        except (sqlite3.Error, OSError) as error:
            raise self._refusal(error) from error
        except UnicodeDecodeError as error:
            # SQLite quotes what it found in a damaged file, and that may be no text at all.
            raise self.damaged(error) from error

    def _refusal(self, error):
        lines = str(error).splitlines() or [type(error).__name__]
        reason = lines[0][:120]
        if self.path is None:
            return Refusal(
                f"The database {self} did not answer ({reason}); nothing was changed. "
                "Try again, or ask whoever runs the server."
            )
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return self.damaged(reason)
        for beginning, sentence in _FAULTS.items():
            if name.startswith(beginning):
                return Refusal(sentence.format(self))
        return Refusal(
            f"The record {self} could not be used ({reason}); nothing was changed. "
            "Close other programs that have it open, and try again."
        )


def _url(where):
    text = str(where)
    if "://" not in text:
        return sa.URL.create("sqlite", database=str(Path(where)))
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        raise Refusal(
            f'"{text}" is no address of a database; give a file name, or '
            "postgresql://user@host/name."
        ) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url
    if backend == "postgresql":
        return url.set(drivername="postgresql+pg8000")
    raise Refusal(
        f"A record is kept in SQLite or PostgreSQL, not in {backend}; give a file name, or "
        "postgresql://user@host/name."
    )


def _apply_settings(connection, _):
    # The driver must begin no transaction by itself; they begin where _begin says.
    connection.isolation_level = None
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin(connection):
    # IMMEDIATE takes the right to write at once, so that the state an edit is made on stays newest.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

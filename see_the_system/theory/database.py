"""The tables of a record, in SQLite (one file a team) or PostgreSQL (many teams on one server), and
what their faults are called in a sentence.
"""

import sqlite3
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from see_the_system.messages import Refusal

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
_tables = sa.MetaData()
RECORDS = sa.Table(
    "records",
    _tables,
    sa.Column("team", sa.String(200), primary_key=True),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("head", sa.Integer, nullable=False),
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
SNAPSHOTS = sa.Table(
    "snapshots",
    _tables,
    sa.Column("team", sa.String(200), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("seal", sa.String(16), nullable=False),
)


class Database:
    """Where records are kept: a file, or a PostgreSQL server. ``writing`` and ``reading`` give a
    connection for one transaction.
    """

    def __init__(self, where):
        self.url = _url(where)
        self.path = Path(self.url.database) if self.url.get_backend_name() == "sqlite" else None
        self.engine = sa.create_engine(self.url)
        self._writer = self.engine.execution_options(writes=True)
        if self.path:
            sa.event.listen(self.engine, "connect", _settings)
            sa.event.listen(self.engine, "begin", _begin)

    def __str__(self):
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self):
        """A connection that sees one moment of the record."""
        with self.said(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self):
        """A connection that may write, alone; what it wrote stands when the block ends, and nothing
        of it where the block fails.
        """
        with self.said(), self._writer.begin() as connection:
            yield connection

    def make_tables(self, connection):
        """Makes the tables where there are none."""
        _tables.create_all(connection)

    def close(self):
        """Lets go of the file or the server."""
        self.engine.dispose()

    @contextmanager
    def said(self):
        """Turns what a database says when it fails into a Refusal."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise Refusal(self._sentence(error.orig)) from error
        except (sqlite3.Error, OSError) as error:
            raise Refusal(self._sentence(error)) from error

    def _sentence(self, error):
        name = getattr(error, "sqlite_errorname", "") or ""
        if self.path is None:
            return (
                f"The database {self} did not answer ({_first_line(error)}); nothing was "
                "changed. Try again, or ask whoever runs the server."
            )
        if name in ("SQLITE_CORRUPT", "SQLITE_NOTADB") or name.startswith("SQLITE_CORRUPT"):
            from see_the_system.theory.backups import last_good

            return (
                f"The record {self} is damaged and was left as it is ({_first_line(error)}). "
                f"{last_good(self.path)}"
            )
        for begins, sentence in _FAULTS.items():
            if name.startswith(begins):
                return sentence.format(self)
        return (
            f"The record {self} could not be used ({_first_line(error)}); nothing was changed. "
            "Close other programs that have it open, and try again."
        )


_FAULTS = {
    "SQLITE_FULL": "The disk that holds {} is full, so this was not saved and nothing was changed. Make "
    "room on it, and do it again.",
    "SQLITE_IOERR": "The disk that holds {} did not take the change, so this was not saved and nothing was "
    "changed. See that it has room and is connected, and do it again.",
    "SQLITE_READONLY": "The record {} can be read but not changed by you; nothing was changed. Ask its owner "
    "for the right to write, or work in a copy.",
    "SQLITE_CANTOPEN": "The record {} cannot be opened by you; nothing was changed. See that its folder is "
    "there and that you may write in it.",
    "SQLITE_BUSY": "Someone else has held the record {} for half a minute; nothing was changed. Try again, "
    "and close programs that keep it open.",
    "SQLITE_PERM": "The record {} cannot be opened by you; nothing was changed. Ask its owner for the right "
    "to use it.",
}


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
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise Refusal(
            f"A record is kept in SQLite or PostgreSQL, not in {url.get_backend_name()}; "
            "give a file name, or postgresql://user@host/name."
        )
    return (
        url.set(drivername="postgresql+pg8000") if url.get_backend_name() == "postgresql" else url
    )


def _settings(connection, _):
    connection.isolation_level = None  # transactions begin where _begin says
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin(connection):
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN"
    )


def _first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0][:120]

"""The tables of a record, in SQLite (one file a team) or PostgreSQL (many teams on one server).

What goes wrong with either is said here, in a sentence.
"""

import contextlib
import logging
import secrets
import sqlite3
from contextlib import contextmanager

import sqlalchemy as sa

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.record_files import absolute, address_of, last_good

FORMAT = 2
_PATIENCE = 30  # seconds that a lock is waited for, in SQLite and PostgreSQL alike
_MAKING_TABLES = 0x5EE7E57  # the name of a lock among all who use the server's database
# A journal beside the file, not a write-ahead log: schools keep files on shared drives, where a log
# is not safe, and a file copied between two edits must be whole. EXTRA also writes the folder to
# disk before an edit is acknowledged.
SETTINGS = (
    "journal_mode = DELETE",
    "synchronous = EXTRA",
    f"busy_timeout = {1000 * _PATIENCE}",
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
    sa.Column("identity", sa.String(16), nullable=False, server_default=""),  # of this very record
    sa.Column("zone", sa.String(64), nullable=False, server_default="UTC"),  # the team's own
)
EDITS = sa.Table(
    "edits",
    _tables,
    sa.Column("team", sa.String(200), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String(64), nullable=False),  # its own mark, to look it up by
    sa.Column("type", sa.String(4), nullable=False),  # edit, undo, redo
    sa.Column("reverses", sa.Integer),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Column("seal", sa.String(16), nullable=False),  # of this edit and the seal before it
    sa.UniqueConstraint("team", "key"),
)
# What was asked with a key, and what came of it: a replay gives the same, and does nothing.
REQUESTS = sa.Table(
    "requests",
    _tables,
    sa.Column("team", sa.String(200), primary_key=True),
    sa.Column("author", sa.String(200), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("digest", sa.String(32), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
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


class Unknown(Refusal):
    """A server did not say whether it kept an edit."""


class Database:
    """Where records are kept: a file, whose ``path`` it has, or a PostgreSQL server.

    ``writing`` and ``reading`` give a connection for one transaction.
    """

    def __init__(self, where):
        self.url, options = address_of(where)
        self.path = None
        if self.url.get_backend_name() == "sqlite":
            self.path = absolute(self.url.database)
            options = {"creator": self._connect, "poolclass": sa.QueuePool, "pool_size": 1}
        self.engine = sa.create_engine(self.url, **options)
        self._may_create = False
        self._left = None  # the stamp of the file when we were last done with it
        if not self.path:
            sa.event.listen(self.engine, "connect", _be_patient)
            # A lost server is said in a sentence; the pool would print screens of tracebacks too.
            logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)

    def __str__(self):
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    def _connect(self):
        mode = "rwc" if self._may_create else "rw"  # a file that was moved away is not made anew
        address = f"{self.path.as_uri()}?mode={mode}"
        # The driver must begin no transaction by itself; they begin where it is said here.
        connection = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False
        )
        for setting in SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        return connection

    @contextmanager
    def reading(self):
        """A connection that sees one moment of the record."""
        with self._on_this_very_file(), self.refusing(), self.engine.begin() as connection:
            # On a server each statement would see what others wrote since the one before it, and a
            # record that grows while it is read would look damaged.
            one_moment = "BEGIN" if self.path else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
            connection.exec_driver_sql(one_moment)
            yield connection

    @contextmanager
    def _on_this_very_file(self):
        """Lets a connection be used again only where the file is as we left it.

        One that is kept may go on reading its own pages after the file under it was put back to an
        earlier copy.
        """
        if self.path and self.stamp() != self._left:
            self.engine.dispose()
        try:
            yield
        finally:
            self._left = self.stamp()

    @contextmanager
    def writing(self):
        """A connection that may write, alone.

        What it wrote stands when the block ends, and nothing of it where the block fails. Raises
        ``Unknown`` where a server was lost before it said whether it stands.
        """
        with (
            self._on_this_very_file(),
            self.refusing(),
            self.engine.connect() as connection,
        ):
            transaction = connection.begin()
            try:
                if self.path:
                    # The right to write at once, so that the state an edit is made on stays newest.
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
            except BaseException:
                with contextlib.suppress(sa.exc.DBAPIError, OSError):
                    transaction.rollback()
                raise
            self._commit(transaction)

    def _commit(self, transaction):
        try:
            transaction.commit()
        except (sa.exc.DBAPIError, OSError) as error:
            if self.path:  # SQLite takes back what it could not keep
                raise
            raise Unknown(f"The server {self} did not say whether this was saved.") from error

    def must_be_free(self):
        """Refuses a file that no new record can be made in."""
        path = self.path
        if path and not path.parent.is_dir():
            raise Refusal(
                f"There is no folder {path.parent} to keep the record in; make it, or "
                "choose another."
            )
        if path and path.exists() and path.stat().st_size and not self._is_only_begun():
            raise Refusal(
                f"There is a file {path} already, and it was left as it is; open it, or "
                "choose another name."
            )

    def _is_only_begun(self):
        """Whether a file holds our tables and no record: its making was stopped half-way (bool)."""
        with contextlib.suppress(Refusal):
            return self.teams() == {}
        return False

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
            self._must_hold_every_letter(connection)
            if not sa.inspect(connection).has_table("records"):
                return None
            found = connection.execute(sa.select(RECORDS.c.team, RECORDS.c.format))
            return dict(found.all())

    def _must_hold_every_letter(self, connection):
        if self.path:
            return
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            raise Refusal(
                f"The database {self} keeps text as {encoding}, which has no place for many "
                "letters; ask whoever runs the server for one with the encoding UTF8."
            )

    def begin(self, team, zone):
        """Begins a team's record, and the tables where there are none; Refusal where it has one."""
        self._may_create = True
        with self.writing() as connection:
            self._must_hold_every_letter(connection)
            _upgrade(connection)
            if connection.execute(sa.select(RECORDS).where(RECORDS.c.team == team)).first():
                raise Refusal(
                    f'There is a record of the team "{team}" in {self} already; open it, or '
                    "choose another name."
                )
            own = {"identity": secrets.token_hex(4), "zone": zone}
            connection.execute(RECORDS.insert().values(team=team, format=FORMAT, head=0, **own))
        self._may_create = False

    def upgrade(self):
        """Makes records of format 1 what today's are; their edits stay as they are."""
        with self.writing() as connection:
            _upgrade(connection)

    def stamp(self):
        """What differs when a file was written since (tuple); None for a server.

        SQLite counts its writes in the file's first hundred bytes: this is the look that costs next
        to nothing.
        """
        if not self.path:
            return None
        try:
            with self.path.open("rb") as file:
                head = file.read(100)
                status = self.path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns, head[24:28], head[92:100]

    def close(self):
        """Lets go of the file or the server."""
        self.engine.dispose()

    def must_be_whole(self, connection):
        """Has SQLite read every page of a file; Refusal where one is not what it must be."""
        if self.path:
            verdict = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
            if verdict != "ok":
                raise self.damaged(verdict.splitlines()[0][:120])

    def damaged(self, how):
        """What to say of a damaged record (Refusal)."""
        hint = "Ask whoever runs the server for its last backup."
        if self.path:
            hint = last_good(self.path)
        return Refusal(f"The record {self} is damaged and was left as it is ({how}). {hint}")

    @contextmanager
    def refusing(self):
        """Turns what a database says when it fails into a Refusal."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise self._refusal(error.orig) from error
        except UnicodeDecodeError as error:
            # SQLite quotes what it found in a damaged file, and that may be no text at all.
            raise self.damaged(error) from error
        except (self.engine.dialect.loaded_dbapi.Error, OSError) as error:
            raise self._refusal(error) from error

    def _refusal(self, error):
        lines = str(error).splitlines() or [type(error).__name__]
        reason = lines[0][:120]
        if self.path is None and "55P03" in reason:  # PostgreSQL's name for a lock waited out
            return Refusal(_FAULTS["SQLITE_BUSY"].format(self))
        if self.path and not self.path.exists():
            return Refusal(
                f"The record {self} is no longer there: it was moved, renamed or deleted; nothing "
                "was changed. Put it back, or open it where it is now."
            )
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


def _upgrade(connection):
    """The tables as they are today; what a record of format 1 lacks is added."""
    if connection.dialect.name == "postgresql":
        # Two teams may begin on an empty server at once: both would see no table, and make it.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_TABLES)))
    _tables.create_all(connection)
    there = {column["name"] for column in sa.inspect(connection).get_columns("records")}
    for column, default in (("identity", ""), ("zone", "UTC")):
        if column not in there:
            kind = f"VARCHAR(64) NOT NULL DEFAULT '{default}'"
            connection.exec_driver_sql(f"ALTER TABLE records ADD COLUMN {column} {kind}")
    old = sa.select(RECORDS.c.team).where(RECORDS.c.format == 1)
    for team in connection.execute(old).scalars().all():
        own = RECORDS.update().where(RECORDS.c.team == team)
        connection.execute(own.values(format=FORMAT, identity=secrets.token_hex(4)))


def _be_patient(connection, _):
    with contextlib.closing(connection.cursor()) as cursor:
        cursor.execute(f"SET lock_timeout = '{_PATIENCE}s'")
    connection.commit()

"""Where records are kept: files and servers that are not there, not ours, or not for us."""

import sqlite3

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory.database import Database
from see_the_system.theory.opening import new_record, open_record


def test_a_record_of_a_newer_version_is_left_as_it_is(file):
    with sqlite3.connect(file) as plain:
        plain.execute("UPDATE records SET format = 3")
    before = file.read_bytes()
    with pytest.raises(
        Refusal, match="written by a newer version of See the System and was left as it is; update"
    ):
        open_record(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a letter to the board",
        b"PK\x03\x04" + b"\0" * 5000,
        b"\xef\xbb\xbfname,role\nAna,x\n",
    ],
)
def test_what_is_no_record_is_left_as_it_is(tmp_path, content):
    path = tmp_path / "team.theory"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=r"left as it is.*no good backup"):
        open_record(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_left_as_it_is(tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as plain:
        plain.execute("CREATE TABLE t (x)")
    with pytest.raises(Refusal, match="holds no record of a team"):
        open_record(tmp_path / "other.db")
    with pytest.raises(Refusal, match=r"There is a file .* already"):
        new_record(tmp_path / "other.db", team="x")


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("mysql://host/x", "SQLite or PostgreSQL, not in mysql"),
        (
            "postgresql://nobody@127.0.0.1:1/none",
            r"database postgresql\+pg8000://nobody@127.0.0.1:1/none did not answer",
        ),
        ("::://", "no address of a database"),
    ],
)
def test_addresses_that_lead_nowhere(where, sentence):
    with pytest.raises(Refusal, match=sentence):
        open_record(where, team="x")


def test_a_password_is_never_said():
    with pytest.raises(Refusal) as refused:
        open_record("postgresql://ana:secret@127.0.0.1:1/none", team="x")
    assert "secret" not in str(refused.value) and "***" in str(refused.value)


def test_an_edit_is_on_the_disk_before_it_is_acknowledged(file):
    """A journal that is deleted, EXTRA (3), and half a minute to wait for others."""
    with Database(file).reading() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "cell_size_check")
        ]
    assert found == ["delete", 3, 30_000, 1]

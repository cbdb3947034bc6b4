"""A record under force: killed programs, full and read-only disks, damaged files. Nothing
acknowledged is lost, nothing is overwritten.
"""

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import backups
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.record import new_record, open_record
from tests.theory import workers

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="kills and limits programs in the way of Unix"
)
fresh = multiprocessing.get_context("forkserver")
fresh.set_forkserver_preload(["tests.theory.workers", "pg8000.dbapi"])


@pytest.fixture
def file(tmp_path):
    """The path of a record with 60 causes and a backup."""
    path = tmp_path / "alder.theory"
    with new_record(path, team="Alder Creek") as record:
        record.add(Category(id="category-1", text="Time"), author="Ana")
        for n in range(60):
            record.add(Cause(parent="category-1", text=f"cause {n} " + "x" * 200), author="Ana")
        record.back_up()
    return path


def acknowledged(path):
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def test_killed_at_random_moments_nothing_acknowledged_is_lost(place, tmp_path):
    sqlite = "://" not in place.where
    rounds = 300 if sqlite else 100
    with place.begin() as record:
        record.add(Category(id="category-1", text="Time"), author="Ana")
    chance = random.Random(20260923)

    def start(place_of):
        process = fresh.Process(
            target=workers.edit_until_killed,
            args=(place.where, place.team, f"worker-{place_of}", tmp_path / f"said-{place_of}"),
            daemon=True,
        )
        process.start()
        return process

    running = [start(n) for n in range(4)]
    for _ in range(rounds):
        time.sleep(chance.uniform(0.001, 0.06 if sqlite else 0.3))
        victim = chance.randrange(4)
        assert running[victim].exitcode is None, "a worker stopped by itself"
        os.kill(running[victim].pid, signal.SIGKILL)
        running[victim].join()
        running[victim] = start(victim)
    for process in running:
        process.kill()
        process.join()

    said = [pair for n in range(4) for pair in acknowledged(tmp_path / f"said-{n}")]
    with place.open() as record:
        assert record.verify() == record.number
        kept = {
            change["now"]["text"]: edit
            for edit in record.history()
            for change in edit.changes
            if change["now"] and "text" in change["now"]
        }
        undone = [edit for edit in record.history() if edit.type == "undo"]
        for key, _ in said:
            if key.endswith("-c"):
                assert key[:-2] + " again" in kept
            elif not key.endswith("-u"):
                assert key in kept
        assert len(said) > rounds and len(undone) >= sum(key.endswith("-u") for key, _ in said) > 0
        # What was written without being acknowledged is at most one edit for each program that was
        # killed.
        assert record.number - 1 - len(said) <= rounds + 4
        for item in [cause for cause in record.theory().causes if cause.text.endswith("again")]:
            assert item.author.startswith("worker")
    if sqlite:
        with sqlite3.connect(place.where) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_full_disk_refuses_in_a_sentence_and_goes_on_when_there_is_room(tmp_path, file):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], capture_output=True
    ).returncode:
        pytest.skip(
            "this user may not make a small disk; the next test limits a file's size in its place"
        )
    try:
        path = shutil.copy(file, disk / "alder.theory")
        (disk / "filler").write_bytes(b"\0" * 60_000)
        with open_record(path) as record:
            before = None
            with pytest.raises(
                Refusal, match=r"disk that holds .* (is full|did not take the change)"
            ):
                for _ in range(2_000):
                    before = len(record.theory().causes)
                    record.add(Cause(parent="category-1", text="more " * 100), author="Ana")
            assert len(record.theory().causes) == before > 60
            with open_record(path) as other:
                assert len(other.theory().causes) == before and other.verify() == record.number
            (disk / "filler").unlink()
            record.add(Cause(parent="category-1", text="now there is room"), author="Ana")
            assert record.theory().causes[-1].text == "now there is room" and record.verify()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def in_a_process(target, *arguments):
    process = fresh.Process(target=target, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == 0


def test_a_file_that_may_not_grow_is_refused_in_a_sentence(tmp_path, file):
    in_a_process(workers.on_a_small_disk, file, tmp_path / "said", file.stat().st_size + 40_000)
    count, same, sentence = (tmp_path / "said").read_text().split(" ", 2)
    assert (
        same == "True"
        and int(count) > 60
        and sentence.startswith("The disk that holds")
        and "nothing was changed" in sentence
    )
    with open_record(file) as record:
        assert len(record.theory().causes) == int(count) and record.verify()


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0,
    reason="only root can become a user who may not write",
)
def test_a_read_only_record_can_be_read_and_says_so_when_edited(file):
    folder = file.parent
    for one in (folder, *folder.parents):
        if one.owner() == "root" and str(one).startswith(str(folder.parents[2])):
            one.chmod(0o755)
    file.chmod(0o444)
    said = folder / "said"
    said.touch()
    before = file.read_bytes()
    in_a_process(workers.as_nobody, file, said)
    count, same, sentence = said.read_text().split(" ", 2)
    assert (count, same) == ("60", "True") and "can be read but not changed by you" in sentence
    assert file.read_bytes() == before


def test_a_record_of_a_newer_version_is_left_as_it_is(file):
    with sqlite3.connect(file) as plain:
        plain.execute("UPDATE records SET format = 2")
    before = file.read_bytes()
    with pytest.raises(
        Refusal, match="written by a newer version of See the System and was left as it is; update"
    ):
        open_record(file)
    assert file.read_bytes() == before


def test_a_record_that_becomes_newer_or_older_while_it_is_open_is_not_written(file):
    older = file.with_name("older")
    shutil.copy(file, older)
    with open_record(file) as record:
        for n in range(3):
            record.add(Cause(parent="category-1", text=str(n)), author="Ana")
    with open_record(file) as record:
        shutil.copy(older, file)
        with pytest.raises(Refusal, match="replaced by an older one"):
            record.add(Cause(parent="category-1", text="x"), author="Ana")
    with open_record(file) as record:
        with sqlite3.connect(file) as plain:
            plain.execute("UPDATE records SET format = 2")
        with pytest.raises(Refusal, match="updated to a newer version"):
            record.add(Cause(parent="category-1", text="x"), author="Ana")


def whole(path):
    """What a record says when everything in it is read."""
    with open_record(path) as record:
        record.verify()
        return record.theory()


def test_a_truncated_file_is_refused_wherever_it_was_cut_and_its_backup_is_named(file):
    good, theory = file.read_bytes(), whole(file)
    newest = backups.backups(file)[0][2]
    for length in [
        0,
        1,
        17,
        99,
        100,
        512,
        4095,
        *range(4096, len(good), 4096),
        *range(5000, len(good), 9_973),
    ]:
        file.write_bytes(good[:length])
        with pytest.raises(Refusal, match="left as it is") as refused:
            whole(file)
        assert str(newest) in str(refused.value) and "copy it to a new name" in str(refused.value)
        assert file.read_bytes() == good[:length]
    copied = shutil.copy(newest, file.with_name("again.theory"))
    assert whole(copied) == theory


def test_an_overwritten_file_is_never_read_as_something_else(file):
    good, theory = file.read_bytes(), whole(file)
    chance = random.Random(7)
    refused = 0
    for _ in range(150):
        start, length = chance.randrange(len(good)), chance.choice((1, 8, 200, 4096))
        bad = good[:start] + chance.randbytes(length) + good[start + length :]
        file.write_bytes(bad)
        try:
            assert whole(file) == theory  # it fell on what is not used
        except Refusal as problem:
            refused += 1
            assert str(file) in str(problem)
        assert file.read_bytes() == bad
    assert refused > 75


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
    with pytest.raises(Refusal, match="There is a file .* already"):
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


def test_backups_are_taken_while_working_and_rotated(file):
    with open_record(file) as record:
        for n in range(450):
            record.add(Cause(parent="category-1", text=str(n)), author="Ana")
    assert [number for _, number, _ in backups.backups(file)] == [461, 261, 61, 1]
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    for one in backups.backups(file):
        one[2].unlink()
    for hour in range(24 * 14):
        backups.back_up(file, number=hour, at=now + timedelta(hours=hour))
    kept = [at for at, _, _ in backups.backups(file)]
    assert kept[:5] == [now + timedelta(hours=24 * 14 - 1 - n) for n in range(5)]
    assert len({at.date() for at in kept}) == 10 and len(kept) == 14
    assert all(whole(one) for _, _, one in backups.backups(file))


def test_a_damaged_record_pushes_no_good_backup_out(file):
    good = [one for _, _, one in backups.backups(file)]
    content = bytearray(file.read_bytes())
    content[8192:40_000] = os.urandom(40_000 - 8192)
    file.write_bytes(content)
    with pytest.raises(sqlite3.DatabaseError):
        backups.back_up(file, number=999)
    assert [one for _, _, one in backups.backups(file)] == good
    assert list(backups.folder(file).glob("*.part")) == []

"""A record under force: killed programs, full disks, damaged files.

Nothing acknowledged is lost, nothing is overwritten.
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

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import backups
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import open_record
from tests.theory import workers
from tests.theory.conftest import whole

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="kills and limits programs in the way of Unix"
)
fresh = multiprocessing.get_context("forkserver")
fresh.set_forkserver_preload(["tests.theory.workers", "pg8000.dbapi"])


def in_a_process(target, *arguments):
    process = fresh.Process(target=target, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == 0


def acknowledged(path):
    return [line.split() for line in path.read_text().splitlines()]


def test_killed_at_random_moments_nothing_acknowledged_is_lost(place, tmp_path):
    rounds = 100 if "://" not in place.where else 50
    with place.begin() as record:
        record.add(Category(id="category-1", text="Time"), author="Ana")
    chance = random.Random(20260923)
    files = [tmp_path / f"said-{n}" for n in range(4)]

    def start(n):
        process = fresh.Process(
            target=workers.edit_until_killed,
            args=(place.where, place.team, f"worker-{n}", files[n]),
            daemon=True,
        )
        process.start()
        # One to three edits: each leaves some forty bytes in the file.
        return process, files[n].stat().st_size + chance.randrange(1, 120)

    def at_work():
        """Those that have made their edits: the death of one at its start would prove nothing."""
        return [n for n in range(4) if files[n].stat().st_size >= running[n][1]]

    for path in files:
        path.touch()
    running = [start(n) for n in range(4)]
    for _ in range(rounds):
        time.sleep(chance.uniform(0.001, 0.06))
        until = time.monotonic() + 60
        while not at_work():
            assert time.monotonic() < until, "nobody edits"
            time.sleep(0.005)
        victim = chance.choice(at_work())
        process, _ = running[victim]
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL, "a worker stopped by itself"
        running[victim] = start(victim)
    for process, _ in running:
        process.kill()
        process.join()

    said = [pair for path in files for pair in acknowledged(path)]
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
        assert len(said) > rounds
        assert len(undone) >= sum(key.endswith("-u") for key, _ in said) > 0
        # What was written without being acknowledged is at most one edit for each program that was
        # killed.
        assert record.number - 1 - len(said) <= rounds + 4
        for item in [cause for cause in record.theory().causes if cause.text.endswith("again")]:
            assert item.author.startswith("worker")
    if "://" not in place.where:
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


def test_a_record_that_becomes_newer_or_older_while_it_is_open_is_not_written(file):
    older = file.with_name("older")
    shutil.copy(file, older)
    with open_record(file) as record:
        for n in range(3):
            record.add(Cause(parent="category-1", text=str(n)), author="Ana")
    with open_record(file) as record:
        shutil.copy(older, file)
        with pytest.raises(Refusal, match="replaced by another copy while it was open"):
            record.add(Cause(parent="category-1", text="x"), author="Ana")
    with open_record(file) as record:
        with sqlite3.connect(file) as plain:
            plain.execute("UPDATE records SET format = 3")
        with pytest.raises(Refusal, match="updated to a newer version"):
            record.add(Cause(parent="category-1", text="x"), author="Ana")


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


@pytest.mark.parametrize("kept", [0, 1, 40, 60])
def test_a_record_whose_newest_edits_are_missing_is_refused(file, kept):
    with sqlite3.connect(file) as plain:
        plain.execute("DELETE FROM edits WHERE number > ?", [kept])
    before = file.read_bytes()
    with pytest.raises(Refusal, match=f"damaged.*the edits after {kept} are missing.*good backup"):
        open_record(file)
    assert file.read_bytes() == before


def test_a_file_whose_damage_is_no_text_is_refused(file):
    content = file.read_bytes()
    file.write_bytes(content.replace(b"CREATE TABLE records", b"CREATE TABLE \xa6\xfd\xc0(\xff(("))
    with pytest.raises(Refusal, match="damaged and was left as it is"):
        open_record(file)

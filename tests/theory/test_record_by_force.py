"""A record under force: killed programs, full disks, damaged files.

Nothing acknowledged is lost, nothing is overwritten.
"""

import os
import random
import shutil
import sqlite3
import sys

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import record_files
from see_the_system.theory.kinds import Cause
from see_the_system.theory.opening import open_record
from tests.theory import disks, kills, restores, workers
from tests.theory.conftest import whole

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="kills and limits programs in the way of Unix"
)


def test_killed_at_random_moments_nothing_acknowledged_is_lost(place, tmp_path):
    rounds = 40 if "://" not in place.where else 25
    kills.writers_killed(place, tmp_path, rounds, seed=20260923)


def test_killed_while_it_begins_a_record_is_whole_or_is_gone_on_with(tmp_path):
    kills.killed_while_beginning(tmp_path, rounds=4, seed=7)


def test_a_full_disk_refuses_in_a_sentence_and_goes_on_when_there_is_room(tmp_path, file):
    if disks.filled(file, tmp_path / "disk", rounds=1, seed=7) is None:
        pytest.skip(
            "this user may not make a small disk; the next test limits a file's size in its place"
        )


def test_a_file_that_may_not_grow_is_refused_in_a_sentence(tmp_path, file):
    disks.may_not_grow(file, tmp_path, rounds=1, seed=7)


def test_a_journal_taken_away_in_mid_commit_is_refused_or_leaves_a_whole_file(quick_disk, tmp_path):
    counts = restores.journals_taken(tmp_path, rounds=64, seed=7)
    assert counts["refused"] > 20


def test_copies_put_back_under_open_programs_are_noticed(quick_disk, tmp_path):
    counts = restores.put_back_in_place(tmp_path, rounds=5, seed=7)
    assert counts["refused"] > 3 and counts["acknowledged"] > 100


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
    kills.in_a_process(workers.as_nobody, file, said)
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
    newest = record_files.backups(file)[0][2]
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

"""How a lesson finds its team's record: inside a workshop folder, and outside of one."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpers import practice_record, team_record
from see_the_system.theory import opening
from see_the_system.theory.kinds import Category
from see_the_system.workshop.team_folder import TeamFolder

ELSEWHERE = """
from pathlib import Path
from helpers import practice_record, team_record
team, practice = team_record(), practice_record()
print(team.team, team.head(), len(practice.theory().causes), sep="|")
print(Path(team.database.path).parent)
"""


@pytest.fixture
def room(tmp_path, lessons):
    folder = TeamFolder(tmp_path / "room", lessons=lessons)
    folder.make()
    folder.prepare(team="Lincoln")
    return folder.path


@pytest.mark.parametrize("place", ["", "facilitator"])
def test_a_lesson_finds_the_record_of_its_folder(room, place, monkeypatch):
    monkeypatch.chdir(room / place)
    with team_record() as record:
        assert record.team == "Lincoln"
        record.add(Category(text="Time"), author="Ana")
    with team_record() as again:
        assert [bone.text for bone in again.theory().categories] == ["Time"]


def test_the_practice_record_is_kept_beside_it_and_begun_once(room, monkeypatch):
    monkeypatch.chdir(room)
    with practice_record() as record:
        assert len(record.theory().causes) == 24 and record.team.startswith("Lanternfield")
        record.add(Category(text="Time"), author="Ana")
        number = record.head()
    with practice_record() as again:
        assert again.head() == number
    assert (room / "practice.theory").exists()


def test_two_lessons_that_are_opened_at_once_begin_one_record(room):
    path = room / "practice.theory"
    heads = []

    def begin():
        with opening.open_example(path) as record:
            heads.append(record.head())

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heads) == 6 and len(set(heads)) == 1 and heads[0] > 0


def test_elsewhere_the_record_is_empty_and_gone_afterwards(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    said, folder = done.stdout.splitlines()
    assert said == "Our team|0|24" and done.stderr == ""
    assert not Path(folder).exists() and list(tmp_path.iterdir()) == []


def test_the_nearest_workshop_folder_counts(room):
    inner = room / "more" / "room"
    (inner / ".workshop").mkdir(parents=True)
    assert opening.folder_around(inner) == inner
    assert opening.folder_around(room / "more") == room
    assert opening.folder_around(room.parent) is None

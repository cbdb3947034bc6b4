"""Records to test: in SQLite and in PostgreSQL alike, or one in a file with a backup."""

import os
import secrets
import shutil
from dataclasses import dataclass

import pytest

from see_the_system.theory import database
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import new_record, open_record


@dataclass
class Place:
    """Where a test keeps its record: a file's path or a server's address, and the team."""

    where: str
    team: str

    def begin(self):
        return new_record(self.where, team=self.team)

    def open(self):
        return open_record(self.where, team=self.team)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    team = f"Team {secrets.token_hex(6)}"
    if request.param == "sqlite":
        return Place(str(tmp_path / "team.theory"), team)
    if "SEE_THE_SYSTEM_POSTGRES" not in os.environ:
        pytest.skip("SEE_THE_SYSTEM_POSTGRES names no PostgreSQL server, as .ci/run starts one")
    return Place(os.environ["SEE_THE_SYSTEM_POSTGRES"], team)


@pytest.fixture
def record(place):
    with place.begin() as record:
        yield record


@pytest.fixture
def bone(record):
    """The id of a category in the record, made by the first edit."""
    return record.add(Category(text="Time"), author="Ana")


@pytest.fixture
def quick_disk(monkeypatch):
    """Lets SQLite leave its writes to the system, for tests in which no machine stops."""
    monkeypatch.setattr(database, "SETTINGS", (*database.SETTINGS, "synchronous = OFF"))


@pytest.fixture(scope="session")
def folder_with_a_record(tmp_path_factory):
    path = tmp_path_factory.mktemp("made once") / "alder.theory"
    with new_record(path, team="Alder Creek") as record:
        record.add(Category(id="category-1", text="Time"), author="Ana")
        for n in range(60):
            record.add(Cause(parent="category-1", text=f"cause {n} " + "x" * 200), author="Ana")
        record.back_up()
    return path.parent


@pytest.fixture
def file(tmp_path, folder_with_a_record):
    """The path of a record with 60 causes and a backup."""
    shutil.copytree(folder_with_a_record, tmp_path, dirs_exist_ok=True)
    return tmp_path / "alder.theory"


def whole(path):
    """What a record says when everything in it is read (Theory)."""
    with open_record(path) as record:
        record.verify()
        return record.theory()


def cause_texts(record):
    """The texts of the causes in a record, in the team's order (list)."""
    return [cause.text for cause in record.theory().causes]

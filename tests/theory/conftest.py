"""A place for a record, in SQLite and in PostgreSQL: the same tests run on both."""

import os
import secrets
from dataclasses import dataclass

import pytest

from see_the_system.theory.record import new_record, open_record


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

"""The committed sample files, the unhidden rows behind two of them, and the state's real files
where they are at hand.
"""

import csv
import io
import os
import zipfile
from pathlib import Path

import pytest

from practice_network import network
from practice_network import state_layouts as layouts
from practice_network import year_files as files
from practice_network.score_model import draw_students
from practice_network.simulate import simulate
from practice_network.year_files import tally
from tests.practice_network.simulated import HOME

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def read_zip(year):
    """The rows of a committed year's data and entities files (two lists of dicts of text)."""
    split = {"delimiter": "^", "quoting": csv.QUOTE_NONE} if layouts.era(year) in "CD" else {}
    with zipfile.ZipFile(SAMPLE / files.zip_name(year)) as archive:
        texts = [
            io.StringIO(archive.read(name).decode("cp1252"), newline="")
            for name in archive.namelist()
        ]
    return [list(csv.DictReader(text, **split)) for text in texts]


@pytest.fixture(scope="session")
def sample():
    """A function of the year that gives its committed rows, read once."""
    seen = {}
    return lambda year: seen.get(year) or seen.setdefault(year, read_zip(year))


@pytest.fixture(scope="session")
def students():
    """A function of the year that gives its students, drawn once."""
    seen = {}
    return lambda year: seen[year] if year in seen else seen.setdefault(year, draw_students(year))


@pytest.fixture(scope="session")
def truth(students):
    """A function of the year that gives its rows before anything is hidden, counted once."""
    seen = {}
    return lambda year: (
        seen[year]
        if year in seen
        else seen.setdefault(year, tally(students(year), network.entities(year), year))
    )


@pytest.fixture(scope="session")
def real():
    """The folder of the state's real files; skips where it is absent."""
    folder = os.environ.get("SEE_THE_SYSTEM_REAL_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SEE_THE_SYSTEM_REAL_DATA names no folder")
    return Path(folder)


@pytest.fixture(scope="session")
def year():
    """A function of an idea and options that gives a year of Quiet Orchard, simulated once.

    A change starts in week 12 unless told otherwise: there is more of it to see.
    """
    seen = {}

    def run(idea, **options):
        options = {"starts": 12} | options
        key = (idea, *sorted((name, str(value)) for name, value in options.items()))
        if key not in seen:
            seen[key] = simulate(HOME, idea, **options)
        return seen[key]

    return run

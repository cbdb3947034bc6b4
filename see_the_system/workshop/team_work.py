"""Where a team's work is kept in its workshop folder, and how a lesson finds it from inside."""

from pathlib import Path

import filelock

from see_the_system.paths import SAMPLE
from see_the_system.theory.exchange import read
from see_the_system.theory.opening import new_record, open_record

SETTINGS = ".workshop"  # what makes a folder a workshop folder: its address, settings and log
RECORD = "team.theory"
PRACTICE_RECORD = "practice.theory"
DEFAULT_TEAM = "Our team"
_EXAMPLE = SAMPLE / "theory.yaml"
_EXAMPLE_AUTHOR = "The worked example"


def folder_around(place):
    """The workshop folder that a folder is, or lies in (Path), or None."""
    place = Path(place).resolve()
    for folder in (place, *place.parents):
        if (folder / SETTINGS).is_dir():
            return folder
    return None


def open_work(path, *, team=None):
    """The record in a file, begun where there is none yet (Record).

    Its team is the one that it has, unless another is asked for. Refusal where it is damaged, newer
    than this, or another team's.
    """
    with _one_at_a_time(path):
        if path.exists():
            return open_record(path, team=team)
        return new_record(path, team=team or DEFAULT_TEAM)


def open_example(path, *, team=None):
    """The practice network's worked example as a record in a file, begun where it is empty."""
    with _one_at_a_time(path):
        if not path.exists():
            record = new_record(path, team=team or read(_EXAMPLE).charter.team)
        else:
            record = open_record(path, team=team)
        if record.head() == 0:
            record.merge(read(_EXAMPLE), author=_EXAMPLE_AUTHOR)
        return record


def _one_at_a_time(path):
    """Two lessons that are opened at once begin one record, not two."""
    settings = path.parent / SETTINGS
    folder = settings if settings.is_dir() else path.parent
    return filelock.FileLock(folder / f"{path.name}.begin.lock")

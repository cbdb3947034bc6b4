"""The team's work, as a lesson opens it: wherever the lesson is run, it finds the right record."""

import atexit
import tempfile
from functools import cache
from pathlib import Path

from see_the_system.theory import opening

__all__ = ["practice_record", "team_record"]


def team_record():
    """The team's own record (Record): the one of the workshop folder that the lesson lies in.

    Outside a workshop folder, as when a lesson is tried by itself, an empty one of "Our team" that
    is gone when Python ends. ``Refusal`` where the record cannot be opened.
    """
    return opening.open_work(_folder() / opening.RECORD)


def practice_record():
    """The practice network's worked example, as a record to try things on (Record).

    It is synthetic. It is kept beside the team's own record; outside a workshop folder it is gone
    when Python ends.
    """
    return opening.open_example(_folder() / opening.PRACTICE_RECORD)


def _folder():
    return opening.folder_around(Path.cwd()) or _passing_folder()


@cache
def _passing_folder():
    folder = tempfile.TemporaryDirectory(prefix="see-the-system-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)

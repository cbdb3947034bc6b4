"""The folders and spreadsheets of this computer, each file read once until it is changed."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from see_the_system.data.downloads import is_left_beside
from see_the_system.messages import Refusal, day_in_words
from see_the_system.own_tables.columns import recognise
from see_the_system.own_tables.workbooks import TEXTS, WORKBOOKS, read_table, sheets

_MOST_FILES = 200


def usual_folders():
    """Where people keep files on this computer (list of Path)."""
    home = Path.home()
    named = [home / name for name in ("Downloads", "Documents", "Desktop")]
    return [*(path for path in named if path.is_dir()), home]


def inside(folder):
    """The folders in a folder by name, and the spreadsheets, the newest first (two lists)."""
    try:
        paths = [path for path in folder.iterdir() if not is_left_beside(path.name)]
    except OSError as fault:
        raise Refusal(
            f"The folder {folder.name} cannot be read ({fault.strerror}). Choose another."
        ) from fault
    folders = sorted((path for path in paths if path.is_dir()), key=lambda path: path.name.lower())
    endings = (*WORKBOOKS, *TEXTS)
    files = [path for path in paths if path.suffix.lower() in endings and path.is_file()]
    return folders, sorted(files, key=changed_at, reverse=True)[:_MOST_FILES]


def changed_at(path):
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def day_of(path):
    return day_in_words(date.fromtimestamp(changed_at(path)))


# Read again where the file was changed: its time is a part of what is asked.
@lru_cache(maxsize=8)
def table_in(path, changed, sheet):
    return read_table(path, sheet)


@lru_cache(maxsize=32)
def recognised(path, changed, sheet, said, dates, school_year, shares):
    table = table_in(path, changed, sheet)
    known = {"dates": dates, "school_year": school_year, "shares": shares}
    return recognise(table, said=dict(said), **known)


def ways_to_read(path, sheet, name):
    """The ways in which a column of dates can be read (tuple): one may have been chosen."""
    columns = recognised(path, changed_at(Path(path)), sheet, (), "", "", "")
    return next(column.ways for column in columns if column.name == name)


@lru_cache(maxsize=8)
def sheets_of(path, changed):
    return sheets(path)

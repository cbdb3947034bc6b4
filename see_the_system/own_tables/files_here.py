"""The folders and spreadsheets of this computer, each file read once until it is changed."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from see_the_system.data.downloads import on_offer
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
        folders, files = on_offer(folder, (*WORKBOOKS, *TEXTS))
    except OSError as fault:
        raise Refusal(
            f"The folder {folder.name} cannot be read ({fault.strerror}). Choose another."
        ) from fault
    return folders, sorted(files, key=changed_at, reverse=True)[:_MOST_FILES]


def changed_at(path):
    """When a file was last changed (seconds since 1970), 0 where it is no longer there."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def day_of(path):
    """The day on which a file was last changed, in words (text)."""
    return day_in_words(date.fromtimestamp(changed_at(path)))


# Read again where the file was changed: its time is a part of what is asked.
@lru_cache(maxsize=8)
def table_in(path, changed, sheet):
    """The table in a file (``OwnTable``), as ``workbooks.read_table``."""
    return read_table(path, sheet)


@lru_cache(maxsize=32)
def recognised(path, changed, sheet, said, dates, school_year, shares):
    """What its columns are (list of ``OwnColumn``), as ``columns.recognise``; said: pairs."""
    table = table_in(path, changed, sheet)
    known = {"dates": dates, "school_year": school_year, "shares": shares}
    return recognise(table, said=dict(said), **known)


def ways_to_read(path, sheet, said, name):
    """The ways in which a column of dates can be read (tuple): one may have been chosen."""
    columns = recognised(path, changed_at(Path(path)), sheet, said, "", "", "")
    return next(column.ways for column in columns if column.name == name)


@lru_cache(maxsize=8)
def sheets_of(path, changed):
    """The names of a workbook's sheets (list of text), as ``workbooks.sheets``."""
    return sheets(path)

"""Reads a column of dates as one way of writing dates: never value by value.

A way has to fit every row. Where two do, and both are in the order of time, which one is meant is
asked about: nothing else could tell.
"""

import datetime as dt
import re
from itertools import pairwise

import pandas as pd

from see_the_system.messages import Refusal, listed, nearest, plain_letters

_YEARS = range(1990, 2100)
_LONGEST_STEP = 800  # days between two points whose years have two digits
_NO_HOUR = pd.Timestamp("2000-01-01")
_EXCEL = dt.date(1899, 12, 30)  # day 0 of spreadsheet programs
_SERIALS = range(36_526, 49_310)  # their numbers of 2000-01-01 to 2034-12-31
_COUNTED = {2: "two", 3: "three"}
_FIRST_MONTH = 7  # of a school year
_NAMES = {
    1: ("january", "enero"),
    2: ("february", "febrero"),
    3: ("march", "marzo"),
    4: ("april", "abril"),
    5: ("may", "mayo"),
    6: ("june", "junio"),
    7: ("july", "julio"),
    8: ("august", "agosto"),
    9: ("september", "septiembre", "setiembre"),
    10: ("october", "octubre"),
    11: ("november", "noviembre"),
    12: ("december", "diciembre"),
}
_WEEKDAY = re.compile(
    r"^(mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom)[a-z]*\.?,?\s+(?=\S)"
)
_D, _M = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})"
_B, _B2 = r"(?P<b>[a-z]{3,})\.?", r"(?P<b2>[a-z]{3,})\.?"
_Y, _YY = r"(?P<y>\d{4})", r"'?(?P<yy>\d{2})"
_ANY = rf"(?:{_Y}|{_YY})"
_TH = r"(?:st|nd|rd|th|o)?"
_OF = r"(?:\s+de)?"
_AT = r"(?:[t\s]\s*(?P<t>\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]m)?)(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)?)?"
# What a person calls each way, and how it is written.
WAYS = {
    "year-month-day": rf"{_ANY}([-/.]){_M}\3{_D}{_AT}",
    "month/day/year": rf"{_M}([-/.]){_D}\2{_ANY}{_AT}",
    "day/month/year": rf"{_D}([-/.]){_M}\2{_ANY}{_AT}",
    "month day, year": rf"{_B}(?:\s+{_D}{_TH},?\s+|-(?P<d2>\d{{1,2}})-){_ANY}{_AT}",
    "day month year": rf"{_D}{_TH}(?:{_OF}\s+{_B},?{_OF}\s+|-{_B2}-){_ANY}{_AT}",
    "month and year": rf"{_B}{_OF}[\s/-]*{_Y}|{_B2}[\s/-]*{_YY}",
    "month/year": rf"{_M}[-/.]{_ANY}",
    "year-month": rf"{_Y}(?:-(?P<m>\d\d)|[/.](?P<m2>\d{{1,2}}))",
    "school year": rf"{_Y}[-/](?P<next>\d{{2}}|\d{{4}})",
    "year": _Y,
    "year and week": rf"{_Y}[-\s]?w(?P<w>\d{{1,2}})(?:-?(?P<wd>[1-7]))?",
    "month/day": rf"{_M}[-/.]{_D}",
    "day/month": rf"{_D}[-/.]{_M}",
    "month and day": rf"{_B}[\s-]*{_D}{_TH}",
    "day and month": rf"{_D}{_TH}{_OF}[\s-]*{_B}",
    "a spreadsheet's number": r"(?P<n>\d{5})(?:\.0*)?",
}
WITHOUT_YEAR = ("month/day", "day/month", "month and day", "day and month")


def read_dates(column, *, dates="", school_year=None):
    """The times of a column, and the way in which they are written (list of Timestamp, text).

    column: dates of any kind, or texts; dates: one of ``WAYS``, where more than one fits;
    school_year: that of dates without a year, as "2025-26" or by its spring, 2026. Raises
    ``Refusal`` that names the row, counted from 1, or asks what cannot be told.
    """
    if dates and dates not in WAYS:
        close = " or ".join(map(repr, nearest(dates, WAYS))) or ", ".join(map(repr, WAYS))
        raise Refusal(f"There is no way of writing dates {dates!r}. Choose {close}.")
    given = list(column)
    times = [_as_time(each) for each in given]
    if all(time is not None for time in times):
        return times, ""
    spring = _spring(school_year)
    read = _readings(given, dates, spring)
    fitting = {way: found for way, found in read.items() if None not in found}
    if not fitting:
        raise _unread(given, read, dates)
    times, way = _only_one(given, fitting)
    if way in WITHOUT_YEAR and spring is None:
        raise Refusal(
            f"The dates have no year: row 1 is {quoted(given[0])}. Say of which school year they "
            'are, such as school_year="2025-26".'
        )
    return times, way


def ways_that_fit(values, *, least=1.0, school_year=None):
    """The ways in which most of the values could be written, in whatever order they stand.

    A dict from one of ``WAYS`` ("" for dates that are dates already) to the times, a list in the
    order of the values, None where one is not written so. Ways are those that read as many values
    as any does, and this share of them at ``least``. Without a school year, dates without a year
    are taken to be of 2023-24.
    """
    given = list(values)
    times = [_as_time(each) for each in given]
    read = _readings(given, "", _spring(school_year))
    read = {way: [a or b for a, b in zip(times, found, strict=True)] for way, found in read.items()}
    read = read if None in times else {"": times}
    many = {way: sum(time is not None for time in found) for way, found in read.items()}
    most = max(many.values(), default=0)
    if not given or most < least * len(given):
        return {}
    return {way: found for way, found in read.items() if many[way] == most}


def _readings(given, dates, spring):
    """What stands in cells, read in each way that is likely (dict of lists of time or None)."""
    texts = [_plain(each) for each in given]
    if dates:
        return {dates: [_read(text, dates, spring) for text in texts]}
    read = {way: [_read(text, way, spring) for text in texts] for way in WAYS}
    return {way: found for way, found in read.items() if _is_likely(way, found, texts)}


def read_date(given, way, school_year=None):
    """One date beside a column that is written so (Timestamp), None where it is none."""
    time = _as_time(given)
    if time is not None:
        return time
    text = _plain(given)
    for each in ("year-month-day", way):
        time = _read(text, each, _spring(school_year)) if each else None
        if time is not None:
            return time
    return None


def _only_one(given, fitting):
    """Of the ways that fit the one that is meant; ``Refusal`` that asks where two may be."""
    in_order = {way: times for way, times in fitting.items() if _in_order(times)}
    if len({tuple(times) for times in in_order.values()}) > 1:
        rows = zip(*in_order.values(), strict=True)
        row = next(number for number, read in enumerate(rows) if len(set(read)) > 1)
        meant = [f"{_said(times[row], way)} as {way}" for way, times in in_order.items()]
        how = " or ".join(f'dates="{way}"' for way in in_order)
        raise Refusal(
            f"The dates can be read in {_COUNTED.get(len(meant), 'several')} ways: row {row + 1}, "
            f"{quoted(given[row])}, is {listed(meant)}. Say which it is: {how}."
        )
    way, times = next(iter((in_order or fitting).items()))
    return times, way


def _in_order(times):
    return all(one < other for one, other in pairwise(times))


def _is_likely(way, times, texts):
    """Whether two digits may be the years that they would be: else they are mostly days (bool)."""
    short = [
        time
        for time, text in zip(times, texts, strict=True)
        if time is not None and _matched(text, way).get("yy")
    ]
    return all((other - one).days <= _LONGEST_STEP for one, other in pairwise(sorted(short)))


def _said(time, way):
    if way in WITHOUT_YEAR:
        return f"{time:%B} {time.day}"
    return f"{time:%B} {time.year}" if time.day == 1 and "day" not in way else f"{time:%Y-%m-%d}"


def _unread(given, read, dates):
    """What to say of a column that is not written in one way (Refusal)."""
    _, found = max(read.items(), key=lambda item: sum(time is not None for time in item[1]))
    row = found.index(None)
    there = [number for number, time in enumerate(found) if time is not None]
    if there and any(times[row] is not None for times in read.values()):
        one, other = sorted((there[0], row))
        return Refusal(
            f"The dates are written in more than one way: row {one + 1} is {quoted(given[one])}, "
            f"row {other + 1} is {quoted(given[other])}. Write all of them in one way, such as "
            "2025-09-22."
        )
    expected = f"a date as {dates}" if dates else "a date such as 2025-09-22"
    return Refusal(
        f"The date in row {row + 1} is {quoted(given[row])}; {expected} was expected. Put it "
        "right, or leave the row out."
    )


def _as_time(given):
    """A date that is one already (Timestamp), None for a text, a number or nothing."""
    if isinstance(given, pd.Period):
        given = given.start_time
    if isinstance(given, (dt.date, pd.Timestamp)) and not pd.isna(given):
        return pd.Timestamp(given).tz_localize(None)
    return None


def _plain(given):
    """A text in small plain letters, its blanks single ("" where nothing is given)."""
    if given is None or isinstance(given, bool) or pd.isna(given):
        return ""
    if isinstance(given, float) and given % 1:
        return ""  # 9.1 may have been 9.10: a number has lost what a text would tell
    return " ".join(plain_letters(str(given).replace("–", "-")).split())


def _matched(text, way):
    """The parts of a text that is written so (dict), empty where it is not."""
    # In Spanish "mar" is a weekday too.
    found = re.fullmatch(WAYS[way], text) or re.fullmatch(WAYS[way], _WEEKDAY.sub("", text))
    parts = found.groupdict() if found else {}
    for name in ("b2", "d2", "m2"):
        if parts.get(name):
            parts[name[0]] = parts[name]
    return parts


def _read(text, way, spring):
    """One text read in one way (Timestamp), None where it does not fit."""
    part = _matched(text, way)
    if not part:
        return None
    try:
        if way == "a spreadsheet's number":
            day = int(part["n"])
            return pd.Timestamp(_EXCEL + dt.timedelta(day)) if day in _SERIALS else None
        if way == "school year":
            year = int(part["y"])
            follows = int(part["next"]) in (year + 1, (year + 1) % 100)
            return _time(year, _FIRST_MONTH, 1) if follows else None
        if way == "year and week":
            weekday = int(part["wd"] or 1)
            return pd.Timestamp(dt.date.fromisocalendar(int(part["y"]), int(part["w"]), weekday))
        month = 1 if way == "year" else _month(part)
        if month is None:
            return None
        time = _time(_year(part, way, month, spring), month, int(part.get("d") or 1))
        hour = part.get("t")
        return time and (time + (pd.Timestamp(f"2000-01-01 {hour}") - _NO_HOUR) if hour else time)
    except ValueError:
        return None


def _month(part):
    """The month's number, None for a name that is none."""
    if part.get("m"):
        return int(part["m"])
    name = part["b"]
    for number, names in _NAMES.items():
        if any(known.startswith(name) for known in names) or (name == "sept" and number == 9):
            return number
    return None


def _year(part, way, month, spring):
    if way in WITHOUT_YEAR:
        # Any year with a 29th of February will do until the school year is asked for.
        spring = 2024 if spring is None else spring
        return spring if month < _FIRST_MONTH else spring - 1
    return int(part["y"]) if part.get("y") else 2000 + int(part["yy"])


def _time(year, month, day):
    return pd.Timestamp(year, month, day) if year in _YEARS else None


def _spring(school_year):
    """The year in which a school year ends (int), None where none is given; ``Refusal``."""
    if school_year is None or school_year == "":
        return None
    found = re.fullmatch(r"(\d{4})(?:\s*[-/–]\s*(\d{2}|\d{4}))?", str(school_year).strip())
    year = int(found[1]) + bool(found[2]) if found else 0
    if year not in _YEARS or (found[2] and int(found[2]) % 100 != year % 100):
        raise Refusal(
            f'The school year is {school_year!r}; two years such as "2025-26", or its spring, '
            "2026, were expected."
        )
    return year


def quoted(given):
    """What stands in a cell, for a sentence (text)."""
    return "empty" if pd.isna(given) or not str(given).strip() else repr(str(given)[:40])

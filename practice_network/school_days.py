"""The days of a school year in the practice network: which have school. Synthetic.

The calendar is one that a California district might have: 180 school days, which are 37 weeks from
the last Monday of August on, without five holidays, Thanksgiving week, two weeks in winter and one
in spring. Nobody tests, teaches or hands out results on another day.
"""

from datetime import date, timedelta
from functools import cache

import numpy as np

DAYS = 180


def breaks(autumn):
    """The Mondays of the weeks without school (tuple of dates).

    Thanksgiving, two weeks in winter and one in spring. ``autumn``: the calendar year in which the
    school year begins.
    """
    winter = monday(date(autumn, 12, 19))
    spring = monday(date(autumn + 1, 4, 1))
    thanksgiving = _nth_monday(autumn, 11, 1, from_day=19)
    return thanksgiving, winter, winter + timedelta(7), spring


def days_off(autumn):
    """The single days without school, by their names (dict of text to date).

    >>> [f"{name} {day:%b} {day.day}" for name, day in days_off(2024).items()][2:]
    ['Martin Luther King Jr. Day Jan 20', "Presidents' Day Feb 17", 'Memorial Day May 26']
    """
    veterans = date(autumn, 11, 11)
    # On a Saturday it is kept the day before, on a Sunday the day after.
    veterans += timedelta({5: -1, 6: 1}.get(veterans.weekday(), 0))
    return {
        "Labor Day": _nth_monday(autumn, 9, 1),
        "Veterans Day": veterans,
        "Martin Luther King Jr. Day": _nth_monday(autumn + 1, 1, 3),
        "Presidents' Day": _nth_monday(autumn + 1, 2, 3),
        "Memorial Day": _nth_monday(autumn + 1, 5, 1, from_day=25),
    }


@cache
def school_days(autumn):
    """The 180 days with school, in order (array of days)."""
    first = np.datetime64(monday(date(autumn, 8, 25)))
    return np.busday_offset(first, np.arange(DAYS), busdaycal=_calendar(autumn))


def school_day(day, autumn, later=0):
    """The school day on a day or next after it, and so many school days later (day or array)."""
    days = np.asarray(day, "datetime64[D]")
    return np.busday_offset(days, later, roll="forward", busdaycal=_calendar(autumn))


def days_with_school(mondays, autumn):
    """How many days of each week have school (int array); ``mondays``: the weeks' first days."""
    begins = np.asarray(mondays, "datetime64[D]")
    return np.busday_count(begins, begins + 7, busdaycal=_calendar(autumn))


def monday(day):
    """The Monday on a date or next after it (date)."""
    return day + timedelta(-day.weekday() % 7)


@cache
def _calendar(autumn):
    weeks = [first + timedelta(step) for first in breaks(autumn) for step in range(5)]
    return np.busdaycalendar(holidays=[*weeks, *days_off(autumn).values()])


def _nth_monday(year, month, number, from_day=1):
    """The first, second ... Monday of a month from a day of it on (date)."""
    return monday(date(year, month, from_day)) + timedelta(7 * (number - 1))

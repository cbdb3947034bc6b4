"""What a team's own rows belong to: groups, and what these are called; times, and their order."""

import numpy as np
import pandas as pd

from see_the_system.data.codes import GROUPS
from see_the_system.messages import Refusal, counted, listed
from see_the_system.own_tables.cells import ALL_GRADES, window_and_spring, yes_no_in
from see_the_system.own_tables.columns import NOT_STATED
from see_the_system.own_tables.likely_roles import MOST_KINDS
from see_the_system.own_tables.outcomes import is_counted, of_role
from see_the_system.own_tables.words_of_columns import PARTS, WINDOWS
from see_the_system.privacy.protect import MIN_N

_OF_THE_STATE = set(GROUPS.values())
_CHANGING = 0.05  # the share of students who may have two values of what is one of a student
_NO_TIME = pd.Timestamp(2000, 1, 1)
STEPS = {"day": "each day", "week": "each week", "month": "each month"}


def parts(columns, outcome=None):
    """The columns by which students can be looked at side by side (list of ``OwnColumn``)."""
    used = outcome.of if outcome else ()
    return [
        column
        for column in of_role(columns, *PARTS)
        if column.name not in used
        and 1 < len(column.kinds) + bool(column.values.isna().any()) <= MOST_KINDS
    ]


def is_of_rows(columns, column):
    """Whether a column is of rows and not of students (bool): the subject of a mark, say.

    Some students then have several of its values.
    """
    student = of_role(columns, "student")
    if not student:
        return False
    values = labels(column).groupby(student[0].values).nunique()
    return (values > 1).mean() > _CHANGING


def is_of_groups(columns):
    """Whether each row is a school or another group of students whose number is not told (bool).

    It is where a column of groups has each once at any time, and no column tells students apart.
    """
    if of_role(columns, "student", "answer", "n"):
        return False
    at = [column.values.astype(str) for column in of_role(columns, "date", "window", "school_year")]
    for column in of_role(columns, "school", "ethnicity", "group", "grade", "course"):
        if column.values.notna().sum() > 1:
            keys = pd.concat([column.values.astype(str), *at], axis=1)
            if not keys.duplicated().any():
                return True
    return False


def labels(column):
    """What each row belongs to (Series of text), ``NOT_STATED`` where nothing stands."""
    texts = column.values.map(_said, na_action="ignore").astype(object)
    texts = texts.where(column.values.notna(), NOT_STATED)
    if column.role == "grade":
        return texts.map(_grade_words)
    if all(yes_no_in(kind) is not None for kind in column.kinds):
        # "yes" alone would be read as the answer to what is counted.
        return texts.map(lambda text: text if text == NOT_STATED else f"{column.name}: {text}")
    return texts


def at_the_gate(column, name):
    """A group's name at the gate (text): the state's where it is one of these, else one's own.

    A name alone may be a code of the state's: school 3, or race 3.
    """
    return name if name in _OF_THE_STATE else f"{column.name}: {name}"


def tell(told, number, what):
    """Adds a sentence on rows to ``told``, where there are any; of few no number is told."""
    if number >= MIN_N:
        told.append(f"{counted(int(number), 'row')} {what}.")
    elif number:
        told.append(f"A few rows (fewer than {MIN_N}) {what}.")


def _said(value):
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return str(value)


def _grade_words(text):
    as_it_is = {"0": "kindergarten", NOT_STATED: NOT_STATED, ALL_GRADES: ALL_GRADES}
    return as_it_is.get(text, f"grade {text}")


def times(columns):
    """The ways to follow it over time: from a key to how it is called (dict)."""
    found = {}
    for column in of_role(columns, "window", "school_year"):
        if len(column.kinds) > 1:
            found[column.name] = f"each {column.name}"
    for column in of_role(columns, "date"):
        if not column.values.notna().any():
            continue
        if is_counted(columns):
            # Counts of one week and of the next are mostly of the same students: they add up to
            # nobody.
            found[f"{column.name} by day"] = f"each {column.name}"
        else:
            found |= {
                f"{column.name} by {step}": f"{words} of {column.name}"
                for step, words in STEPS.items()
            }
    return found


def times_of(columns, over, spring):
    """The time of each row (Series), and what the times are called (dict)."""
    index = columns[0].values.index
    if not over:
        return pd.Series(_NO_TIME, index=index), {}
    for column in of_role(columns, "date"):
        for step in STEPS:
            if over == f"{column.name} by {step}":
                return _by_step(pd.to_datetime(column.values), step)
    [column] = [each for each in columns if each.name == over] or [None]
    if column is None:
        raise Refusal(f'There is no time "{over}" in this table. Choose {listed(times(columns))}.')
    if column.role == "school_year":
        days = {year: pd.Timestamp(int(year), 5, 1) for year in column.kinds}
        names = {day: f"{year - 1}-{year % 100:02}" for year, day in days.items()}
        return pd.to_datetime(column.values.map(days)), names
    return _by_window(columns, column, spring)


def _by_step(at, step):
    if step == "day":
        days = at.dt.normalize()
    elif step == "week":
        days = at.dt.normalize() - pd.to_timedelta(at.dt.day_of_week, unit="D")
    else:
        days = at.dt.to_period("M").dt.to_timestamp()
    form = {"day": "%B %-d, %Y", "week": "week of %B %-d, %Y", "month": "%B %Y"}[step]
    names = {day: _in_words(day, form) for day in sorted(days.dropna().unique())}
    return days, names


def _in_words(day, form):
    return day.strftime(form.replace("%-d", str(day.day)))


def _by_window(columns, window, spring):
    """Windows of a school year in its order, each in its month (Series, dict)."""
    springs = _springs(columns, window)
    if springs is None and spring:
        springs = pd.Series(int(spring), index=window.values.index)
    if springs is None:
        raise Refusal(
            f"{window.name} names times of the year and no year. Say under School year which it is."
        )
    called = [_called(*pair) for pair in zip(window.values, springs, strict=True)]
    called = pd.Series(called, index=window.values.index, dtype=object)
    tested = _dates_of(columns)
    days = {}
    for name in called.dropna().unique():
        month, year = WINDOWS[name.rsplit(" ", 1)[0]][0], int(name.rsplit(" ", 1)[1][:4])
        days[name] = pd.Timestamp(year + (month <= 6), month, 1)
        if tested is not None and tested[called == name].notna().any():
            days[name] = tested[called == name].median().normalize()
    return pd.to_datetime(called.map(days)), {day: name for name, day in days.items()}


def _called(window, spring):
    """A time of a school year with its year (text), None where one of them is not known."""
    if window is None or pd.isna(spring):
        return None
    return f"{window_and_spring(window)[0]} {int(spring) - 1}-{int(spring) % 100:02}"


def _dates_of(columns):
    """The first dates that the rows have (Series of Timestamp), None without any."""
    for column in of_role(columns, "date"):
        if column.values.notna().any():
            return pd.to_datetime(column.values)
    return None


def stands_in_usual_month(columns, column):
    """Whether a column's times have no dates beside them that say when they were (bool)."""
    return column.role == "window" and _dates_of(columns) is None


def has_years(columns, window):
    """Whether the table says of which school year each of its windows is (bool)."""
    return _springs(columns, window) is not None


def _springs(columns, window):
    """The year in which the school year of each row ends (Series), None where nothing tells it."""
    told = window.values.map(lambda value: window_and_spring(value)[1], na_action="ignore")
    if told.notna().any():
        return told
    for column in of_role(columns, "school_year"):
        return column.values
    day = _dates_of(columns)
    return None if day is None else (day.dt.year + (day.dt.month > 6)).astype(object)


def order_of(named):
    """What puts rows in the order of time (Series of float), None where the table does not say."""
    columns = list(named.values())
    day = _dates_of(columns)
    if day is not None:
        return day.astype("int64").astype(float)
    for column in of_role(columns, "window"):
        springs = _springs(columns, column)
        month = column.values.map(_month_of_school_year, na_action="ignore").astype(float)
        return month + (12 * springs.astype(float) if springs is not None else 0)
    for column in of_role(columns, "school_year"):
        return column.values.astype(float)
    return None


def _month_of_school_year(window):
    month, _ = WINDOWS[window_and_spring(window)[0]]
    return (month - 7) % 12


def differ_at_the_last(frame, order, keys):
    """Whether a student has rows of the last time that say different things (bool)."""
    times = order.reindex(frame.index)
    last = times.groupby([frame[key] for key in keys]).transform("max")
    rows = frame[times.eq(last) | last.isna()]
    return bool((rows.groupby(keys)["hit"].nunique() > 1).any())

"""Follows the practice network's students from year to year.

The state's files know no student, a district does. Each year's students are drawn for themselves.
Here a student of grade 7 this year is found among those of grade 6 last year, in the school that
feeds this one or else anywhere in the district: of the same ethnicity, gender and home language, as
near as can be in disability, socioeconomic status and in the standing that this year's past asks
for. Who finds nobody is new to the district; who is found by nobody has left it.
"""

from functools import lru_cache

import numpy as np
from scipy.optimize import linear_sum_assignment

from practice_network import history, mechanisms, network
from practice_network.score_model import generator

NEVER = 5.0  # what a difference costs, in SDs of the score, that makes two students two
ALIKE = {
    "ethnicity": NEVER,
    "gender": NEVER,
    "home_english": NEVER,
    "disability": 1.5,
    "disadvantaged": 1.0,
}
# The accelerated course of grade 8 goes on from that of grade 7.
ALIKE_IN_8 = ALIKE | {"accelerated": NEVER}
TRANSFERRED_ERROR = 0.25  # SDs: what the records of a student from elsewhere miss


@lru_cache(maxsize=32)
def linked(district, year):
    """The students of ``history.pasts`` of a district in a year beside those of the year before.

    Nobody's years further back. Gives the frame with ``prior``, ``new_here`` and ``moved_from``
    (school code a year earlier, "" where unknown), and each student's row in the frame of the year
    before (int array, -1 for who is new). prior: last spring's score, SDs around the state's mean
    of that grade; for those new here, and in the first year, what came with their records.
    """
    now = _pasts(district, year).copy()
    found = np.full(len(now), -1)
    luck = generator(year, 22, int(district)).standard_normal(len(now))
    now["prior"] = now.standing + TRANSFERRED_ERROR * luck
    now["moved_from"] = ""
    now["new_here"] = False
    if year > history.YEARS[0]:
        before = _pasts(district, year - 1)
        found = _found(before, now)
        here = found >= 0
        now.loc[here, "prior"] = before.score.to_numpy()[found[here]]
        now.loc[here, "moved_from"] = before.code.to_numpy()[found[here]]
        now["new_here"] = ~here
    return now, found


@lru_cache(maxsize=32)
def numbers(district, year):
    """The number of each student of ``linked``, the same from year to year (int array).

    It takes all years up to this one.
    """
    found = linked(district, year)[1]
    if year == history.YEARS[0]:
        return np.arange(len(found))
    new = found < 0
    student = numbers(district, year - 1)[found]
    years_before = range(history.YEARS[0], year)
    last = max(numbers(district, before).max() for before in years_before)
    student[new] = last + 1 + np.arange(new.sum())
    return student


@lru_cache(maxsize=32)
def _pasts(district, year):
    students = history.pasts(year, district)
    return students.assign(home_english=students.language == "EO")


def _found(before, now):
    """The row of last year's frame that is the same student, for each of this year (int array).

    -1 where there is none.
    """
    found = np.full(len(now), -1)
    next_school = _next_school(before).to_numpy()
    before = {name: before[name].to_numpy() for name in ("grade", "score", *ALIKE_IN_8)}
    now = {name: now[name].to_numpy() for name in ("grade", "code", "standing", *ALIKE_IN_8)}
    # First on in the school that follows, then wherever else in the district.
    for school in (*np.unique(now["code"]), ""):
        free = ~np.isin(np.arange(len(next_school)), found)
        asks = found < 0
        if school:
            free &= next_school == school
            asks &= now["code"] == school
        for grade in range(mechanisms.EARLIEST + 1, 9):
            old = np.flatnonzero(free & (before["grade"] == grade - 1))
            new = np.flatnonzero(asks & (now["grade"] == grade))
            cost = _costs(before, now, old, new, ALIKE if grade < 8 else ALIKE_IN_8)
            pairs = np.stack(linear_sum_assignment(cost))
            rows, columns = pairs[:, cost[*pairs] < NEVER]
            found[new[columns]] = old[rows]
    return found


def _costs(before, now, old, new, alike):
    """What it costs to take each of the old rows for each of the new (array, old x new)."""
    cost = np.abs(before["score"][old][:, None] - now["standing"][new])
    for name, weight in alike.items():
        cost += weight * (before[name][old][:, None] != now[name][new])
    return cost


def _next_school(students):
    """Where each student goes next (series of school codes, "" where that is not known).

    On in the same school, or from grade 5 of an elementary school to the middle school it feeds.
    """
    schools = network.schools().query("type_id == 7")
    feeds = {}
    for _, own in schools.groupby("district"):
        elementary = own.code[own.kind == "K5"].tolist()
        middle = own.code[own.kind == "M"].tolist()
        for place, code in enumerate(elementary if middle else ()):
            feeds[code] = middle[place * len(middle) // len(elementary)]
    stays = (students.grade < 5) | (students.kind != "K5")
    return students.code.where(stays, students.code.map(feeds)).fillna("")

"""Follows the practice network's students from year to year: the state's files know no student, a
district does.

Each year's students are drawn for themselves. Here a student of grade 7 this year is found among
those of grade 6 last year, in the school that feeds this one or else anywhere in the district: of
the same ethnicity, gender and home language, as near as can be in disability, socioeconomic status
and in the standing that this year's past asks for. Who finds nobody is new to the district; who is
found by nobody has left it.
"""

from functools import lru_cache

import numpy as np
from scipy.optimize import linear_sum_assignment

from practice_network import history, mechanisms, network
from practice_network import score_model as model

NEVER = 5.0  # what a difference costs, in SDs of the score, that makes two students two
ALIKE = {
    "ethnicity": NEVER,
    "gender": NEVER,
    "home_english": NEVER,
    "disability": 1.5,
    "disadvantaged": 1.0,
}
GOES_ON = ("accelerated", NEVER)  # the accelerated course of grade 8 goes on from that of grade 7
TRANSFERRED_ERROR = 0.25  # SDs: what the records of a student from elsewhere miss


def followed(district, year):
    """The students of ``linked`` with ``student`` (int, the same from year to year)."""
    return linked(district, year)[0].assign(student=numbers(district, year))


@lru_cache(maxsize=32)
def linked(district, year):
    """The students of ``history.pasts`` of a district in a year beside those of the year before,
    and nobody's years further back.

    Gives the frame with ``prior``, ``new_here`` and ``moved_from`` (school code a year earlier, ""
    where unknown), and each student's row in the frame of the year before (int array, -1 for who is
    new). prior: last spring's score, SDs around the state's mean of that grade; for those new here,
    and in the first year, what came with their records.
    """
    now = _pasts(district, year).copy()
    found = np.full(len(now), -1)
    luck = model.generator(year, 22, int(district)).standard_normal(len(now))
    now["prior"], now["moved_from"] = now.standing + TRANSFERRED_ERROR * luck, ""
    if year > history.YEARS[0]:
        before = _pasts(district, year - 1)
        found = _found(before, now)
        old = before.iloc[found[found >= 0]]
        for name, source in (("prior", "score"), ("moved_from", "code")):
            now.loc[found >= 0, name] = old[source].to_numpy()
    now["new_here"] = (found < 0) & (year > history.YEARS[0])
    return now, found


@lru_cache(maxsize=32)
def numbers(district, year):
    """The number of each student of ``linked``, the same from year to year (int array); it takes
    all years up to this one.
    """
    found = linked(district, year)[1]
    new = found < 0
    student, seen = np.empty(len(found), int), -1
    if year > history.YEARS[0]:
        student[~new] = numbers(district, year - 1)[found[~new]]
        seen = max(numbers(district, before).max() for before in range(history.YEARS[0], year))
    student[new] = seen + 1 + np.arange(new.sum())
    return student


@lru_cache(maxsize=32)
def _pasts(district, year):
    students = history.pasts(year, district)
    return students.assign(home_english=students.language == "EO")


def _found(before, now):
    """For each student of this year the row of last year's frame that is the same student, -1 where
    there is none (int array).
    """
    found = np.full(len(now), -1)
    goes, grade = _next_school(before).to_numpy(), before.grade.to_numpy() + 1
    code, at = now.code.to_numpy(), now.grade.to_numpy()
    old, new = (
        {name: frame[name].to_numpy() for name in (*ALIKE, "accelerated")}
        for frame in (before, now)
    )
    score, standing = before.score.to_numpy(), now.standing.to_numpy()
    for place in (
        *np.unique(code),
        "",
    ):  # first on in the school that follows, then wherever else in the district
        taken = np.isin(np.arange(len(before)), found)
        here, asks = (
            (goes == place) | (place == ""),
            (found < 0) & ((code == place) | (place == "")),
        )
        for level in range(mechanisms.EARLIEST + 1, 9):
            rows, columns = (
                np.flatnonzero((grade == level) & here & ~taken),
                np.flatnonzero((at == level) & asks),
            )
            cost = np.abs(score[rows][:, None] - standing[columns])
            for name, weight in ALIKE.items() if level < 8 else [*ALIKE.items(), GOES_ON]:
                cost += weight * (old[name][rows][:, None] != new[name][columns])
            pairs = linear_sum_assignment(cost)
            kept = cost[pairs] < NEVER
            found[columns[pairs[1][kept]]] = rows[pairs[0][kept]]
    return found


def _next_school(students):
    """Where each student goes next: on in the same school, or from grade 5 of an elementary school
    to the middle school it feeds.
    """
    schools = network.schools().query("type_id == 7")
    feeds = {}
    for _, own in schools.groupby("district"):
        elementary, middle = (own.code[own.kind == kind].tolist() for kind in ("K5", "M"))
        feeds |= {
            code: middle[i * len(middle) // len(elementary)]
            for i, code in enumerate(elementary)
            if middle
        }
    goes = students.code.map(feeds)
    return students.code.where((students.grade < 5) | (students.kind != "K5"), goes).fillna("")

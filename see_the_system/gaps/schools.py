"""The districts' own schools: their rows, one row a school, and whom each serves.

Whom a district serves is found in the same way.
"""

import numpy as np
import pandas as pd

from see_the_system.data.codes import (
    ALL_GRADES,
    ALL_STUDENTS,
    ETHNICITIES,
    GROUPS,
    LOCAL_CHARTER,
    SCHOOL,
    group_code,
    test_code,
)
from see_the_system.gaps.measures import LEVELS, cells_of, rows_to_count, suppressed
from see_the_system.messages import Refusal

# their sums are the district's row; direct-funded charters are not in it
OWN_SCHOOLS = (SCHOOL, LOCAL_CHARTER)
SCHOOL_KEY = ["county_code", "district_code", "school_code"]
# A share of students is given only where hidden counts leave it known to within five points either
# way.
MOST_HIDDEN, MOST_UNKNOWN = 10, 0.1

_COLUMNS = {
    **dict.fromkeys(("year", "group_id"), "int64"),
    **dict.fromkeys(("group", *SCHOOL_KEY, "school_name"), "str"),
    **dict.fromkeys(("n", "meeting"), "int64"),
    "percent": "float64",
    "grades": "str",
    "hidden": "int64",
}
_NEEDED = [
    *("year", *SCHOOL_KEY, "school_name", "district_name"),
    *("level", "type_id", "test_id", "grade", "group_id"),
    *("tested", "for_trend", "missing_tested", "missing_scores", *LEVELS),
]
_SPECIAL = {
    "": "these students",
    "All students": "all students",
    "Reported disability": "students with a reported disability",
    "No reported disability": "students with no reported disability",
    "Foster youth": "students in foster care",
    "Not foster youth": "students not in foster care",
    "Homeless": "students experiencing homelessness",
    "Not homeless": "students not experiencing homelessness",
    "Migrant education": "students in migrant education",
    "Not migrant education": "students not in migrant education",
    "Military family": "students of military families",
    "Not military family": "students not of military families",
    "Socioeconomically disadvantaged": "socioeconomically disadvantaged students",
    "Not socioeconomically disadvantaged": "students not socioeconomically disadvantaged",
    "English fluency to be determined": "students whose English fluency is to be determined",
    "Parent education: declined to state": "students whose parent's schooling is not stated",
}


def school_rows(frame, *, group, year=None, test="Mathematics"):
    """The districts' own school rows (types 7 and 10) of one group and test, by grade.

    As ``with_counts`` gives them; single grades only; ``year`` None keeps every year. Raises
    ``Refusal`` where no school's type is known, because without it direct-funded charters, which
    are not part of the district's results, cannot be told apart.
    """
    rows = rows_of(frame, group=group, year=year, test=test)
    rows = rows_where(rows, level="school")
    if len(rows) and rows["type_id"].isna().all():
        raise Refusal(
            "These rows do not say which schools are the district's own; add the state's "
            "entities file of the same year, which gives every school's type, and read the data "
            "again."
        )
    return with_counts(rows[rows["type_id"].isin(OWN_SCHOOLS).astype(bool)])


def rows_of(frame, *, group, year=None, test="Mathematics"):
    """The rows of one group and test at every level, by single grade (frame).

    ``year`` None keeps every year. Grade 13 is every grade together, and the science files' 14 and
    99 are totals of high school: none of them may enter a sum. Raises ``Refusal`` for a group or
    test the state does not have, and where a row is there twice.
    """
    rows = rows_where(with_columns(frame), group_id=group_code(group))
    return _single_grades(rows if year is None else rows_where(rows, year=int(year)), test)


def _single_grades(rows, test):
    rows = rows_where(rows, test_id=test_code(test))
    rows = rows[(rows["grade"] < ALL_GRADES).astype(bool)]
    return rows_to_count(rows, ["year", "level", "grade", "group_id"])[1]


def rows_where(rows, **values):
    """The rows that have these values (frame)."""
    for column, value in values.items():
        rows = rows[(rows[column] == value).astype(bool)]
    return rows


def with_columns(frame):
    """The frame; where it has no rows, with the columns that are needed (frame)."""
    return frame.reindex(columns=_NEEDED) if frame.empty else frame


def with_counts(rows):
    """The rows with ``n`` and ``meeting`` (whole numbers), ``shown`` and ``hidden`` (bool).

    A row is shown when its four levels are known and at least one student has a score, hidden when
    the file says that it is suppressed, for itself or to protect another; where it is not shown,
    n and meeting are 0.
    """
    n = rows[list(LEVELS)].sum(axis=1, skipna=False).fillna(0).astype("int64")
    meeting = rows["n_met"].fillna(0).astype("int64") + rows["n_exceeded"].fillna(0).astype("int64")
    shown = n > 0
    hidden = suppressed(rows) & ~shown
    return rows.assign(n=n, meeting=meeting.where(shown, 0), shown=shown, hidden=hidden)


def schools_for_group(frame, *, group, year=None, test="Mathematics"):
    """One row a school for a student group in one year, its shown grades pooled.

    The latest year if None. Columns: year, group_id, group, county_code, district_code,
    school_code, school_name, n (students with scores), meeting, percent (0-100), grades (text, the
    grades counted), hidden (how many of its grades are suppressed). A school with every grade
    suppressed stays, with n 0 and no percent; one where nobody was tested does not. Sorted by
    school name.
    """
    code = group_code(group)
    rows = school_rows(frame, group=code, year=year, test=test)
    rows = rows[rows["shown"] | rows["hidden"]]
    schools = pd.DataFrame(columns=list(_COLUMNS))
    if len(rows):
        schools = _pooled(rows[rows["year"] == rows["year"].max()])
        schools = schools.assign(group_id=code, group=GROUPS[code])[list(_COLUMNS)]
    schools = schools.astype(_COLUMNS).sort_values(["school_name", *SCHOOL_KEY], ignore_index=True)
    schools.attrs = {"group": GROUPS[code], "year": "" if year is None else str(year)}
    return schools


def _pooled(rows):
    grades = rows["grade"].astype("str").where(rows["shown"], "")
    by_school = rows.assign(grades=grades).sort_values("grade").groupby(["year", *SCHOOL_KEY])
    pooled = by_school.agg(
        {
            "school_name": "first",
            **dict.fromkeys(("n", "meeting", "hidden"), "sum"),
            "grades": lambda texts: ", ".join(filter(None, texts)),
        }
    ).reset_index()
    return pooled.assign(percent=100 * pooled["meeting"] / pooled["n"].where(pooled["n"] > 0))


def student_mix(frame, by, groups, *, shown_only=False, known=(), test="Mathematics"):
    """What share of the tested students each group is (frame by ``by``).

    Columns: tested, then a percent for each group code. ``by``: columns such as year and the
    school's codes. A count that is suppressed (1 to 10 students) is taken as the middle of that; a
    share that hidden counts leave uncertain by more than five points either way is NA, and so is
    every share of a group the data do not have (``known``: those they have, though it may not show
    in this frame). A group without a row in an entity has nobody there. With ``shown_only`` hidden
    counts are 0 and shares are never NA for that reason: they then add up to less than 100 by as
    much as is hidden.
    """
    codes = [ALL_STUDENTS, *groups]
    rows = with_columns(frame)
    rows = _single_grades(rows[rows["group_id"].isin(codes)], test)
    cell, cells = cells_of(rows, list(dict.fromkeys([*by, "grade", "year"])))
    # of each cell and group: how many were tested, whether there is a row, and a small hidden one
    at = (cell, pd.Index(codes).get_indexer(rows["group_id"]))
    tested = np.full((len(cells), len(codes)), np.nan)
    tested[at] = rows["tested"].to_numpy(dtype=float, na_value=np.nan)
    listed, small = np.zeros((2, *tested.shape), dtype=bool)
    listed[at] = True
    small[at] = (rows["missing_tested"].astype("str") == "suppressed").to_numpy(dtype=bool)
    used = tested[:, 0] > 0
    everyone = tested[used, 0]
    entity, mix = cells_of(cells[used], by)
    mix["tested"] = total = np.bincount(entity, everyone, len(mix)).astype(float)
    for place, group in enumerate(groups, start=1):
        mix[group] = np.nan
        if group not in known and np.isnan(tested[:, place]).all():
            continue
        count = np.nan_to_num(tested[used, place])
        hidden = np.isnan(tested[used, place]) & listed[used, place] & (not shown_only)
        most = np.where(small[used, place], np.minimum(MOST_HIDDEN, everyone), everyone) * hidden
        count = np.bincount(entity, count + np.where(hidden, (1 + most) / 2, 0), len(mix))
        known = np.bincount(entity, most, len(mix)) <= MOST_UNKNOWN * total
        mix[group] = np.where(known, np.minimum(100 * count / total, 100), np.nan)
    return mix.set_index(by)


def shares_in_grades_of(rows, frame, test, groups):
    """The shares of these and of the ethnic groups among the students of the schools' grades.

    Percent, by year and school; one column a group code. rows: the schools' grades.
    """
    keys = ["year", *SCHOOL_KEY]
    cells = rows[[*keys, "grade"]].astype(frame[["year", "grade"]].dtypes.to_dict())
    needed = [*keys, "grade", "level", "test_id", "group_id", "tested", "missing_tested"]
    same = frame[needed].merge(cells, on=[*keys, "grade"])
    ethnic = student_mix(same, keys, ETHNICITIES, shown_only=True, test=test).drop(columns="tested")
    return student_mix(same, keys, groups, test=test).drop(columns="tested").join(ethnic)


def students_of(group):
    """A student group's label as words for a sentence.

    >>> students_of("English learner"), students_of("Reported disability")
    ('English learner students', 'students with a reported disability')
    """
    if group in _SPECIAL:
        return _SPECIAL[group]
    parent = group.removeprefix("Parent: ")
    if parent != group:
        return f"students whose parent's schooling is '{parent}'"
    return f"students in the group {group}" if ", " in group else f"{group} students"

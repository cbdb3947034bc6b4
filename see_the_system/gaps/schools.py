"""The districts' own schools: their rows, one row a school, and what each school or district is
made of.
"""

import numpy as np
import pandas as pd

from see_the_system.data.codes import (
    ALL_GRADES,
    ALL_STUDENTS,
    GROUPS,
    LOCAL_CHARTER,
    SCHOOL,
    group_code,
    test_code,
)
from see_the_system.gaps.measures import LEVELS, rows_to_count
from see_the_system.messages import Refusal

OWN_SCHOOLS = (
    SCHOOL,
    LOCAL_CHARTER,
)  # their sums are the district's row; direct-funded charters are not in it
SCHOOL_KEY = ["county_code", "district_code", "school_code"]

_COLUMNS = {
    "year": "int64",
    "group_id": "int64",
    "group": "str",
    "county_code": "str",
    "district_code": "str",
    "school_code": "str",
    "school_name": "str",
    "n": "int64",
    "meeting": "int64",
    "percent": "float64",
    "grades": "str",
    "hidden": "int64",
}
_NEEDED = [
    "year",
    *SCHOOL_KEY,
    "school_name",
    "district_name",
    "level",
    "type_id",
    "test_id",
    "grade",
    "group_id",
    "tested",
    "for_trend",
    "missing_tested",
    "missing_scores",
    *LEVELS,
]
# A share of students is given only where hidden counts leave it known to within five points either
# way.
MOST_HIDDEN, MOST_UNKNOWN = 10, 0.1


def school_rows(frame, *, group, year=None, test="Mathematics"):
    """The districts' own school rows (types 7 and 10) of one group and test, by grade, as
    ``with_counts`` gives them.

    Single grades only; ``year`` None keeps every year. Raises ``Refusal`` where no school's type is
    known, because without it direct-funded charters, which are not part of the district's results,
    cannot be told apart.
    """
    rows = rows_of(frame, group=group, year=year, test=test)
    rows = rows[(rows["level"] == "school").astype(bool)]
    if len(rows) and rows["type_id"].isna().all():
        raise Refusal(
            "These rows do not say which schools are the district's own; add the state's "
            "entities file of the same year, "
            "which gives every school's type, and read the data again."
        )
    return with_counts(rows[rows["type_id"].isin(OWN_SCHOOLS).astype(bool)])


def rows_of(frame, *, group, year=None, test="Mathematics"):
    """The rows of one group and test at every level, by single grade (frame; ``year`` None keeps
    every year).

    Grade 13 is every grade together, and the science files' 14 and 99 are totals of high school:
    none of them may enter a sum. Raises ``Refusal`` for a group or test the state does not have,
    and where a row is there twice.
    """
    frame = frame.reindex(columns=_NEEDED) if frame.empty else frame
    keep = (
        (frame["group_id"] == group_code(group))
        & (frame["test_id"] == test_code(test))
        & (frame["grade"] < ALL_GRADES)
    )
    if year is not None:
        keep &= frame["year"] == int(year)
    return rows_to_count(frame[keep.astype(bool)], ["year", "level", "grade"])[1]


def with_counts(rows):
    """The rows with ``n`` and ``meeting`` (whole numbers, 0 where not shown), ``shown`` and
    ``hidden`` (bool).

    A row is shown when its four levels are known and at least one student has a score, hidden when
    the file says that it is suppressed, for itself or to protect another.
    """
    n = rows[list(LEVELS)].sum(axis=1, skipna=False)
    shown = (n.notna() & (n.fillna(0) > 0)).astype(bool)
    meeting = rows["n_met"].fillna(0).astype("int64") + rows["n_exceeded"].fillna(0).astype("int64")
    return rows.assign(
        n=n.fillna(0).astype("int64"),
        meeting=meeting.where(shown, 0),
        shown=shown,
        hidden=rows["missing_scores"].astype("str").str.startswith("suppressed") & ~shown,
    )


def schools_for_group(frame, *, group, year=None, test="Mathematics"):
    """One row a school for a student group in one year (the latest if None), its shown grades
    pooled.

    Columns: year, group_id, group, county_code, district_code, school_code, school_name, n
    (students with scores), meeting, percent (0-100), grades (text, the grades counted), hidden (how
    many of its grades are suppressed). A school with every grade suppressed stays, with n 0 and no
    percent; one where nobody was tested does not. Sorted by school name.
    """
    code = group_code(group)
    rows = school_rows(frame, group=code, year=year, test=test)
    rows = rows[rows["shown"] | rows["hidden"]]
    notes = {"group": GROUPS[code], "year": "" if year is None else str(year)}
    if rows.empty:
        schools = pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    else:
        schools = _pooled(rows[rows["year"] == rows["year"].max()]).assign(
            group_id=code, group=GROUPS[code]
        )
        schools = (
            schools[list(_COLUMNS)]
            .astype(_COLUMNS)
            .sort_values(["school_name", *SCHOOL_KEY], ignore_index=True)
        )
    schools.attrs = notes
    return schools


def _pooled(rows):
    grades = rows["grade"].astype("str").where(rows["shown"], "")
    pooled = (
        rows.assign(grades=grades)
        .sort_values("grade")
        .groupby(["year", *SCHOOL_KEY], as_index=False)
        .agg(
            school_name=("school_name", "first"),
            n=("n", "sum"),
            meeting=("meeting", "sum"),
            grades=("grades", lambda texts: ", ".join(filter(None, texts))),
            hidden=("hidden", "sum"),
        )
    )
    return pooled.assign(percent=100 * pooled["meeting"] / pooled["n"].where(pooled["n"] > 0))


def student_mix(frame, by, groups, *, shown_only=False, test="Mathematics"):
    """What share of the tested students each group is (frame by ``by``: tested, then a percent
    column for each group code).

    ``by``: columns such as year and the school's codes. A count that is suppressed (1 to 10
    students) is taken as the middle of that; a share that hidden counts leave uncertain by more
    than five points either way is NA, and so is every share of a group the data do not have. A
    group without a row in an entity has nobody there. With ``shown_only`` hidden counts are 0 and
    shares are never NA for that reason: they then add up to less than 100 by as much as is hidden.
    """
    cells = [*by, "grade"] + ([] if "year" in by else ["year"])
    everyone = _tested(frame, ALL_STUDENTS, cells, test)["tested"].dropna()
    everyone = everyone[everyone > 0]
    mix = everyone.groupby(level=by).sum().to_frame("tested")
    for group in groups:
        listed = _tested(frame, group, cells, test)
        mix[group] = (
            _share(listed, everyone, by, shown_only) if listed["tested"].notna().any() else np.nan
        )
    return mix


def _share(listed, everyone, by, shown_only):
    found = listed.reindex(everyone.index)
    hidden = found["tested"].isna() & everyone.index.isin(listed.index)
    small = found["missing_tested"].eq("suppressed")
    most = np.where(small, np.minimum(MOST_HIDDEN, everyone), everyone) * hidden
    total = everyone.groupby(level=by).sum()
    if shown_only:
        return (100 * found["tested"].fillna(0).groupby(level=by).sum() / total).clip(upper=100)
    count = found["tested"].fillna(0) + np.where(hidden, (1 + most) / 2, 0)
    share = 100 * count.groupby(level=by).sum() / total
    return share.clip(upper=100).where(most.groupby(level=by).sum() / total <= MOST_UNKNOWN)


def _tested(frame, group, cells, test):
    rows = rows_of(frame, group=group, test=test)
    return rows.astype({"tested": "float64", "missing_tested": "str"}).set_index(cells)[
        ["tested", "missing_tested"]
    ]


def students_of(group):
    """A student group's label as words for a sentence.

    >>> students_of("English learner"), students_of("Reported disability")
    ('English learner students', 'students with a reported disability')
    """
    special = {
        "": "these students",
        "All students": "all students",
        "Reported disability": "students with a reported disability",
        "No reported disability": "students with no reported disability",
        "Foster youth": "students in foster care",
        "Homeless": "students experiencing homelessness",
    }
    parent = group.removeprefix("Parent: ")
    return special.get(group) or (
        f"students whose parent's schooling is '{parent}'"
        if parent != group
        else f"{group} students"
    )

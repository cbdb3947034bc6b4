"""What may be shown of the state's indicators: the gate of ``protect`` for other measures.

The rows of one district (its schools, its county and the state beside it) go through together, all
years, indicators and student groups that are shown anywhere. A share of students is taken as two
levels, those counted and the others; a mean as one, the number of students it is of.
"""

import numpy as np
import pandas as pd

from see_the_system.data.codes import ALL_STUDENTS, DIRECT_CHARTER, DISTRICT, SCHOOL
from see_the_system.data.indicators import INDICATORS, PERCENT
from see_the_system.messages import Refusal
from see_the_system.privacy import companions, relations
from see_the_system.privacy.protect import (
    COMPANION,
    MIN_N,
    SUPPRESSED,
    attackers_view,
    checked_minimum,
)
from see_the_system.privacy.student_groups import OWN, GroupSum

_NUMBERS = ["n", "count", "value"]
_BEFORE = ["prior_n", "prior_value", "change", "change_level", "color"]
_ROW = ["year", "county_code", "district_code", "school_code", "group"]
# Groups of these files alone that make up another.
_SPANS = ("Kindergarten", "Grades 1 to 3", "Grades 4 to 6", "Grades 7 to 8")
_WITH_RECENT, _RECENT = (
    "English learner, with recently reclassified",
    "Recently reclassified fluent English proficient",
)
_MADE_OF = (
    ("Kindergarten to grade 8", _SPANS, True),
    ("All students", ("Kindergarten to grade 8", "Grades 9 to 12"), False),
    (_WITH_RECENT, ("English learner", _RECENT), True),
    ("All students", ("English only", _WITH_RECENT), False),
    ("All students", ("English only", "English learner", _RECENT), False),
)
# The number of graduates is what one counts and the other two are of.
_TOGETHER = {
    "graduation": ("a_g_of_graduates", "a_g_of_cohort"),
    "a_g_of_graduates": ("a_g_of_cohort",),
    "a_g_of_cohort": ("a_g_of_graduates",),
}


def protect_indicators(frame, *, min_n=MIN_N, schools=True):
    """A copy of a frame of indicators that shows nothing of fewer than ``min_n`` students.

    frame: ``indicator_files.COLUMNS``, one district, its schools, its county and the state, of all
    groups that are shown anywhere; ``schools`` is whether its schools are shown, which are left out
    otherwise. A hidden row has n, count, value and what the Dashboard says of it missing, and says
    why in ``missing``: "suppressed", or "suppressed to protect another". What a row says of the
    year before passes as a table of its own, and is hidden too where that year's own row is.
    ``Refusal`` for a lower ``min_n``, and for a row that is there twice.
    """
    least = checked_minimum(min_n, "students")
    if frame.empty:
        return frame.copy()
    frame = frame.reset_index(drop=True)
    if frame.duplicated([*_ROW, "indicator"]).any():
        raise Refusal(
            "The frame has rows of indicators twice: one row for each year, entity, indicator and "
            "group was expected. Read it from the store again."
        )
    before = _year_before(frame)
    rows = pd.concat([frame.assign(_before=False), before], ignore_index=True)
    hidden, companion = _decided(rows, least, schools=schools)
    out = frame.copy()
    own = slice(len(frame))
    told = (frame["missing"] == "").to_numpy() | companion[own]
    out.loc[hidden[own], [*_NUMBERS, *_BEFORE, "status_level"]] = pd.NA
    reason = np.where(companion[own], COMPANION, SUPPRESSED)
    out["missing"] = np.where(hidden[own] & told, reason, frame["missing"])
    # The year before passes as a table of its own, and nothing of it that its own year hides.
    places = pd.MultiIndex.from_frame(before[[*_ROW, "indicator"]])
    gone = pd.MultiIndex.from_frame(frame.loc[hidden[own], [*_ROW, "indicator"]])
    out.loc[before.index[hidden[len(frame) :] | places.isin(gone)], _BEFORE] = pd.NA
    return out if schools else out[out["level"] != "school"].reset_index(drop=True)


def _decided(rows, least, *, schools):
    """Which rows have to be hidden, and which of them for another's sake (two masks).

    What stands above the schools is decided first, so that a page of the district alone shows the
    same as one of its schools; then the schools beside it, where they are wanted.
    """
    hidden, companion = np.zeros((2, len(rows)), dtype=bool)
    percents = rows["indicator"].map(lambda name: INDICATORS[name].unit == PERCENT).to_numpy(bool)
    above = (rows["level"] != "school").to_numpy()
    telling = above & (_none_or_all(rows) | _too_near(rows, least))
    for of_unit, levels in ((percents, ("n_not_met", "n_met")), (~percents, ("n_not_met",))):
        for own in (above & of_unit, ~above & of_unit if schools else above & False):
            if not own.any():
                continue
            places = np.append(np.flatnonzero(own), np.flatnonzero(above & of_unit & ~own))
            marked = np.where(own, telling, companion)[places]
            found = _hidden(
                rows.iloc[places].reset_index(drop=True), least, levels, own.sum(), marked
            )
            hidden[places], companion[places] = found
    few = (_few_elsewhere(rows, least) | _twice_counted(rows, hidden, least)) & ~hidden
    hidden |= few
    companion |= few
    for name, others in _TOGETHER.items():
        gone = pd.MultiIndex.from_frame(rows.loc[hidden & (rows["indicator"] == name), _ROW])
        also = rows["indicator"].isin(others) & pd.MultiIndex.from_frame(rows[_ROW]).isin(gone)
        companion |= also.to_numpy() & ~hidden
        hidden |= also.to_numpy()
    return hidden, companion


def _too_near(rows, least):
    """Which rows of a district have too few students to stand over schools small and large (mask).

    Where one school has fewer than ``least`` and another ``least`` or more, of less than twice as
    many only one number could be each one's.
    """
    keys = ["_before", "year", "indicator", "group"]
    schools = rows[rows["level"] == "school"]
    small = ~(schools["n"] >= least).fillna(False)
    both = small.groupby([schools[key] for key in keys]).agg(lambda each: each.nunique() == 2)
    at = pd.MultiIndex.from_frame(rows[keys])
    few = (rows["n"] < 2 * least).fillna(False).to_numpy(bool)
    return few & both.reindex(at).fillna(False).to_numpy(bool)


def _none_or_all(rows):
    """Which rows count nobody, or everybody, of some students (mask); of means none do."""
    n, counted = relations.numbers(rows["n"]), relations.numbers(_counted(rows))
    percents = rows["indicator"].map(lambda name: INDICATORS[name].unit == PERCENT).to_numpy(bool)
    return percents & (n > 0) & ((counted == 0) | (counted == n))


def _counted(rows):
    """How many are counted (series), by the percent where no count is published."""
    return rows["count"].astype("Float64").fillna((rows["value"] * rows["n"] / 100).round())


def _twice_counted(rows, hidden, least):
    """Which rows of the Dashboard's chronic absence tell of a few of all grades (mask).

    Both count the same students but for the grades above 8.
    """
    twice = (rows["indicator"] == "dashboard_chronic").to_numpy()
    of_all = (rows["indicator"] == "chronic_absence").to_numpy()
    at = pd.MultiIndex.from_frame(rows[_ROW])
    n = pd.Series(np.where(hidden, np.nan, relations.numbers(rows["n"])), index=at)[of_all]
    left = n.reindex(at).to_numpy() - relations.numbers(rows["n"])
    spans = rows["group"].isin(["Kindergarten to grade 8", "Grades 9 to 12"]).to_numpy()
    gone = rows.loc[of_all & spans & hidden, _ROW[:4]]
    near = pd.MultiIndex.from_frame(rows[_ROW[:4]]).isin(pd.MultiIndex.from_frame(gone))
    return twice & (((left > 0) & (left < least)) | near)


def _few_elsewhere(rows, least):
    """Which rows of a county or the state leave only a few beside their part (mask)."""
    few = np.zeros(len(rows), dtype=bool)
    keys = ["_before", "year", "indicator", "group"]
    for total, part in (("county", "district"), ("state", "county"), ("state", "district")):
        parts = rows[rows["level"] == part].groupby(keys)["n"].sum(min_count=1)
        at = pd.MultiIndex.from_frame(rows[keys])
        left = relations.numbers(rows["n"]) - relations.numbers(parts.reindex(at))
        few |= (rows["level"] == total).to_numpy() & (left > 0) & (left < least)
    return few


def _year_before(frame):
    """What the rows say of the year before, as rows of that year (DataFrame, with their index)."""
    told = frame[frame[["prior_n", "prior_value", "change"]].notna().any(axis=1)]
    return told.assign(
        year=told["year"] - 1,
        n=told["prior_n"],
        count=pd.NA,
        value=told["prior_value"],
        missing=np.where(told["prior_n"].isna(), SUPPRESSED, ""),
        _before=True,
    )


def _hidden(rows, least, levels, number, marked):
    """Which rows have to be hidden, and which of them for another's sake (two masks).

    Of the first ``number`` rows; the others are decided. ``marked``: those that are hidden for
    another's sake from the start.
    """
    names = dict.fromkeys(rows["group"])
    own = [name for name in names if rows.loc[rows["group"] == name, "group_id"].isna().all()]
    code_of = {name: OWN + place for place, name in enumerate(own)}
    listed = rows.dropna(subset="group_id")
    code_of |= dict(zip(listed["group"], listed["group_id"].astype(int), strict=True))
    as_rows = _as_rows(rows, code_of)
    sums = [GroupSum(ALL_STUDENTS, (code_of[name],)) for name in own]
    for total, parts, whole in _MADE_OF:
        there = tuple(code_of[part] for part in parts if part in code_of)
        if total in code_of and there:
            whole_of_it = whole and len(there) == len(parts)
            sums.append(GroupSum(code_of[total], there, whole=whole_of_it))
    as_rows["missing_scores"] = np.where(marked, COMPANION, "")
    view = attackers_view(as_rows, least, more_sums=tuple(sums), levels=levels)
    companions.hide_until_safe(view, least, first=number)
    hidden = view.hidden[: len(rows)].copy()
    companion = view.low[: len(rows)] >= least
    if view.open.any():
        # What cannot be made safe: of that year and indicator no school is shown, nor told which
        # of them are small.
        unsafe = np.isin(view.cells.block[: len(rows)], np.unique(view.cells.block[view.open]))
        unsafe &= np.arange(len(rows)) < number
        hidden |= unsafe
        companion |= unsafe
    # Nobody is counted: that is no result of anybody.
    hidden &= ~(as_rows["tested"] == 0).fillna(False).to_numpy(bool)
    return hidden, companion


def _as_rows(rows, code_of):
    """Indicators as rows of the state's tests: an indicator as a test, who is counted as "met"."""
    percents = rows["indicator"].map(lambda name: INDICATORS[name].unit == PERCENT)
    n = rows["n"].astype("Float64").where(rows["missing"] != SUPPRESSED)
    counted = _counted(rows)
    # A mean is of so many students, and of how many more nobody is told.
    counted = counted.where(percents, 0).where(n.notna())
    # Where there are students and no rate, nothing but their number is shown.
    n = n.where(counted.notna() | (n == 0))
    order = {name: place for place, name in enumerate(INDICATORS)}
    school = np.where(rows["charter"], DIRECT_CHARTER, SCHOOL)
    return pd.DataFrame(
        {
            "year": rows["year"].astype("int64"),
            # What a row says of the year before is another table than that year's own.
            "test_id": rows["indicator"].map(order).astype("int64") + 100 * rows["_before"],
            **{name: rows[name] for name in ("county_code", "district_code", "school_code")},
            "grade": 8,
            "group_id": rows["group"].map(code_of).astype("int64"),
            "level": rows["level"],
            "type_id": np.where(rows["level"] == "school", school, DISTRICT),
            "tested": n,
            "with_scores": n,
            "n_not_met": n - counted,
            "n_nearly_met": n.where(n.isna(), 0),
            "n_met": counted,
            "n_exceeded": n.where(n.isna(), 0),
            "missing_scores": "",
        }
    )

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
_MADE_OF = {
    "Kindergarten to grade 8": _SPANS,
    "English learner, with recently reclassified": (
        "English learner",
        "Recently reclassified fluent English proficient",
    ),
}
# The number of graduates is what one counts and the other two are of.
_TOGETHER = {
    "graduation": ("a_g_of_graduates", "a_g_of_cohort"),
    "a_g_of_graduates": ("a_g_of_cohort",),
    "a_g_of_cohort": ("a_g_of_graduates",),
}


def protect_indicators(frame, *, min_n=MIN_N):
    """A copy of a frame of indicators that shows nothing of fewer than ``min_n`` students.

    frame: ``indicator_files.COLUMNS``, one district, its schools, its county and the state, of all
    groups that are shown anywhere. A hidden row has n, count, value and what the Dashboard says of
    it missing, and says why in ``missing``: "suppressed", or "suppressed to protect another". What
    a row says of the year before is hidden where that year's row would be. ``Refusal`` for a lower
    ``min_n``, and for a row that is there twice.
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
    known = pd.MultiIndex.from_frame(frame[[*_ROW, "indicator"]])
    unlisted = ~pd.MultiIndex.from_frame(before[[*_ROW, "indicator"]]).isin(known)
    rows = pd.concat([frame, before[unlisted]], ignore_index=True)
    hidden, companion = np.zeros((2, len(rows)), dtype=bool)
    percents = rows["indicator"].map(lambda name: INDICATORS[name].unit == PERCENT).to_numpy(bool)
    for kind, levels in ((percents, ("n_not_met", "n_met")), (~percents, ("n_not_met",))):
        if kind.any():
            part = rows[kind].reset_index(drop=True)
            hidden[kind], companion[kind] = _hidden(part, least, levels)
    rows = rows.assign(_hidden=hidden)
    out = frame.copy()
    own = slice(len(frame))
    had = (frame["missing"] == "").to_numpy()
    out.loc[hidden[own], [*_NUMBERS, *_BEFORE, "status_level"]] = pd.NA
    reason = np.where(companion[own], COMPANION, SUPPRESSED)
    out["missing"] = np.where(hidden[own] & had, reason, frame["missing"])
    is_hidden = rows.set_index([*_ROW, "indicator"])["_hidden"]
    places = pd.MultiIndex.from_frame(before[[*_ROW, "indicator"]])
    out.loc[before.index[is_hidden.reindex(places).to_numpy(bool)], _BEFORE] = pd.NA
    return out


def _year_before(frame):
    """What the rows say of the year before, as rows of that year (DataFrame, with their index)."""
    told = frame[frame["prior_n"].notna() | frame["prior_value"].notna()]
    return told.assign(
        year=told["year"] - 1,
        n=told["prior_n"],
        count=pd.NA,
        value=told["prior_value"],
        missing=np.where(told["prior_value"].isna(), SUPPRESSED, ""),
    )


def _hidden(rows, least, levels):
    """Which rows have to be hidden, and which of them for another's sake (two masks)."""
    names = dict.fromkeys(rows["group"])
    own = [name for name in names if rows.loc[rows["group"] == name, "group_id"].isna().all()]
    code_of = {name: OWN + place for place, name in enumerate(own)}
    listed = rows.dropna(subset="group_id")
    code_of |= dict(zip(listed["group"], listed["group_id"].astype(int), strict=True))
    as_rows = _as_rows(rows, code_of)
    sums = [GroupSum(ALL_STUDENTS, (code_of[name],)) for name in own]
    for total, parts in _MADE_OF.items():
        if total in code_of and set(parts) <= set(code_of):
            sums.append(GroupSum(code_of[total], tuple(map(code_of.get, parts)), whole=True))
    view = attackers_view(as_rows, least, more_sums=tuple(sums), levels=levels)
    companions.hide_until_safe(view, least)
    hidden = view.hidden[: len(rows)].copy()
    companion = view.low[: len(rows)] >= least
    # Nobody is counted: that is no result of anybody.
    hidden &= ~(as_rows["tested"] == 0).fillna(False).to_numpy(bool)
    for name, others in _TOGETHER.items():
        first = rows[hidden & (rows["indicator"] == name)]
        gone = pd.MultiIndex.from_frame(first[_ROW])
        also = rows["indicator"].isin(others) & pd.MultiIndex.from_frame(rows[_ROW]).isin(gone)
        companion |= also.to_numpy() & ~hidden
        hidden |= also.to_numpy()
    return hidden, companion


def _as_rows(rows, code_of):
    """Indicators as rows of the state's tests: an indicator as a test, who is counted as "met"."""
    percents = rows["indicator"].map(lambda name: INDICATORS[name].unit == PERCENT)
    n = rows["n"].astype("Float64").where(rows["missing"] != SUPPRESSED)
    counted = rows["count"].astype("Float64").fillna((rows["value"] * n / 100).round())
    # A mean is of so many students, and of how many more nobody is told.
    counted = counted.where(percents, 0).where(n.notna())
    # Where there are students and no rate, nothing but their number is shown.
    n = n.where(counted.notna() | (n == 0))
    order = {name: place for place, name in enumerate(INDICATORS)}
    school = np.where(rows["charter"], DIRECT_CHARTER, SCHOOL)
    return pd.DataFrame(
        {
            "year": rows["year"].astype("int64"),
            "test_id": rows["indicator"].map(order).astype("int64"),
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


def smallest_shown(frame):
    """The fewest students of whom anything is shown (int), None where nothing is."""
    shown = relations.numbers(frame.loc[frame["value"].notna(), "n"])
    return int(shown.min()) if len(shown) else None

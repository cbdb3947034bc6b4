"""What may be shown of groups of students over time: no group that is too small, nor one that could
be worked out from the others.
"""

import numpy as np
import pandas as pd

from see_the_system.data.codes import ALL_STUDENTS, DISTRICT, GROUPS
from see_the_system.messages import Refusal
from see_the_system.privacy import disclosure, relations
from see_the_system.privacy.protect import COMPANION, MIN_N, SUPPRESSED

WHOLE = GROUPS[ALL_STUDENTS]
NUMBERS = ["count", "n"]
_OWN = 1_000  # the codes of groups that are not on the state's list start here


def hide_small(points, *, whole=WHOLE, min_students=MIN_N):
    """``points`` in order of time, with the percent, without what may not be shown (DataFrame: at,
    group, count, n, percent, hidden).

    points: a row a period and group, with ``at`` (date), ``group`` (name or code of the state's
    list, or a name of your own), ``count`` and ``n`` (so many of so many students; missing where
    they are hidden already); the whole is the group named ``whole``. Give all groups of which
    anything is shown anywhere: what may be shown of one depends on the others. ``hidden`` is "",
    "suppressed" (fewer than ``min_students``: the state hides 10 or fewer) or "suppressed to
    protect another".

    In each period the next smallest group (over all periods, so that it is mostly the same one) is
    hidden too, until no small group, listed or left over, follows from the shown ones by adding and
    subtracting, and until those hidden beside a shown total are together ``min_students`` or more,
    are not all as few or as many as they can be, and neither all nor none of them are counted.
    Groups of the state's list add up as ``see_the_system.privacy.relations`` says; names of your own add up
    to the whole where their numbers do. A shown whole still says what it says of its parts by
    itself: where all or none of its students are counted, that holds for each group.
    """
    frame = _read(points, whole, min_students)
    cells = relations.cells_of(_as_rows(frame), min_students)
    small = ~cells.empty & cells.known & (cells.scores < min_students)
    listed = np.arange(len(small)) < cells.rows
    small[: cells.rows] |= ~cells.known[: cells.rows]
    hidden = small | (~listed & ~cells.empty)
    dear = np.append(
        frame.groupby("code")["n"].transform("sum").to_numpy(dtype=float, na_value=0),
        np.full((~listed).sum(), np.inf),
    )
    sums = disclosure.incidence(cells).toarray()
    for block in np.unique(cells.block):
        of = np.flatnonzero(cells.block == block)
        inside = sums[:, of]
        inside = _with_nested(np.vstack([inside[inside.any(axis=1)], *_own_sum(cells, of)]))
        hidden[of] = _enough(inside, hidden[of], small[of], dear[of], cells, of, min_students)
    hidden = hidden[: cells.rows]
    frame["hidden"] = np.where(small[: cells.rows], SUPPRESSED, np.where(hidden, COMPANION, ""))
    frame.loc[hidden, NUMBERS] = pd.NA
    frame["percent"] = (
        (100 * frame["count"] / frame["n"].where(frame["n"] > 0))
        .astype("Float64")
        .to_numpy(dtype=float, na_value=np.nan)
    )
    return frame[["at", "group", *NUMBERS, "percent", "hidden"]]


def _enough(sums, hidden, small, dear, cells, of, least):
    """The mask of hidden cells of one period, widened by companions until nothing small follows
    from the rest.
    """
    n, counted, hidden = (
        np.maximum(cells.scores[of], 0),
        np.maximum(cells.counts[of, 2], 0),
        hidden.copy(),
    )
    while True:
        may = _given_away(sums, hidden, small)
        may = (
            may
            if may.any()
            else (sums[_thin(sums, hidden, small, n, counted, cells.group[of] < 0, least)] > 0).any(
                axis=0
            )
        )
        may &= ~hidden & (n > 0)
        if not may.any():
            return hidden
        hidden[np.flatnonzero(may)[np.argmin(dear[may])]] = True


def _given_away(sums, hidden, small):
    """The cells by adding and subtracting which a small one can be worked out (mask; none where
    none can).
    """
    unknown = np.flatnonzero(hidden)
    solved = np.linalg.pinv(
        sums[:, unknown]
    )  # a hidden cell follows from the shown ones where its row solves for it alone
    found = small[unknown] & (np.abs((solved @ sums[:, unknown]).diagonal() - 1) < 1e-9)
    return np.abs(solved[found.argmax()] @ sums) > 1e-9 if found.any() else np.zeros_like(hidden)


def _thin(sums, hidden, small, n, counted, rest, least):
    """The sums whose hidden parts are too few, or all or none of them counted, or all as few or as
    many as they can be (mask).
    """
    parts = (sums > 0) & hidden
    fewest, most = (
        np.where(rest, 0, np.where(small, 1, least)),
        np.where(small & ~rest, least - 1, 1e9),
    )
    held, some = parts @ n, parts @ counted
    too_plain = (
        (held < least)
        | (some == 0)
        | (some == held)
        | (held <= parts @ fewest)
        | (held >= parts @ most)
    )
    return ((sums < 0) & ~hidden).any(axis=1) & (parts & small).any(axis=1) & too_plain


def _with_nested(sums):
    """The sums, and those in which a part that is a sum itself gives way to its own parts."""
    return np.vstack(
        [
            sums,
            *(
                outer + inner
                for outer in sums
                for inner in sums
                if ((outer > 0) & (inner < 0)).any()
            ),
        ]
    )


def _own_sum(cells, of):
    """The equation that groups of one's own add up to the whole, where they do (list of no or one
    row).
    """
    own, total = cells.group[of] >= _OWN, cells.group[of] == ALL_STUDENTS
    exact = (
        own.sum() > 1
        and total.any()
        and cells.known[of][own | total].all()
        and cells.scores[of][own].sum() == cells.scores[of][total].sum()
    )
    return [own.astype(float) - total] if exact else []


def _as_rows(frame):
    """The points as rows of the state's layout, in which a period is a year: those who are counted
    "met", the others did not.
    """
    rows = pd.DataFrame(
        {"year": frame["at"].rank(method="dense").astype("int64"), "group_id": frame["code"]}
    )
    rows = rows.assign(
        test_id=2,
        county_code="99",
        district_code="",
        school_code="",
        grade=8,
        level="district",
        type_id=DISTRICT,
    )
    rows = rows.assign(
        tested=frame["n"],
        with_scores=frame["n"],
        n_not_met=frame["n"] - frame["count"],
        n_nearly_met=0,
        n_met=frame["count"],
    )
    return rows.assign(n_exceeded=0, missing_scores="")


def _read(points, whole, min_students):
    if (
        isinstance(min_students, bool)
        or not isinstance(min_students, (int, np.integer))
        or min_students < MIN_N
    ):
        raise Refusal(
            f"The fewest students shown cannot be {min_students!r}: the state's rule is "
            f"{MIN_N}; give {MIN_N} or a larger whole number."
        )
    absent = [name for name in ("at", "group", *NUMBERS) if name not in points]
    if absent:
        raise Refusal(
            f'The points have no column "{absent[0]}"; they need at, group, count and n, a '
            "row for each period and group."
        )
    if not len(points):
        raise Refusal(
            "There are no points; give a row for each period and group, with at, group, "
            "count and n."
        )
    frame = pd.DataFrame(
        {"at": _days(points["at"]), "group": [group_name(name, whole) for name in points["group"]]}
    )
    for name in NUMBERS:
        frame[name] = [
            _whole_number(value, name, row) for row, value in enumerate(points[name].tolist(), 1)
        ]
        frame[name] = frame[name].astype("Int64")
    if (bad := (frame["count"] > frame["n"]).fillna(False)).any():
        row = frame[bad].iloc[0]
        raise Refusal(
            f"Row {bad.idxmax() + 1} ({row['group']}, {row['at']:%Y-%m-%d}) counts "
            f"{row['count']} of {row['n']} students; "
            "correct one of the two."
        )
    if (twice := frame.duplicated(["at", "group"])).any():
        row = frame[twice].iloc[0]
        raise Refusal(
            f"Row {twice.idxmax() + 1} gives {row['group']} on {row['at']:%Y-%m-%d} a second "
            "time; keep one row for each period and group."
        )
    known = {name: code for code, name in GROUPS.items()}
    own = {
        name: _OWN + place
        for place, name in enumerate(
            dict.fromkeys(name for name in frame["group"] if name not in known)
        )
    }
    frame["code"] = frame["group"].map(known | own).astype("int64")
    return frame.sort_values("at", kind="stable", ignore_index=True)


def group_name(name, whole=WHOLE):
    """The name of a group given by name or by the state's code (text); ``whole`` is the name that
    the points give to all students.
    """
    text = " ".join(str(name).split())
    if text == str(whole):
        return WHOLE
    if text.isdigit() and int(text) in GROUPS:
        return GROUPS[int(text)]
    return next((known for known in GROUPS.values() if known.casefold() == text.casefold()), text)


def _days(column):
    days = pd.to_datetime(column, errors="coerce").reset_index(drop=True)
    if days.isna().any():
        row = days.isna().idxmax()
        raise Refusal(
            f"Row {row + 1} has {str(column.iloc[row])[:40]!r} where its date should be; "
            "write it as 2025-09-08."
        )
    return days


def _whole_number(value, name, row):
    if pd.isna(value):
        return pd.NA
    if isinstance(value, (bool, str)) or value < 0 or value != round(value):
        raise Refusal(
            f'Row {row} has "{str(value)[:40]}" in the column "{name}"; give a whole number '
            "of students from 0."
        )
    return int(value)

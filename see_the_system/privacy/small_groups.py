"""What may be shown of groups of students over time.

No group that is too small, nor one that could be worked out from the others.
"""

import numpy as np
import pandas as pd

from see_the_system.data.codes import ALL_STUDENTS, DISTRICT, GROUPS, known_code
from see_the_system.messages import Refusal
from see_the_system.privacy import disclosure, relations
from see_the_system.privacy.protect import COMPANION, MIN_N, SUPPRESSED, checked_minimum

WHOLE = GROUPS[ALL_STUDENTS]
NUMBERS = ["count", "n"]
_OWN = 1_000  # the codes of groups that are not on the state's list start here
_NEARLY = 1e-9  # sums of a few ones and minus ones, solved in floats
_NO_LIMIT = 1e9


def hide_small(points, *, whole=WHOLE, min_students=MIN_N):
    """``points`` in order of time, with the percent, without what may not be shown.

    A DataFrame: at, group, count, n, percent, hidden. points: a row a period and group, with ``at``
    (date), ``group`` (name or code of the state's list, or a name of your own), ``count`` and ``n``
    (so many of so many students; missing where they are hidden already); the whole is the group
    named ``whole``. Give all groups of which anything is shown anywhere: what may be shown of one
    depends on the others. ``hidden`` is "", "suppressed" (fewer than ``min_students``: the state
    hides 10 or fewer) or "suppressed to protect another".

    In each period the next smallest group (over all periods, so that it is mostly the same one) is
    hidden too, until no small group, listed or left over, follows from the shown ones by adding and
    subtracting, and until those hidden beside a shown total are together ``min_students`` or more,
    are not all as few or as many as they can be, and neither all nor none of them are counted.
    Groups of the state's list add up as ``see_the_system.privacy.group_sums`` says; names of your
    own add up to the whole where their numbers do. A shown whole still says what it says of its
    parts by itself: where all or none of its students are counted, that holds for each group.
    """
    least = checked_minimum(min_students, "students")
    frame = _read(points, whole)
    cells = relations.cells_of(_as_rows(frame), least)
    listed = np.arange(len(cells.group)) < cells.rows
    small = (listed & ~cells.known) | (~cells.empty & cells.known & (cells.scores < least))
    hidden = small | (~listed & ~cells.empty)
    # A rest that nobody lists cannot be hidden any further.
    dear = np.full(len(listed), np.inf)
    dear[listed] = relations.numbers(frame.groupby("code")["n"].transform("sum"))
    sums = disclosure.incidence(cells).toarray()
    for block in np.unique(cells.block):
        members = np.flatnonzero(cells.block == block)
        period = _Period(cells, members, sums[:, members], small[members], least)
        hidden[members] = period.widened(hidden[members], dear[members])
    hidden = hidden[listed]
    frame["hidden"] = np.where(small[listed], SUPPRESSED, np.where(hidden, COMPANION, ""))
    frame.loc[hidden, NUMBERS] = pd.NA
    frame["percent"] = relations.numbers(100 * frame["count"] / frame["n"].where(frame["n"] > 0))
    return frame[["at", "group", *NUMBERS, "percent", "hidden"]]


class _Period:
    """The groups of one period: their sums (one row a sum), their numbers, which are small."""

    def __init__(self, cells, members, sums, small, least):
        sums = [*sums[sums.any(axis=1)], *_own_sum(cells, members)]
        self.sums = _with_nested(sums, len(members))
        self.n = np.maximum(cells.scores[members], 0)
        self.counted = np.maximum(cells.counts[members, 2], 0)
        self.small = small
        self.least = least
        rest = cells.group[members] < 0
        self.fewest = np.where(rest, 0, np.where(small, 1, least))
        self.most = np.where(small & ~rest, least - 1, _NO_LIMIT)

    def widened(self, hidden, dear):
        """The mask of hidden groups with companions, until nothing small follows from the rest."""
        hidden = hidden.copy()
        while True:
            candidates = self._giving_away(hidden)
            if not candidates.any():
                candidates = (self.sums[self._thin(hidden)] > 0).any(axis=0)
            candidates &= ~hidden & (self.n > 0)
            if not candidates.any():
                return hidden
            choice = np.flatnonzero(candidates)
            hidden[choice[np.argmin(dear[choice])]] = True

    def _giving_away(self, hidden):
        """The groups by adding and subtracting which a small one is worked out (mask; may be none).

        A hidden group follows from the shown ones where its row solves for it alone.
        """
        unknown = np.flatnonzero(hidden)
        solved = np.linalg.pinv(self.sums[:, unknown])
        alone = np.abs((solved @ self.sums[:, unknown]).diagonal() - 1) < _NEARLY
        found = self.small[unknown] & alone
        if not found.any():
            return np.zeros_like(hidden)
        return np.abs(solved[found.argmax()] @ self.sums) > _NEARLY

    def _thin(self, hidden):
        """The sums whose hidden parts are too few or too plain to hide a small group (mask).

        Too plain: all or none of them counted, or all as few or as many as they can be.
        """
        parts = (self.sums > 0) & hidden
        held = parts @ self.n
        counted = parts @ self.counted
        few = held < self.least
        all_or_none = (counted == 0) | (counted == held)
        at_a_bound = (held <= parts @ self.fewest) | (held >= parts @ self.most)
        total_shown = ((self.sums < 0) & ~hidden).any(axis=1)
        with_small = (parts & self.small).any(axis=1)
        return total_shown & with_small & (few | all_or_none | at_a_bound)


def _with_nested(sums, width):
    """The sums, and those in which a part that is a sum itself gives way to its own parts."""
    nested = [
        outer + inner for outer in sums for inner in sums if ((outer > 0) & (inner < 0)).any()
    ]
    return np.array([*sums, *nested]).reshape(-1, width)


def _own_sum(cells, members):
    """The equation that groups of one's own add up to the whole, where they do (list, 0 or 1)."""
    own = cells.group[members] >= _OWN
    total = cells.group[members] == ALL_STUDENTS
    scores = cells.scores[members]
    if own.sum() < 2 or not total.any() or not cells.known[members][own | total].all():
        return []
    if scores[own].sum() != scores[total].sum():
        return []
    return [own.astype(float) - total]


def _as_rows(frame):
    """The points as rows of the state's layout, a period as a year.

    Those who are counted "met", the others did not.
    """
    rows = pd.DataFrame({"year": frame["at"].rank(method="dense").astype("int64")})
    return rows.assign(
        group_id=frame["code"],
        test_id=2,
        county_code="99",
        district_code="",
        school_code="",
        grade=8,
        level="district",
        type_id=DISTRICT,
        tested=frame["n"],
        with_scores=frame["n"],
        n_not_met=frame["n"] - frame["count"],
        n_nearly_met=0,
        n_met=frame["count"],
        n_exceeded=0,
        missing_scores="",
    )


def _read(points, whole):
    """The points with days, names and whole numbers, and the code of each group, by time."""
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
    groups = [group_name(name, whole) for name in points["group"]]
    frame = pd.DataFrame({"at": _days(points["at"]), "group": groups})
    for name in NUMBERS:
        values = enumerate(points[name].tolist(), 1)
        numbers = [_whole_number(value, name, row) for row, value in values]
        frame[name] = pd.array(numbers, dtype="Int64")
    _refuse_wrong_rows(frame)
    code = {name: code for code, name in GROUPS.items()}
    own = [name for name in frame["group"].unique() if name not in code]
    code |= {name: _OWN + place for place, name in enumerate(own)}
    frame["code"] = frame["group"].map(code).astype("int64")
    return frame.sort_values("at", kind="stable", ignore_index=True)


def _refuse_wrong_rows(frame):
    more = (frame["count"] > frame["n"]).fillna(False)
    if more.any():
        row = frame[more].iloc[0]
        number = more.idxmax() + 1
        raise Refusal(
            f"Row {number} ({row['group']}, {row['at']:%Y-%m-%d}) counts "
            f"{row['count']} of {row['n']} students; correct one of the two."
        )
    again = frame.duplicated(["at", "group"])
    if again.any():
        row = frame[again].iloc[0]
        number = again.idxmax() + 1
        raise Refusal(
            f"Row {number} gives {row['group']} on {row['at']:%Y-%m-%d} a second "
            "time; keep one row for each period and group."
        )


def group_name(name, whole=WHOLE):
    """The name of a group given by name or by the state's code (text).

    ``whole`` is the name that the points give to all students.
    """
    text = " ".join(str(name).split())
    if text == str(whole):
        return WHOLE
    return GROUPS.get(known_code(text, GROUPS), text)


def _days(column):
    days = pd.to_datetime(column, errors="coerce").reset_index(drop=True)
    if days.isna().any():
        place = days.isna().idxmax()
        cell = str(column.iloc[place])[:40]
        row = place + 1
        raise Refusal(f"Row {row} has {cell!r} where its date should be; write it as 2025-09-08.")
    return days


def _whole_number(value, name, row):
    if pd.isna(value):
        return pd.NA
    if isinstance(value, (bool, str)) or value < 0 or value != round(value):
        cell = str(value)[:40]
        raise Refusal(
            f'Row {row} has "{cell}" in the column "{name}"; give a whole number '
            "of students from 0."
        )
    return int(value)

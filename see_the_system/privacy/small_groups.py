"""What may be shown of groups of students over time: local data, through the gate of ``protect``.

Groups of the state's list add up as ``student_groups`` says. Of groups of one's own the caller says
what makes up what, or it is guessed from the numbers.
"""

import numpy as np
import pandas as pd

from see_the_system.data.codes import ALL_STUDENTS, DISTRICT, GROUPS, known_code
from see_the_system.messages import Refusal, nearest
from see_the_system.privacy import companions, relations
from see_the_system.privacy.protect import (
    COMPANION,
    MIN_N,
    SUPPRESSED,
    attackers_view,
    checked_minimum,
)
from see_the_system.privacy.student_groups import OWN, GroupSum, could_lie_in, sets_apart

WHOLE = GROUPS[ALL_STUDENTS]
NUMBERS = ["count", "n"]


def hide_small(points, *, whole=WHOLE, min_students=MIN_N, sums=None):
    """``points`` in order of time, with the percent, without what may not be shown.

    A DataFrame: at, group, count, n, percent, hidden. points: a row a period and group, with ``at``
    (date), ``group`` (name or code of the state's list, or a name of your own), ``count`` and ``n``
    (so many of so many students; missing where they are hidden already: 1 to 10 students); the
    whole is the group named ``whole``. Give all groups of which anything is shown anywhere: what
    may be shown of one depends on the others. ``hidden`` is "", "suppressed" (fewer than
    ``min_students``: the state hides 10 or fewer) or "suppressed to protect another".

    In each period further groups are hidden, a small one rather than a large one (over all periods,
    so that it is mostly the same), as in ``protect``: until no hidden number, nor that of the few
    left over beside shown groups, has one possible value only, and nobody can tell that none or
    all of a hidden group are counted. The whole itself may have to go.

    sums: which groups of your own make up what, each as (total, [its parts]), also where a few are
    left over; ``()`` where none do. Without it that is guessed, which can hide more and misses
    some: every largest set of groups whose numbers could make up a group in every period, but for
    fewer than ``min_students``, is held to do so, unless the groups of your own in it make up
    another to the student; a single group, where it is the other to the student. A group of your
    own always lies in the whole. ``Refusal`` for what cannot be read.
    """
    least = checked_minimum(min_students, "students")
    frame = _read(points, whole)
    sums = _assumed(frame, least) if sums is None else _declared(frame, sums, whole)
    view = attackers_view(_as_rows(frame), least, more_sums=sums, levels=("n_not_met", "n_met"))
    everywhere = relations.numbers(frame.groupby("code")["n"].transform("sum"))
    companions.hide_until_safe(view, least, size=everywhere)
    hidden = view.hidden[: len(frame)]
    companion = view.low[: len(frame)] >= least
    frame["hidden"] = np.where(hidden, np.where(companion, COMPANION, SUPPRESSED), "")
    frame.loc[hidden, NUMBERS] = pd.NA
    frame["percent"] = relations.numbers(100 * frame["count"] / frame["n"].where(frame["n"] > 0))
    return frame[["at", "group", *NUMBERS, "percent", "hidden"]]


def _in_the_whole(codes):
    """That every group of one's own is a part of the whole (list of ``GroupSum``)."""
    return [GroupSum(ALL_STUDENTS, (code,)) for code in codes if code >= OWN]


def _declared(frame, sums, whole):
    """The sums that the caller names (tuple of ``GroupSum``)."""
    code_of = dict(zip(frame["group"], frame["code"].tolist(), strict=True))
    found = _in_the_whole(code_of.values())
    for total, parts in sums:
        codes = []
        for name in (total, *parts):
            known = group_name(name, whole)
            if known not in code_of:
                close = ", ".join((nearest(known, code_of) or list(code_of))[:6])
                raise Refusal(
                    f'The sum of "{total}" names "{name}", and no point has that group; the points '
                    f"have {close}. Give the names as they are in the points."
                )
            codes.append(code_of[known])
        found.append(GroupSum(codes[0], tuple(codes[1:]), whole=True))
    return tuple(found)


def _assumed(frame, least):
    """The sums that could hold with a group of one's own in them (tuple of ``GroupSum``)."""
    codes = frame["code"].drop_duplicates().tolist()
    if max(codes) < OWN:
        return ()
    period = frame["at"].rank(method="dense").astype(int).to_numpy() - 1
    place = frame["code"].map({code: i for i, code in enumerate(codes)}).to_numpy()
    # Counted, not counted, and whether the numbers are hidden: groups x periods.
    numbers = np.zeros((2, len(codes), period.max() + 1))
    blank = np.zeros(numbers.shape[1:], dtype=bool)
    counted, n = (relations.numbers(frame[name]) for name in NUMBERS)
    unknown = np.isnan(counted) | np.isnan(n)
    numbers[:, place, period] = np.where(unknown, 0, [counted, n - counted])
    blank[place, period] = unknown
    there = blank | (numbers.sum(axis=0) > 0)
    found, exact = [], []
    for total, code in enumerate(codes):
        parts = [part for part, other in enumerate(codes) if could_lie_in(other, code)]
        sets = sets_apart([codes[part] for part in parts], with_own=code < OWN)
        believed, left = _adding_up(numbers, blank, there, total, parts, sets, least)
        # A group is taken to be another one where their numbers are the same and not hidden.
        unknown = blank[total].any() | (sets.astype(int) @ blank[parts].any(axis=1) > 0)
        alone = (sets.sum(axis=1) == 1) & (left | unknown)
        likely = np.flatnonzero(believed.any(axis=1) & ~alone)
        sets = sets[likely]
        # With one part more that fits too, fewer are left over; not where its number is unknown.
        unseen = sets.astype(int) @ blank[parts].any(axis=1)
        wider = sets.astype(int) @ sets.T == sets.sum(axis=1)[:, None]
        wider = (wider & (unseen == unseen[:, None])).sum(axis=1) > 1
        largest = likely[~wider]
        for chosen, blocks, few in zip(sets[~wider], believed[largest], left[largest], strict=True):
            some = tuple(codes[parts[place]] for place in np.flatnonzero(chosen))
            blocks = frozenset(np.flatnonzero(blocks).tolist())
            found.append(GroupSum(code, some, whole=True, blocks=blocks))
            if not few:
                exact.append(found[-1])
    placed = _placed(frame, exact)
    likely = [one for one in found if one in exact or not _spoken_against(one, exact, placed)]
    return (*_in_the_whole(codes), *likely)


def _placed(frame, exact):
    """The groups of one's own that are parts of an exact sum of such groups, no blank in it (set).

    Classes that make up the whole to the student, say: they stand in that sum, and not with an
    ethnicity in another that leaves some over.
    """
    blank = set(frame.loc[frame["count"].isna() | frame["n"].isna(), "code"])
    sums = [one.parts for one in exact if min(one.parts) >= OWN]
    return {part for parts in sums if not blank & set(parts) for part in parts}


def _spoken_against(one, exact, placed):
    """Whether a sum with some left over is spoken against by exact ones (bool).

    Its groups of one's own are all placed by others, or its total stands beside its part in one:
    the two share nobody then.
    """
    if {code for code in (one.total, *one.parts) if code >= OWN} <= placed:
        return True
    return any(one.total in other.parts and set(one.parts) & set(other.parts) for other in exact)


def _adding_up(numbers, blank, there, total, parts, sets, least):
    """In which periods each set could be all of the total but for a few (mask, sets x periods).

    In none where the numbers of any period speak against it. And whether any are left (mask).
    """
    left = numbers[:, [total]] - sets @ numbers[:, parts]
    few = left.sum(axis=0)
    blanks = sets.astype(int) @ blank[parts]
    # A hidden part has 1 to 10 students; a hidden total has as many as its parts can have.
    close = (left >= 0).all(axis=0) & (few >= blanks) & (few < least + blanks * (least - 1))
    close = np.where(blank[total], -few < least, close)
    here = there[total] & (sets.astype(int) @ there[parts] == sets.sum(axis=1)[:, None])
    believed = here & close & (close | ~here).all(axis=1)[:, None]
    return believed, (here & (few != 0) & (blanks == 0) & ~blank[total]).any(axis=1)


def _as_rows(frame):
    """The points as rows of the state's layout, a period as a year.

    Those who are counted "met", the others did not.
    """
    rows = pd.DataFrame({"year": frame["at"].rank(method="dense").astype("int64")})
    students = frame["n"].where(frame["count"].notna())
    return rows.assign(
        group_id=frame["code"],
        test_id=2,
        county_code="99",
        district_code="",
        school_code="",
        grade=8,
        level="district",
        type_id=DISTRICT,
        tested=students,
        with_scores=students,
        n_not_met=students - frame["count"],
        n_nearly_met=0,
        n_met=frame["count"].where(students.notna()),
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
    code |= {name: OWN + place for place, name in enumerate(own)}
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

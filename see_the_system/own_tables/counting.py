"""Counts students in a team's own table, of whom, by which groups and over which time.

Nothing of it leaves without the gate: every number of students goes through ``hide_small``.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from see_the_system.gaps.chance import wilson
from see_the_system.messages import Refusal, listed
from see_the_system.own_tables.counts_as_given import points_as_given
from see_the_system.own_tables.groups_and_times import (
    at_the_gate,
    differ_at_the_last,
    is_of_rows,
    labels,
    order_of,
    stands_in_usual_month,
    tell,
    times,
    times_of,
)
from see_the_system.own_tables.outcomes import is_counted
from see_the_system.privacy.protect import MIN_N
from see_the_system.privacy.small_groups import WHOLE, hide_small

_MOST_POINTS = 1_500  # times by groups that pass the gate in some seconds
_TOGETHER = {
    "any": ("max", "are further rows of the same students, who count if it is so in any of them"),
    "all": ("min", "are further rows of the same students, who count if it is so in all of them"),
}


@dataclass(frozen=True)
class Counts:
    """What was counted, with all that may not be shown hidden.

    table, a row a time and group: at, label, is_whole, count, n, percent, low, high (0-100,
    Wilson's 95 %), hidden ("" or why). says: what was counted; whole: of whom, in words. periods:
    how each time is called (dict of Timestamp to text), empty where there is one only. told: what
    was left out, a sentence each.
    """

    table: pd.DataFrame = field(repr=False)
    says: str
    whole: str
    by: str
    periods: dict
    told: tuple
    min_students: int

    def latest(self):
        """The rows of the last time (DataFrame)."""
        return self.table[self.table["at"] == self.table["at"].max()]


def count(
    columns,
    outcome,
    *,
    cut=np.nan,
    by="",
    only=("", ""),
    over="",
    add_up="assumed",
    spring=None,
    min_students=MIN_N,
):
    """How many students it is so of, all together and by group (``Counts``).

    cut: the least number that counts. by: the column of groups, "" for none. only: a column and the
    value that all have who are counted. over: one of ``times``, "" for the last one. add_up: one of
    ``counts_as_given.ADD_UP``, of a table that is counted already. spring: the year in which the
    school year ends, where the table does not say. ``Refusal`` where nothing is left to count, for
    a missing cut, and for groups or rows of which nobody can tell how they belong together.
    """
    named = {column.name: column for column in columns}
    if outcome.needs_cut and not np.isfinite(cut):
        raise Refusal(
            f"From which number on does {outcome.says} count? {outcome.span} Write the number that "
            "your team has agreed on under At least."
        )
    for name in outcome.of:
        if named[name].role == "percent" and named[name].ways:
            raise Refusal(
                f"{name} has no number above 1, so that 0.45 may be 45 percent or less than one. "
                f"Say under {name} which it is."
            )
    # Who is counted in one row is counted in the next one's time again.
    last = next(iter(times(columns)), "") if is_counted(columns) else ""
    at, periods = times_of(columns, over or last, spring)
    if is_counted(columns):
        points, told, sums = points_as_given(named, outcome, by, only, at, add_up)
        by_last = False
    else:
        points, told, sums, by_last = _points_of_students(named, outcome, cut, by, only, at)
    if over in named and stands_in_usual_month(columns, named[over]):
        told.append("Times of the school year stand in the month that is usual for each.")
    if len(points) > _MOST_POINTS:
        raise Refusal(
            f"{points['at'].nunique()} times of {points['group'].nunique()} groups are more than "
            "can be looked at together. Choose longer times, such as each month, or fewer groups."
        )
    shown = hide_small(points[["at", "group", "count", "n"]], min_students=min_students, sums=sums)
    names = points.drop_duplicates("group").set_index("group")[["label", "is_whole", "shown"]]
    table = shown.join(names, on="group")
    table = table[table["shown"].astype(bool)].drop(columns=["group", "shown"])
    table = table.reset_index(drop=True)
    known = table["percent"].notna().to_numpy()
    ends = np.full((2, len(table)), np.nan)
    counts, n = (table[name].astype("float64").to_numpy() for name in ("count", "n"))
    ends[:, known] = wilson(counts[known], n[known])
    table["low"], table["high"] = 100 * ends
    there = set(table["at"])
    return Counts(
        table=table,
        says=outcome.words(cut),
        whole=_whole(only, by_last),
        by=by,
        periods={day: name for day, name in sorted(periods.items()) if day in there},
        told=tuple(told),
        min_students=min_students,
    )


def _whole(only, by_last):
    """Of whom it is, in words (text)."""
    column, value = only
    whole = "students"
    if column:
        whole += f" with {value}" if value.startswith(column) else f" with {column}: {value}"
    return f"{whole} by their last result" if by_last else whole


def _points_of_students(named, outcome, cut, by, only, at):
    """Counts of rows of students (DataFrame), what was left out, and which groups add up.

    And whether the last of several results of a student counts (bool).
    """
    frame = pd.DataFrame({"hit": outcome.find(cut), "at": at})
    for name, values in outcome.days.items():
        frame[name] = values
    for name, column in (("by", by), ("only", only[0])):
        frame[name] = labels(named[column]) if column else ""
    told = []
    blank = frame["hit"].isna()
    undated = frame["at"].isna() & ~blank
    tell(told, blank.sum(), "are not counted: they are empty in what is counted")
    tell(told, undated.sum(), "are not counted: they have no time")
    frame = frame[~blank & ~undated]
    column, value = named.get(only[0]), only[1]
    if column and value not in set(frame["only"]):
        raise Refusal(f'No row is left with "{value}" in {column.name}. Choose another.')
    of = ""
    if column and is_of_rows(list(named.values()), column):
        # What a row is of, such as a subject, chooses rows; students have several of it.
        frame, column, of = frame[frame["only"] == value], None, "All of these"
    frame, by_last = _one_row_a_student(frame, named, outcome, told)
    if frame.empty:
        raise Refusal(
            f"No row is left in which something is known of {listed(outcome.of)}. Look at what was "
            "understood, and choose what a column is."
        )
    groups, sums = _groups(frame, named.get(by), column, value)
    times_there = frame["at"].unique()
    points = []
    for (label, is_whole, is_shown, name), rows in groups:
        found = rows.groupby("at")["hit"].agg(["sum", "size"]).reindex(times_there, fill_value=0)
        found = found.rename(columns={"sum": "count", "size": "n"}).rename_axis("at").reset_index()
        told_of = {"group": name, "label": of if of and is_whole else label}
        points.append(found.assign(**told_of, is_whole=is_whole, shown=is_shown))
    return pd.concat(points, ignore_index=True), told, sums, by_last


def _one_row_a_student(frame, named, outcome, told):
    """The rows with each student once in each time (DataFrame): several as the outcome says.

    And whether the last of several results of a student counts (bool).
    """
    student = [column for column in named.values() if column.role == "student"]
    if not student:
        told.append(
            "No column tells students apart: each row is taken for one student. If a student has "
            "several rows, do not put this on a cause."
        )
        return frame.assign(hit=frame["hit"].astype(bool)), False
    frame = frame.assign(student=student[0].values.reindex(frame.index))
    unnamed = frame["student"].isna()
    tell(told, unnamed.sum(), "are not counted: they name no student")
    frame = frame[~unnamed].assign(hit=frame.loc[~unnamed, "hit"].astype(bool))
    again = frame.duplicated(["student", "at"])
    if not again.any():
        return frame, False
    order = order_of(named)
    if order is not None:
        frame = frame.iloc[order.reindex(frame.index).argsort(kind="stable")]
    keys = ["student", "at"]
    if outcome.days:
        days = frame.groupby(keys)[list(outcome.days)].transform("sum")
        frame = frame.assign(hit=outcome.decide(days).astype(bool))
        tell(told, again.sum(), "are further rows of the same students, whose days are added up")
    elif outcome.several in _TOGETHER:
        how, words = _TOGETHER[outcome.several]
        frame = frame.assign(hit=frame.groupby(keys)["hit"].transform(how).astype(bool))
        tell(told, again.sum(), words)
    elif order is None or differ_at_the_last(frame, order, keys):
        raise Refusal(
            f"Some students stand in several rows with {listed(outcome.of)}, and no date tells "
            "which is the last. Choose the rows that are meant under Of which students."
        )
    else:
        tell(told, again.sum(), "are not counted: the same student has one of a later time")
    by_last = outcome.several == "last" and not outcome.days
    return frame[~frame.duplicated(keys, keep="last")], by_last


def _groups(frame, by, column, value):
    """The rows of every group that has to pass the gate together, and what makes up what.

    Each with its label, whether it is all who are meant, whether it is shown, and its name at the
    gate. Where only some students are counted, all others and their groups pass with them: a group
    that is small there must not follow from what is shown of all.
    """
    everyone = [((WHOLE, not column, not column, WHOLE), frame)]
    sums = []
    if by:
        by_rows = list(frame.groupby("by"))
        for name, rows in by_rows:
            everyone.append(((name, False, not column, at_the_gate(by, name)), rows))
        sums.append((WHOLE, [at_the_gate(by, name) for name, _ in by_rows]))
    if not column:
        return everyone, sums
    of = list(frame.groupby("only"))
    sums.append((WHOLE, [at_the_gate(column, name) for name, _ in of]))
    for name, rows in of:
        part = at_the_gate(column, name)
        everyone.append((("All of these", True, name == value, part), rows))
        inside = list(rows.groupby("by")) if by else []
        cells = [f"{part}, {at_the_gate(by, group)}" for group, _ in inside]
        for (group, cell), own in zip(inside, cells, strict=True):
            everyone.append(((group, False, name == value, own), cell))
        sums += [(part, cells)] if by else []
    for group, rows in frame.groupby("by") if by else ():
        there = sorted(rows["only"].unique())
        cells = [f"{at_the_gate(column, name)}, {at_the_gate(by, group)}" for name in there]
        sums.append((at_the_gate(by, group), cells))
    return everyone, sums

"""Counts that someone has made: groups with how many students each, and how many are counted.

Groups that may share students are never added up, unless a person says that they share none.
"""

import numpy as np
import pandas as pd

from see_the_system.messages import Refusal
from see_the_system.own_tables.columns import NOT_STATED
from see_the_system.own_tables.groups_and_times import at_the_gate, labels, tell
from see_the_system.own_tables.outcomes import of_role
from see_the_system.own_tables.words_of_columns import ALL, PARTS, SUMS, plain_words
from see_the_system.privacy.small_groups import WHOLE

ADD_UP = {
    "assumed": "as far as the numbers show it",
    "each in one": "yes, each student is in one of them",
    "several": "no, a student may be in several",
}


def points_as_given(named, outcome, by, only, at, add_up):
    """Counts as a table gives them (DataFrame), what was left out, and which groups add up.

    Arguments as of ``counting.count``; the frame has at, group, count, n, label, is_whole, shown.
    """
    n = of_role(named.values(), "n")[0]
    frame = pd.DataFrame({"count": outcome.find(np.nan), "n": n.values, "at": at})
    frame[["count", "n"]] = frame[["count", "n"]].apply(pd.to_numeric)
    if named[outcome.of[0]].role == "percent":
        frame["count"] = (frame["count"] * frame["n"] / 100).round()
    told = []
    wrong = (frame["count"] > frame["n"]) | (frame["count"] < 0)
    tell(told, wrong.sum(), "are not counted: they count more than they have students")
    undated = frame["at"].isna()
    tell(told, undated.sum(), "are not counted: they have no time")
    frame = frame[~wrong & ~undated]
    for column in of_role(named.values(), *PARTS):
        frame[column.name] = _filled_down(column).reindex(frame.index)
    sums = pd.Series(False, index=frame.index)
    for column in of_role(named.values(), *PARTS):
        sums |= frame[column.name].map(_is_a_sum)
    tell(told, sums.sum(), "of totals and averages are passed over")
    frame = frame[~sums]
    for column in of_role(named.values(), *PARTS):
        if column.name == only[0]:
            frame = frame[frame[column.name] == only[1]]
        elif column.name != by:
            frame = _all_of(frame, column)
    frame["label"] = frame[by] if by else WHOLE
    is_all = frame["label"].map(_is_all)
    frame.loc[is_all, "label"] = WHOLE
    if by and not is_all.any():
        _refuse_a_hidden_whole(frame, named[by])
    if by and not is_all.any() and (add_up == "each in one" or _shares_nobody(named[by])):
        # All together are known where every group is.
        known = frame[["count", "n"]].notna().all(axis=1).groupby(frame["at"]).transform("all")
        frame = pd.concat([frame, frame[known].assign(label=WHOLE)])
        add_up = "each in one" if known.any() else "several"
    keys = ["at", *(column.name for column in of_role(named.values(), *PARTS))]
    again = frame.duplicated([*keys, "label"])
    if again.any():
        row = frame.index[again][0]
        raise Refusal(
            f"Row {row} is of the same groups and the same time as a row before it, and no column "
            "that is understood tells them apart. Choose the column that does, and say what it is; "
            "or add the two up, or keep one."
        )
    if frame.empty:
        raise Refusal("No row is left to count. Choose other groups, or another file.")
    return _added(frame, named.get(by)), told, _sums(frame, named.get(by), add_up)


def _refuse_a_hidden_whole(frame, by):
    """``Refusal`` where one group is as large as all others: most likely it is all of them."""
    of_group = frame.groupby("label")["n"].sum()
    whole = of_group[of_group * 2 == of_group.sum()]
    if len(of_group) > 3 and len(whole) == 1:
        raise Refusal(
            f'"{whole.index[0]}" in {by.name} has as many students as all others together. If it '
            'is all of them, write "All" in its place and save; if not, choose other groups.'
        )


def _added(frame, by):
    """A row for each time and group (DataFrame): rows of one group are of different students."""
    hidden_already = frame[["count", "n"]].isna().any(axis=1)
    keys = [frame["at"], frame["label"]]
    points = frame[["count", "n"]].groupby(keys, sort=False).sum()
    points[hidden_already.groupby(keys, sort=False).any()] = np.nan
    points = points.round().reset_index()
    is_whole = points["label"] == WHOLE
    names = [label if label == WHOLE else at_the_gate(by, label) for label in points["label"]]
    return points.assign(group=names, is_whole=is_whole, shown=True)


def _sums(frame, by, add_up):
    names = [at_the_gate(by, label) for label in frame["label"].unique() if label != WHOLE]
    found = {"assumed": None, "several": (), "each in one": [(WHOLE, names)]}[add_up]
    return found if names else None


def _filled_down(column):
    """What each row belongs to; a merged cell stands for the rows below it too."""
    values = labels(column)
    return values.where(values != NOT_STATED).ffill().fillna(NOT_STATED)


def _all_of(frame, column):
    """The rows of all together, as far as a column of groups is concerned that was not chosen."""
    is_all = frame[column.name].map(_is_all)
    if is_all.any():
        return frame[is_all]
    if frame[column.name].nunique() < 2 or _shares_nobody(column):
        return frame
    raise Refusal(
        f"{column.name} has groups that may share students, and no row of all of them, so that "
        f"they cannot be added up. Choose one of them under Of which students, or look at "
        f"{column.name} side by side."
    )


def _is_all(label):
    return bool(ALL.fullmatch(plain_words(label)))


def _is_a_sum(label):
    words = plain_words(label)
    return bool(SUMS.fullmatch(words)) and not ALL.fullmatch(words)


def _shares_nobody(column):
    return column.role in ("school", "grade", "ethnicity")

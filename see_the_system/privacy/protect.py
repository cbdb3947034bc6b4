"""Hide what is too small to show, and enough besides that nothing hidden can be worked out from
what is shown.

``protect`` is the one gate between the frames and what is published: a report computed from the
rows it leaves shown cannot give away a row it hides. It hides whole rows. First the rows with fewer
than ``min_n`` pupils tested or with scores (the state's rule: 10 or fewer are hidden), then
companions, chosen small, in detail rather than in totals, until ``disclosure`` proves every hidden
count safe. The rules, and what the attacker is assumed to know, are in ``relations`` and
``disclosure``. Protect a whole district at once, then choose what to show, and publish sums of
shown rows only. County and state rows are held to be sums only where all parts are in the frame.

Beyond the hidden rows themselves, the hidden parts of a shown total hold ``min_n`` pupils or more
together. Scale scores and areas are hidden with their row and follow the same equations; they have
no audit of their own. Where rounding in a file makes the state's sums inexact (counts worked out
from percentages), the nearest whole table takes their place.
"""

import numpy as np
import pandas as pd

from see_the_system.messages import Refusal
from see_the_system.privacy import companions, disclosure, relations
from see_the_system.privacy.relations import KEY, LEVEL_COUNTS

MIN_N = 11
SUPPRESSED = "suppressed"
COMPANION = "suppressed to protect another"
REASONS = ["", SUPPRESSED, COMPANION, "nobody tested", "not in this layout"]
_VALUES = (
    "enrolled",
    "tested",
    "with_scores",
    "mean_scale_score",
    "pct_exceeded",
    "pct_met",
    "pct_met_and_above",
    "pct_nearly_met",
    "pct_not_met",
    *LEVEL_COUNTS,
)


def protect(frame, *, min_n=MIN_N):
    """A copy of a tidy frame in which no row below ``min_n`` is shown or can be worked out from the
    rows that are.

    frame: a tidy frame, one district or many, with all the rows its reports will use. ``min_n`` is
    the fewest pupils shown; it may be raised above 11, never lowered. A hidden row has its counts,
    percentages, scale score and areas missing, and says why in its ``missing_`` columns:
    "suppressed" (too few pupils) or "suppressed to protect another". Rows where nobody was tested
    stay.

    Raises ``Refusal`` for a lower ``min_n``, a frame without the columns, and a row that is there
    twice.
    """
    view = _view(frame, _checked(min_n))
    companions.hide_until_safe(view, min_n)
    return _without(frame, view.hidden[: len(frame)], view.low[: len(frame)] >= min_n)


def determined(frame, *, min_n=MIN_N):
    """The hidden rows of a frame of which some count could be worked out from the rows shown
    (frame; empty when it is safe).

    One row each: its year, test, entity, grade and group, and ``counts``, the names of the counts
    that can have one value only. Negative group codes are groups nobody lists: the pupils outside
    the listed group of the same entity and grade.
    """
    view = _view(frame, _checked(min_n))
    disclosure.prove(view, thorough=True)
    return _found(frame, view)


def protect_rolling(totals, yearly, *, min_n=MIN_N):
    """A copy of ``totals`` without those that are too small or from which a hidden year could be
    worked out.

    totals: a tidy frame of sums over years, with one more column ``first_year``; its ``year`` is
    the last one. yearly: the frame of single years that is published beside it, from ``protect``.
    Nothing more is hidden in ``yearly``: a total gives way to it.
    """
    view, rolling = _rolling_view(totals, yearly, _checked(min_n))
    companions.hide_until_safe(view, min_n, may_hide=rolling)
    own = slice(len(yearly), len(yearly) + len(totals))
    return _without(totals, view.hidden[own], view.low[own] >= min_n)


def describe_protected(frame):
    """A sentence that says how many rows are hidden and why."""
    why = frame["missing_scores"].astype(str)
    small, other, empty = (
        int(why.eq(mark).sum()) for mark in (SUPPRESSED, COMPANION, "nobody tested")
    )
    return (
        f"Of {len(frame) - empty:,} rows with pupils tested, {small:,} are hidden because "
        f"they have too few pupils and {other:,} more "
        f"because a hidden one could be worked out from them."
    )


def _checked(min_n):
    if not isinstance(min_n, (int, np.integer)) or min_n < MIN_N:
        raise Refusal(
            f"The fewest pupils shown cannot be {min_n!r}: the state's rule is {MIN_N}; give "
            f"{MIN_N} or a larger whole number."
        )
    return int(min_n)


def _view(frame, min_n):
    cells = relations.cells_of(frame, min_n)
    n, why = cells.rows, frame["missing_scores"].astype(str).to_numpy(dtype=object)
    size = np.fmin(
        *(
            frame[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            for name in ("tested", "with_scores")
        )
    )
    known = cells.known[:n]
    small = ~cells.empty[:n] & (why != COMPANION) & (~known | (size < min_n))
    other = ~cells.empty[:n] & (why == COMPANION)
    return _filled(cells, small, other, min_n)


def _filled(cells, small, other, min_n):
    extra = len(cells.group) - cells.rows
    small, other = (
        np.append(small, np.zeros(extra, dtype=bool)),
        np.append(other, np.zeros(extra, dtype=bool)),
    )
    rest = np.arange(len(small)) >= cells.rows
    low = np.where(
        small, np.where(cells.known, np.minimum(cells.scores, 1), 1), np.where(other, min_n, 0)
    ).astype(float)
    high = np.where(small, min_n - 1.0, np.inf)
    hidden = small | other | (rest & ~cells.empty)
    view = disclosure.View(
        cells,
        hidden,
        hidden & ~rest,
        low,
        high,
        np.zeros((len(small), disclosure.MEASURES), dtype=bool),
    )
    disclosure.fill(view)
    view.guarded |= rest & (cells.scores > 0) & (cells.scores < min_n)
    return view


def _rolling_view(totals, yearly, min_n):
    if "first_year" not in totals:
        raise Refusal(
            "The table of totals has no column 'first_year': it says where each total "
            "starts, and 'year' where it ends."
        )
    shown = ~yearly["missing_scores"].astype(str).isin([SUPPRESSED, COMPANION, "nobody tested"])
    if (shown & (yearly["with_scores"].fillna(0) < min_n)).any():
        raise Refusal(
            f"The yearly rows still show fewer than {min_n} pupils: give the frame that "
            "protect() returned."
        )
    span = totals["first_year"].astype("int64") * 10_000 + totals["year"].astype("int64")
    both = pd.concat(
        [yearly.assign(year=yearly["year"].astype("int64")), totals.assign(year=span)],
        ignore_index=True,
    )
    cells, n = relations.cells_of(both, min_n), len(yearly)
    hides = relations.add_windows(
        cells, both, totals["first_year"].to_numpy(), totals["year"].to_numpy(), n
    )
    why = both["missing_scores"].astype(str).to_numpy(dtype=object)
    tested = both["with_scores"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    small = ~cells.empty[: len(both)] & (why != COMPANION) & ~(tested >= min_n)
    view = _filled(cells, small, ~cells.empty[: len(both)] & (why == COMPANION), min_n)
    return view, hides


def _without(frame, hidden, companion):
    out = frame.copy()
    for name in (*_VALUES, *(name for name in frame if name.startswith("area"))):
        if name in out:
            out[name] = out[name].mask(hidden)
    reason = np.where(companion, COMPANION, SUPPRESSED)
    for name in frame:
        if name.startswith("missing_"):
            out[name] = pd.Categorical(
                np.where(hidden, reason, out[name].astype(str)), categories=REASONS
            )
    return out


def _found(frame, view):
    cells, unsafe, width = view.cells, np.flatnonzero(view.open), len(relations.GRADES)
    first = np.empty((cells.place.max() + 1) * width, dtype=np.int64)
    first[cells.place[: cells.rows] * width + cells.grade[: cells.rows]] = np.arange(cells.rows)
    rows = (
        frame[KEY]
        .iloc[first[cells.place[unsafe] * width + cells.grade[unsafe]]]
        .reset_index(drop=True)
    )
    rest = {parts[-1]: -parts[0] for _, parts in cells.sums if parts[-1] < 0}
    rows["group_id"] = [rest.get(code, code) for code in cells.group[unsafe].tolist()]
    names = (*LEVEL_COUNTS, "with_scores", "met_and_above")
    rows["counts"] = [
        ", ".join(name for name, safe in zip(names, line) if not safe)
        for line in view.proved[unsafe]
    ]
    return rows

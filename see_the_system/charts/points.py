"""Reads the points of a chart, its baseline and its phases, or says in one sentence which row
or date cannot be read and what to do.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from see_the_system.charts.dates import quoted, read_date, read_dates
from see_the_system.messages import Refusal, counted, listed, nearest

KINDS = {
    "run": "run chart (median)",
    "xmr": "XmR chart",
    "p": "p chart",
    "p_prime": "p' chart (Laney)",
    "u": "u chart",
    "u_prime": "u' chart (Laney)",
    "c": "c chart",
    "g": "g chart",
    "t": "t chart",
}
BETTER = {"": 0, "higher": 1, "lower": -1}  # the side on which a signal is an improvement
PER_CENT, PER_UNIT = ("p", "p_prime"), ("u", "u_prime")
PER_N = (*PER_CENT, *PER_UNIT)


@dataclass(frozen=True)
class Annotation:
    """What happened at a time, pinned to its point (position from 0).

    ``cycle`` names the PDSA cycle, "" where it is none.
    """

    point: int
    at: pd.Timestamp
    text: str
    cycle: str = ""


def read_points(points, kind, *, dates="", school_year=None):
    """The points as a frame, in the order of time.

    Columns: at (time), value (what is plotted), count and n (NaN where the kind has none). points:
    a frame with ``at`` and what the kind needs: ``value`` (run, xmr, t, g), ``count`` (c) or
    ``count`` and ``n`` (p, u and their primes; for a run chart either). Percent for p, a rate per
    unit for u. dates, school_year: as ``dates.read_dates`` takes them; phases and annotations may
    be written as the points are. Raises ``Refusal`` that names the row, counted from 1, and its
    date.
    """
    if kind not in KINDS:
        raise unknown("chart", kind, KINDS)
    rows = points.reset_index(drop=True)
    if len(rows) < 2:
        there = "is 1 point" if len(rows) else "are no points"
        raise Refusal(
            f"There {there}; a chart over time needs 2 at least. Add what you have measured, one "
            "row a time."
        )
    times, way = _times(rows, dates, school_year)
    frame = pd.DataFrame({"at": times})
    counts_and_n = kind == "run" and "value" not in rows and {"count", "n"} <= set(rows)
    needs = ["count"] if kind == "c" else ["value"]
    if kind in PER_N or counts_and_n:
        needs = ["count", "n"]
    frame[["value", "count", "n"]] = np.nan
    for name in needs:
        frame[name] = _numbers(rows, frame, name, kind)
    _refuse_the_impossible(frame, needs, kind)
    if "n" in needs:
        share = frame["count"] / frame["n"]
        frame["value"] = share if kind in PER_UNIT else share * 100
    elif kind == "c":
        frame["value"] = frame["count"]
    frame.attrs["dates"] = {"way": way, "school_year": school_year}
    return frame


def holidays(at):
    """Where a point comes after a gap, such as a school holiday (bool array).

    A gap is half as long again as usual, and six days longer at least.
    """
    step = at.diff().dt.total_seconds().to_numpy() / 86_400
    usual = np.nanmedian(step)
    return np.nan_to_num(step) >= max(1.5 * usual, usual + 6)


def unknown(what, asked, allowed):
    """The ``Refusal`` of a name that is none of those allowed, with the nearest of them."""
    close = " or ".join(map(repr, nearest(asked, allowed))) or ", ".join(map(repr, allowed))
    return Refusal(f"There is no {what} {asked!r}. Choose {close}.")


def row_name(frame, i):
    """A row as a person finds it (text), as ``row 3 (2025-09-22)``."""
    at = pd.Timestamp(frame["at"].iloc[i])
    return f"row {i + 1} ({at:%Y-%m-%d})"


def phase_numbers(frame, starts):
    """The phase of each point, 0, 1, ... (int array), from the dates on which phases start."""
    at = frame["at"]
    first, last = at.iloc[0], at.iloc[-1]
    phase = np.zeros(len(frame), int)
    for start in sorted(_date(frame, start, "A phase starts on") for start in starts):
        if not first < start <= last:
            raise Refusal(
                f"A phase starts on {start:%Y-%m-%d}, outside the points ({first:%Y-%m-%d} to "
                f"{last:%Y-%m-%d}). Name a date between them."
            )
        phase[(at >= start).to_numpy()] += 1
    # A date given twice leaves out a number: they are counted anew.
    sizes = np.bincount(np.unique(phase, return_inverse=True)[1])
    phase = np.repeat(np.arange(len(sizes)), sizes)
    if sizes.min() < 2:
        start = at.iloc[(phase == sizes.argmin()).argmax()]
        raise Refusal(
            f"The phase from {start:%Y-%m-%d} has 1 point; 2 are needed for a center line of its "
            "own. Start it earlier, or leave it out."
        )
    return phase


def read_baselines(frame, phase, baseline):
    """How many first points of each phase set its centre and limits, None for all (tuple).

    baseline: one number or None, which is for the first phase, or a list with one for each.
    """
    sizes = np.bincount(phase).tolist()
    if not one_for_each_phase(baseline):
        baseline = [baseline, *[None] * (len(sizes) - 1)]
    if len(baseline) != len(sizes):
        entries = counted(len(baseline), "entry", "entries")
        starts = _starts(frame, phase)
        raise Refusal(
            f"The baseline has {entries}, and the chart has {counted(len(sizes), 'phase')} (from "
            f"{listed(starts)}); one entry for each was expected. Give each phase a number, or "
            "None for all of its points."
        )
    return tuple(
        None if first is None else _first_points(first, number, frame, phase)
        for number, first in enumerate(baseline)
    )


def one_for_each_phase(baseline):
    """Whether a baseline is given for each phase by itself (bool)."""
    return isinstance(baseline, (list, tuple)) or np.ndim(baseline) == 1


def _first_points(first, number, frame, phase):
    """How many first points of a phase are its baseline (int), or ``Refusal``."""
    size = int((phase == number).sum())
    whole = isinstance(first, (int, np.integer)) and not isinstance(first, bool)
    if whole and 2 <= first <= size:
        return int(first)
    whose, of = "", "the chart"
    if phase.max():
        whose = f" of phase {number + 1} (from {_starts(frame, phase)[number]})"
        of = "the phase"
    given = int(first) if whole else repr(first)
    raise Refusal(
        f"The baseline{whose} is {given} points, and {of} has {size}; a whole number from 2 to "
        f"{size} was expected. Give one of these, or None for all of its points."
    )


def _starts(frame, phase):
    """The date of the first point of each phase (list of text)."""
    return [f"{at:%Y-%m-%d}" for at in frame["at"].groupby(phase).first()]


def baseline_points(frame, phase, baselines, exclude):
    """The rows that set the centre and the limits of their phase (bool array).

    baselines: as ``read_baselines`` gives them.
    """
    base = np.ones(len(frame), bool)
    for number, first in enumerate(baselines):
        if first is not None:
            base[np.flatnonzero(phase == number)[first:]] = False
    for text in exclude:
        date = _date(frame, text, "A point left out of the baseline is on")
        left_out = (frame["at"] == date).to_numpy()
        if not (left_out & base).any():
            raise Refusal(
                f"No point of the baseline is on {text}. Name the date of a point that is in it."
            )
        base[left_out] = False
    for number in range(phase.max() + 1):
        if base[phase == number].sum() < 2:
            raise Refusal(
                f"The baseline of phase {number + 1} keeps fewer than 2 points. Leave fewer of "
                "them out."
            )
    return base


def pinned(frame, annotations):
    """What happened when, each at the first point on or after it (tuple of ``Annotation``)."""
    found = []
    for date, text, *cycle in annotations:
        at = _date(frame, date, "An annotation is on")
        later = (frame["at"] >= at).to_numpy()
        if not later.any():
            last = row_name(frame, len(frame) - 1)
            raise Refusal(
                f"The annotation {str(text)!r} is on {at:%Y-%m-%d}, after the last point, {last}. "
                "Add the points, or leave it out."
            )
        named = str(cycle[0] or "") if cycle else ""
        found.append(Annotation(int(later.argmax()), at, str(text), named))
    return tuple(sorted(found, key=lambda note: (note.point, note.at)))


def _times(rows, dates, school_year):
    if "at" not in rows:
        columns = ", ".join(map(str, rows.columns)) or "none"
        raise Refusal(
            f"The points have no column 'at' for the date; they have {columns}. Name the column of "
            "dates 'at'."
        )
    times, way = read_dates(rows["at"], dates=dates, school_year=school_year)
    for number, (before, time) in enumerate(pairwise(times), 2):
        if time == before:
            raise Refusal(
                f"Rows {number - 1} and {number} have the same date, {time:%Y-%m-%d}. Give each "
                "date once: add the two up, or keep one of them."
            )
        if time < before:
            raise Refusal(
                f"The date in row {number}, {time:%Y-%m-%d}, is before that of row {number - 1}, "
                f"{before:%Y-%m-%d}. Put the rows in the order of time."
            )
    return times, way


def _numbers(rows, frame, name, kind):
    if name not in rows:
        columns = ", ".join(map(str, rows.columns))
        raise Refusal(
            f"A {KINDS[kind]} needs a column {name!r}; the points have {columns}. Add it, or "
            "choose another chart."
        )
    column = rows[name]
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)
    truths = column.map(lambda given: isinstance(given, (bool, np.bool_)))
    wrong = truths | ~np.isfinite(numbers)
    if wrong.any():
        i = int(wrong.to_numpy().argmax())
        where = row_name(frame, i)
        if pd.isna(column.iloc[i]):
            raise Refusal(
                f"{name!r} is missing in {where}. Where nothing was measured, leave the row out: "
                "the chart shows the gap."
            )
        given = quoted(column.iloc[i])
        raise Refusal(
            f"{name!r} in {where} is {given}; a number was expected. Put it right, or leave the "
            "row out."
        )
    return numbers


def _refuse_the_impossible(frame, needs, kind):
    """Raises ``Refusal`` for the first row of numbers that cannot be, one kind after another."""
    count, n = frame["count"], frame["n"]
    of_n = kind not in PER_UNIT  # a rate may pass one, and its units need not be whole
    nobody = "more than 0 was expected. Leave the row out where nobody was counted."
    refused = [(n <= 0, "counts of {n:g}", nobody)]
    if of_n:
        swapped = "no more than all was expected. Are the two columns the wrong way round?"
        refused.append((count > n, "{count:g} of {n:g}", swapped))
    for name in needs:
        if name == "count" or (name == "n" and of_n) or kind == "g":
            has = f"a count of {{{name}:g}}"
            negative = "0 or more was expected. Put it right, or leave the row out."
            broken = "a whole number was expected. Give counts, not percents or averages."
            refused.append((frame[name] < 0, has, negative))
            refused.append((frame[name] != frame[name].round(), has, broken))
    if kind == "t":
        before = "a time between events of 0 or more was expected. Check the dates."
        refused.append((frame["value"] < 0, "a time of {value:g}", before))
    for wrong, has, expected in refused:
        if wrong.any():
            i = int(wrong.to_numpy().argmax())
            where = row_name(frame, i).capitalize()
            raise Refusal(f"{where} has {has.format_map(frame.iloc[i])}; {expected}")


def _date(frame, given, what):
    time = read_date(given, **frame.attrs["dates"])
    if time is None:
        raise Refusal(f"{what} {given!r}; a date such as 2025-09-22 was expected.")
    return time

"""The rules that say when a run chart or control chart has a signal, by the name of their set.

``signals`` applies a set to one chart and ``mask`` the same rules (``run_masks``) to many series at
once, so that the false-alarm rate under a chart is that of the very rules that were applied to it.
"""

from dataclasses import dataclass

import numpy as np

from see_the_system.charts.run_masks import (
    LEAST,
    TRENDS,
    Series,
    anhoej_limits,
    counts,
    one_series,
    rule_mask,
    runs_range,
    trend_steps,
)
from see_the_system.messages import Refusal, nearest

__all__ = [
    "LEAST",
    "RULES",
    "RULE_SETS",
    "SOURCES",
    "Signal",
    "anhoej_limits",
    "counts",
    "mask",
    "rules_of",
    "runs_range",
    "signals",
    "told_together",
]

RULE_SETS = ("anhoej", "ihi", "nhs", "western_electric", "nelson")
RULES = {
    "anhoej": ("long run", "few crossings", "outside the limits"),
    "ihi": ("shift of 6", "trend of 5", "number of runs"),
    "nhs": ("outside the limits", "shift of 7", "trend of 7", "2 of 3 far out"),
    "western_electric": (
        "outside the limits",
        "2 of 3 beyond 2 sigma",
        "4 of 5 beyond 1 sigma",
        "shift of 8",
    ),
    "nelson": (
        "outside the limits",
        "shift of 9",
        "trend of 6",
        "14 alternating",
        "2 of 3 beyond 2 sigma",
        "4 of 5 beyond 1 sigma",
        "15 within 1 sigma",
        "8 beyond 1 sigma",
    ),
}
SOURCES = {
    "anhoej": "Anhøj & Olesen 2014, PLoS ONE 9(11):e113825; limits of 3 sigma from Shewhart 1931",
    "ihi": "Perla, Provost & Murray 2011, BMJ Quality & Safety 20:46; the table of runs computed "
    "exactly after Swed & Eisenhart 1943",
    "nhs": "NHS England, Making Data Count",
    "western_electric": "Western Electric 1956, Statistical Quality Control Handbook",
    "nelson": "Nelson 1984, Journal of Quality Technology 16:237",
}


@dataclass(frozen=True)
class Signal:
    """One signal: the rule, the points (positions from 0), the side (+1 above or rising, -1 below
    or falling, 0 neither) and a sentence.
    """

    rule: str
    points: tuple
    side: int
    words: str


def signals(rules, value, centre, *, sigma=None, lower=None, upper=None, phase=None):
    """The signals of one chart (tuple of ``Signal``, by first point), after the rule set ``rules``.

    value, centre, sigma, lower, upper: arrays of n, in the order of time; a chart without limits
    has no sigma (None or NaN), and rules that need limits do not apply to it. phase: an int for
    each point; no rule looks across two phases. Raises ``Refusal`` for an unknown set.
    """
    names, n = rules_of(rules), len(value)
    phase = np.zeros(n, int) if phase is None else np.asarray(phase)
    found = []
    for one in dict.fromkeys(phase.tolist()):
        at = np.flatnonzero(phase == one)
        part = one_series(
            *(
                None if array is None else np.asarray(array, float)[at]
                for array in (value, centre, sigma, lower, upper)
            )
        )
        for name in names:
            found += [
                Signal(
                    name,
                    tuple(int(at[i]) for i in points),
                    side,
                    _words(name, at[points], side, part),
                )
                for points, side in _groups(name, part)
            ]
    return tuple(sorted(found, key=lambda signal: (signal.points[0], names.index(signal.rule))))


def told_together(found):
    """Signals as people say them: the points outside the limits on one side are one ``Signal`` with
    one sentence (list).
    """
    said, outside = [], {}
    for signal in found:
        if signal.rule != "outside the limits":
            said.append(signal)
        else:
            outside.setdefault(signal.side, []).append(signal.points[0])
    for side, points in outside.items():
        numbers = [str(point + 1) for point in points]
        lie = (
            f"Point {numbers[0]} lies"
            if len(points) == 1
            else f"Points {', '.join(numbers[:-1])} and {numbers[-1]} lie"
        )
        said.append(
            Signal(
                "outside the limits",
                tuple(points),
                side,
                f"{lie} {'above' if side > 0 else 'below'} the limits.",
            )
        )
    return said


def mask(rules, value, centre, sigma=None, lower=None, upper=None):
    """Which points of many series take part in a signal of a rule set (bool array, series by
    points); arrays as ``Series`` has them.
    """
    series = Series(value, centre, sigma, lower, upper)
    found = np.zeros(value.shape, bool)
    for name in rules_of(rules):
        found |= rule_mask(name, series)
    return found


def rules_of(rules):
    """The rules of a set by its name (tuple of text); ``Refusal`` with the nearest names for
    another.
    """
    if rules in RULES:
        return RULES[rules]
    close = " or ".join(map(repr, nearest(rules, RULES))) or ", ".join(map(repr, RULES))
    raise Refusal(f"There is no rule set {rules!r}. Choose {close}.")


# --- from marked points to signals
# ---------------------------------------------------------------------------------------------------


def _groups(name, series):
    """The signals of a rule in one series: (positions, side) of each."""
    marked = rule_mask(name, series)[0]
    if not marked.any():
        return []
    if name in ("few crossings", "number of runs"):
        return [(np.flatnonzero(marked), 0)]
    if name == "outside the limits":
        return [(np.array([i]), int(series.side[0, i])) for i in np.flatnonzero(marked)]
    if name in TRENDS:
        return _trends(trend_steps(name, series)[0])
    way = _ways(name, series)
    return [(np.array(points), side) for points, side in _rows(marked, way, passes=name in _PASSES)]


_PASSES = ("long run", "shift of 6", "shift of 7", "shift of 8", "shift of 9")


def _trends(steps):
    """Trends from their steps: two that turn into one another share a point."""
    at = np.flatnonzero(steps)
    parts = np.split(at, np.flatnonzero(np.diff(steps[at])) + 1)
    return [(np.unique([part, part + 1]), int(steps[part[0]])) for part in parts]


def _ways(name, series):
    """The side on which each point counts for a rule."""
    n = series.value.shape[1]
    if name in ("14 alternating", "15 within 1 sigma", "8 beyond 1 sigma"):
        return np.zeros(n, int)
    return series.side[0].astype(int)


def _rows(marked, way, *, passes):
    """Marked points that stand together on one side: for runs, points on the centre between them do
    not part them.
    """
    rows, last = [], None
    for i in np.flatnonzero(marked):
        near = last is not None and (
            not marked[last + 1 : i].size
            or (passes and (way[last + 1 : i] == 0).all())
            or (not passes and i - last <= 2)
        )
        if near and rows[-1][1] == way[i]:
            rows[-1][0].append(int(i))
        else:
            rows.append(([int(i)], int(way[i])))
        last = i
    return rows


def _words(name, points, side, series):
    """One sentence: what was seen and where, points counted from 1."""
    where = (
        f"Point {points[0] + 1}"
        if len(points) == 1
        else f"Points {points[0] + 1} to {points[-1] + 1}"
    )
    of = {1: "above", -1: "below", 0: "around"}[side]
    if name == "outside the limits":
        return f"{where} lies {of} the limits."
    if name == "few crossings":
        useful, _, crossings = counts(series.value[0], series.centre[0])
        return (
            f"The line crosses the center {_times(crossings)}; with {useful} useful points, "
            f"chance crosses it at least {_times(anhoej_limits(useful)[1])}."
        )
    if name == "number of runs":
        useful, _, crossings = counts(series.value[0], series.centre[0])
        fewest, most = runs_range(useful)
        return (
            f"There are {crossings + 1} runs; with {useful} useful points, chance makes {fewest} "
            f"to {most}."
        )
    if name == "long run" or name.startswith("shift"):
        return f"{where}: {len(points)} points in a row {of} the center line."
    if name.startswith("trend"):
        return f"{where}: each {'higher' if side > 0 else 'lower'} than the one before."
    return f"{where}: {_SAID[name].format(of=of)}."


_SAID = {
    "14 alternating": "fourteen or more points in a row go up and down in turn",
    "2 of 3 far out": "three points in a row {of} the center line, two of them close to the limit",
    "2 of 3 beyond 2 sigma": "two of three points in a row more than 2 sigma {of} the center line",
    "4 of 5 beyond 1 sigma": "four of five points in a row more than 1 sigma {of} the center line",
    "15 within 1 sigma": "fifteen or more points in a row nearer to the center line than chance would keep them",
    "8 beyond 1 sigma": "eight or more points in a row on both sides, none of them near the center line",
}


def _times(count):
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")

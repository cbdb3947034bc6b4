"""The signals of one chart: from the points that take part in a rule to sentences about them."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from see_the_system.charts.many_series import anhoej_limits, counts, one_series, runs_range
from see_the_system.charts.rules import PATTERNS, rule_mask, rules_of, trend_steps
from see_the_system.english import listed

_SIDES = {1: "above", -1: "below", 0: "around"}


class Signal(NamedTuple):
    """One signal: its rule, its points (positions from 0), its side and a sentence.

    ``side``: +1 above or rising, -1 below or falling, 0 neither.
    """

    rule: str
    points: tuple
    side: int
    words: str


def signals(rules, points, phase):
    """The signals of one chart (tuple of ``Signal``, by first point), after the rule set ``rules``.

    points: value, centre, sigma, lower and upper as arrays of n, in the order of time, as
    ``Limits`` has them; a chart without limits has a sigma of NaN, and rules that need limits do
    not apply to it. phase: an int for each point; no rule looks across two phases. Raises
    ``Refusal`` for an unknown set.
    """
    names = rules_of(rules)
    found = []
    for number in np.unique(phase):
        inside = phase == number
        series = one_series(points, inside)
        for name in names:
            found += _signals_of(name, series, np.flatnonzero(inside))
    return tuple(sorted(found, key=lambda signal: (signal.points[0], names.index(signal.rule))))


def outside_together(found):
    """Signals as people say them (list): points outside the limits on one side are one signal."""
    together, outside = [], {}
    for signal in found:
        if signal.rule == "outside the limits":
            outside.setdefault(signal.side, []).extend(signal.points)
        else:
            together.append(signal)
    for side, points in outside.items():
        numbers = listed(point + 1 for point in points)
        lie = f"Points {numbers} lie" if len(points) > 1 else f"Point {numbers} lies"
        words = f"{lie} {_SIDES[side]} the limits."
        together.append(Signal("outside the limits", tuple(points), side, words))
    return together


def _signals_of(name, series, places):
    """The signals of a rule in one series whose points stand at ``places`` of the chart (list)."""
    rule = PATTERNS[name]
    marked = np.flatnonzero(rule_mask(name, series)[0])
    found = []
    for points, side in _parts(rule, series, marked) if len(marked) else ():
        in_chart = tuple(places[points].tolist())
        words = _words(rule, in_chart, side, series)
        found.append(Signal(name, in_chart, int(side), words))
    return found


def _parts(rule, series, marked):
    """The points and the side of each signal of a rule (list of pairs)."""
    side = series.side[0]
    match rule.parts:
        case "all":
            return [(marked, 0)]
        case "each":
            return [([point], side[point]) for point in marked]
        case "trends":
            return _trends(trend_steps(series, rule)[0])
        case "runs":
            # Points on the centre between those of a run do not part them.
            return _rows(marked, side, lambda last, point: not side[last + 1 : point].any())
        case "any side":
            side = np.zeros_like(side)
    return _rows(marked, side, lambda last, point: point - last <= 2)


def _trends(step):
    """Trends from their steps: two that turn into one another share a point."""
    at = np.flatnonzero(step)
    parts = np.split(at, np.flatnonzero(np.diff(step[at])) + 1)
    return [(np.unique([part, part + 1]), step[part[0]]) for part in parts]


def _rows(marked, side, together):
    """Points on one side, each ``together`` with the one before (list as of ``_parts``)."""
    rows = [[marked[0]]]
    for last, point in pairwise(marked):
        if side[last] == side[point] and together(last, point):
            rows[-1].append(point)
        else:
            rows.append([point])
    return [(row, side[row[0]]) for row in rows]


def _words(rule, points, side, series):
    """One sentence: what was seen and where, points counted from 1."""
    where = f"Point {points[0] + 1}"
    if len(points) > 1:
        where = f"Points {points[0] + 1} to {points[-1] + 1}"
    filled_in = {"where": where, "count": len(points), "side": _SIDES[side]}
    filled_in["step"] = "higher" if side > 0 else "lower"
    if rule.parts == "all":
        filled_in |= _held_against_chance(series)
    return rule.words.format(**filled_in)


def _held_against_chance(series):
    """What the sentences about a whole chart say: its runs and crossings, and those of chance."""
    useful, _, crossings = counts(series)
    fewest, most = runs_range(useful)
    return {
        "useful": useful,
        "crossings": _times(crossings),
        "fewest_crossings": _times(anhoej_limits(useful)[1]),
        "runs": crossings + 1,
        "fewest_runs": fewest,
        "most_runs": most,
    }


def _times(count):
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")

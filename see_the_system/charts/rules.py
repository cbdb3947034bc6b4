"""The rules that say when a run chart or control chart has a signal: numbers, words and sources.

``mask`` applies a set of rules to many series at once; a chart is one of them, so that the
false-alarm rate under it is that of the very rules that were applied to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from see_the_system.charts.control_limits import (
    LEAST,
    NEAR,
    anhoej_limits,
    crossings,
    ends_of,
    in_windows,
    run_lengths,
    runs_range,
    steps,
    ties_apart,
    windows,
)
from see_the_system.charts.points import unknown

_NEVER = 10**6  # no run is as long


class RuleSet(NamedTuple):
    """Rules that are applied together: what people call them, who published them, their names."""

    title: str
    source: str
    rules: tuple


RULE_SETS = {
    "anhoej": RuleSet(
        "Anhøj",
        "Anhøj & Olesen 2014, PLoS ONE 9(11):e113825; limits of 3 sigma from Shewhart 1931",
        ("long run", "few crossings", "outside the limits"),
    ),
    "ihi": RuleSet(
        "IHI",
        "Perla, Provost & Murray 2011, BMJ Quality & Safety 20:46; the table of runs computed "
        "exactly after Swed & Eisenhart 1943",
        ("shift of 6", "trend of 5", "number of runs"),
    ),
    "nhs": RuleSet(
        "NHS",
        "NHS England, Making Data Count",
        ("outside the limits", "shift of 7", "trend of 7", "2 of 3 far out"),
    ),
    "western_electric": RuleSet(
        "Western Electric",
        "Western Electric 1956, Statistical Quality Control Handbook",
        ("outside the limits", "2 of 3 beyond 2 sigma", "4 of 5 beyond 1 sigma", "shift of 8"),
    ),
    "nelson": RuleSet(
        "Nelson",
        "Nelson 1984, Journal of Quality Technology 16:237",
        (
            "outside the limits",
            "shift of 9",
            "trend of 6",
            "14 alternating",
            "2 of 3 beyond 2 sigma",
            "4 of 5 beyond 1 sigma",
            "15 within 1 sigma",
            "8 beyond 1 sigma",
        ),
    ),
}


def mask(rules, series):
    """Which points of many ``Series`` take part in a signal of a rule set (bool array)."""
    found = np.zeros(series.value.shape, bool)
    for name in rules_of(rules):
        found |= rule_mask(name, series)
    return found


def rule_mask(name, series):
    """Which points of many ``Series`` take part in a signal of one rule (bool array).

    None where the rule needs limits and the series have none.
    """
    rule = PATTERNS[name]
    if rule.with_own_limits and np.isnan(series.sigma).all():
        return np.zeros(series.value.shape, bool)
    return rule.marks(series, rule)


def rules_of(rules):
    """The rules of a set by its name (tuple of text).

    Raises ``Refusal`` with the nearest names for an unknown set.
    """
    if rules not in RULE_SETS:
        raise unknown("rule set", rules, RULE_SETS)
    return RULE_SETS[rules].rules


# --- which points of many series take part in a rule


def _by_useful(side, limits_of, without):
    """Of each series the pair of limits for its number of useful points (array, two columns)."""
    useful = (side != 0).sum(axis=1)
    table = [limits_of(n) if n >= LEAST else without for n in range(side.shape[1] + 1)]
    return np.array(table)[useful]


def _long_run(series, _):
    longest = _by_useful(series.side, anhoej_limits, (_NEVER, 0))[:, :1]
    return run_lengths(series.side) > longest


def _few_crossings(series, _):
    fewest = _by_useful(series.side, anhoej_limits, (_NEVER, 0))[:, 1]
    return (crossings(series.side) < fewest)[:, None] & (series.side != 0)


def _number_of_runs(series, _):
    fewest, most = _by_useful(series.side, runs_range, (0, _NEVER)).T
    runs = crossings(series.side) + 1
    return ((runs < fewest) | (runs > most))[:, None] & (series.side != 0)


def _shift(series, rule):
    return run_lengths(series.side) >= rule.points


def _trend(series, rule):
    return ends_of(trend_steps(series, rule) != 0)


def trend_steps(series, rule):
    """The steps of trends, 1 up and -1 down, 0 where a step is in none (int8 array)."""
    step = steps(series.value, NEAR * np.ptp(series.value, axis=1, keepdims=True))
    lengths = run_lengths(step if rule.ties_pass else ties_apart(step))
    return np.where(lengths >= rule.points - 1, step, 0)


def _alternating(series, rule):
    step = steps(series.value)
    # With every second step turned round, up and down in turn is a run.
    turned = step * np.where(np.arange(step.shape[1]) % 2, -1, 1).astype(np.int8)
    return ends_of((run_lengths(ties_apart(turned)) >= rule.points - 1) & (step != 0))


def _outside(series, _):
    size = np.maximum(np.abs(series.centre), np.abs(series.upper - series.lower))
    above = series.value > series.upper + NEAR * size
    return above | (series.value < series.lower - NEAR * size)


def _beyond(series, rule):
    """Some of a few points in a row beyond so many sigma on one side: those beyond are marked."""
    found = np.zeros(series.value.shape, bool)
    for way in (1, -1):
        out = way * series.away > rule.sigma
        enough = windows(out, rule.points).sum(axis=2) >= rule.many
        found |= out & in_windows(enough, rule.points, out.shape[1])
    return found


def _far_out(series, rule):
    """All of them on one side, and some of them beyond so many sigma and within the limits."""
    found = np.zeros(series.value.shape, bool)
    for way in (1, -1):
        away = way * series.away
        one_side = windows(away > 0, rule.points).all(axis=2)
        close = (away > rule.sigma) & (away <= 3)
        enough = windows(close, rule.points).sum(axis=2) >= rule.many
        found |= in_windows(one_side & enough, rule.points, away.shape[1])
    return found


def _within(series, rule):
    near = windows(np.abs(series.away) < rule.sigma, rule.points).all(axis=2)
    return in_windows(near, rule.points, series.value.shape[1])


def _both_sides(series, rule):
    away = windows(series.away, rule.points)
    far = (np.abs(away) > rule.sigma).all(axis=2)
    both = (away > 0).any(axis=2) & (away < 0).any(axis=2)
    return in_windows(far & both, rule.points, series.value.shape[1])


# --- the rules


@dataclass(frozen=True)
class Pattern:
    """One rule: it ``marks`` the points that take part, which make signals in their ``parts``.

    ``points``: how many points in a row it takes, ``many`` of them beyond ``sigma``; of a rule of
    the whole chart, how many useful points. ``words``: its sentence, filled in by ``signals``.
    ``parts``: "each" point, "all" of them, "runs", "trends", or those "near" each other on one side
    or on "any side". ``ties_pass``: a tie neither breaks nor lengthens a trend.
    ``with_own_limits``: 0 where a rule needs no limits; else how many points a chart takes for a
    signal against limits found from those very points, since a point far out widens them: for one
    point 1.128 (n - 1)² / n must pass 3, and alike for points two and three together.
    """

    marks: Callable
    points: int
    words: str
    parts: str
    many: int = 0
    sigma: float = 0
    ties_pass: bool = False
    with_own_limits: int = 0


_RUN = "{where}: {count} points in a row {side} the center line."
_TREND = "{where}: each {step} than the one before."
PATTERNS = {
    "long run": Pattern(_long_run, LEAST, _RUN, "runs"),
    "few crossings": Pattern(
        _few_crossings,
        LEAST,
        "The line crosses the center {crossings}, by chance at least {fewest_crossings}.",
        "all",
    ),
    "number of runs": Pattern(
        _number_of_runs,
        LEAST,
        "There are {runs} runs; by chance there would be {fewest_runs} to {most_runs}.",
        "all",
    ),
    "outside the limits": Pattern(
        _outside, 1, "{where} lies {side} the limits.", "each", with_own_limits=5
    ),
    "shift of 6": Pattern(_shift, 6, _RUN, "runs"),
    "shift of 7": Pattern(_shift, 7, _RUN, "runs"),
    "shift of 8": Pattern(_shift, 8, _RUN, "runs"),
    "shift of 9": Pattern(_shift, 9, _RUN, "runs"),
    "trend of 5": Pattern(_trend, 5, _TREND, "trends", ties_pass=True),
    "trend of 6": Pattern(_trend, 6, _TREND, "trends"),
    "trend of 7": Pattern(_trend, 7, _TREND, "trends"),
    "14 alternating": Pattern(
        _alternating,
        14,
        "{where}: fourteen or more points in a row go up and down in turn.",
        "any side",
    ),
    "2 of 3 far out": Pattern(
        _far_out,
        3,
        "{where}: three points in a row {side} the center line, two of them close to the limit.",
        "near",
        many=2,
        sigma=2,
        with_own_limits=5,
    ),
    "2 of 3 beyond 2 sigma": Pattern(
        _beyond,
        3,
        "{where}: two of three points in a row more than 2 sigma {side} the center line.",
        "near",
        many=2,
        sigma=2,
        with_own_limits=5,
    ),
    "4 of 5 beyond 1 sigma": Pattern(
        _beyond,
        5,
        "{where}: four of five points in a row more than 1 sigma {side} the center line.",
        "near",
        many=4,
        sigma=1,
        with_own_limits=6,
    ),
    "15 within 1 sigma": Pattern(
        _within,
        15,
        "{where}: fifteen or more points in a row nearer to the center line than chance would "
        "keep them.",
        "any side",
        sigma=1,
        with_own_limits=15,
    ),
    "8 beyond 1 sigma": Pattern(
        _both_sides,
        8,
        "{where}: eight or more points in a row on both sides, none of them near the center line.",
        "any side",
        sigma=1,
        with_own_limits=8,
    ),
}
# These find a signal in the chart as a whole, which no point of its own has made.
WHOLE_CHART = ("few crossings", "number of runs")

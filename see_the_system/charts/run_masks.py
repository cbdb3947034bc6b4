"""The run-chart and control-chart rules themselves, on many series at once: each marks the points
that take part in a signal.

``run_rules`` has them by the name of their set, with their sources. Points on the centre line are
left out of runs and crossings: they neither break nor extend one.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import comb
from scipy.stats import binom

LEAST = 10  # useful points: below, the tables of runs and of crossings say nothing
_NEEDS_LIMITS = {
    "outside the limits",
    "2 of 3 far out",
    "2 of 3 beyond 2 sigma",
    "4 of 5 beyond 1 sigma",
    "15 within 1 sigma",
    "8 beyond 1 sigma",
}
_NEAR = 1e-9  # of the spread: what rounding alone makes of two numbers that are the same
_NEVER = 10**6
# Points in a row, each higher, or each lower, than the one before; whether a tie is passed over
# (IHI) or ends the trend.
TRENDS = {"trend of 5": (5, True), "trend of 6": (6, False), "trend of 7": (7, False)}


@dataclass(frozen=True)
class Series:
    """Many series of the same length, one a row: value, centre and, where the chart has limits,
    sigma, lower and upper (2-D arrays).
    """

    value: np.ndarray
    centre: np.ndarray
    sigma: np.ndarray | None
    lower: np.ndarray | None
    upper: np.ndarray | None

    @property
    def side(self):
        """Where each point lies: 1 above the centre, -1 below, 0 on it (int8 array)."""
        away = self.value - self.centre
        room = (
            _NEAR * np.maximum(np.ptp(self.value, axis=1, keepdims=True), np.abs(self.centre))
            + 1e-300
        )
        return np.where(np.abs(away) <= room, 0, np.sign(away)).astype(np.int8)

    @property
    def away(self):
        """How many sigma each point lies from the centre (array); where sigma is 0, far for every
        point off the centre and unknown for those on it.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(
                (self.side == 0) & (self.sigma > 0), 0.0, (self.value - self.centre) / self.sigma
            )


def anhoej_limits(n):
    """The longest run and the fewest crossings that ``n`` useful points have by chance:
    (longest_max, crossings_min).

    Anhøj & Olesen 2014: a signal is a longest run above round(log2(n) + 3), or crossings below the
    5 % quantile of Binomial(n - 1, .5).

    >>> anhoej_limits(20)
    (7, 6)
    """
    return int(round(np.log2(n) + 3)), int(binom.ppf(0.05, n - 1, 0.5))


@lru_cache(maxsize=None)
def runs_range(n):
    """The fewest and most runs that ``n`` useful points have by chance, 2.5 % in each tail:
    (fewest, most).

    Exact, Swed & Eisenhart 1943, with half of the points on each side. Tables printed for quality
    improvement differ by one at some n.

    >>> runs_range(20)
    (7, 15)
    """
    chance = np.array([_chance_of_runs(runs, n // 2, n - n // 2) for runs in range(n + 1)])
    below, above = np.cumsum(chance), np.cumsum(chance[::-1])[::-1]
    return int(np.argmax(below > 0.025 + 1e-12)), int(n - np.argmax((above > 0.025 + 1e-12)[::-1]))


def counts(value, centre):
    """Of one series: points off the centre line, the longest run of them on one side, and how often
    they cross it (three ints).
    """
    side = one_series(value, centre).side
    useful = side[0][side[0] != 0]
    longest = run_lengths(side).max(initial=0)
    return len(useful), int(longest), int((np.diff(useful) != 0).sum())


def rule_mask(name, series):
    """Which points of many series (``Series``) take part in a signal of one rule (bool array); none
    where it needs limits and has none.
    """
    if name in _NEEDS_LIMITS and series.sigma is None:
        return np.zeros(series.value.shape, bool)
    return LOOK[name](series)


def run_lengths(side):
    """For every point off the centre the length of the run it is in, 0 for those on it (int array,
    series by points).
    """
    return np.where(side == 0, 0, _count(side) + _count(side[:, ::-1])[:, ::-1] - 1)


def _count(side):
    """How many points on the same side stand in a row up to each point; a 0 is passed over."""
    length, last = np.zeros(side.shape, int), np.zeros(len(side), np.int8)
    running = np.zeros(len(side), int)
    for i in range(side.shape[1]):
        here = side[:, i]
        running = np.where(here == 0, running, np.where(here == last, running + 1, 1))
        last = np.where(here == 0, last, here)
        length[:, i] = running
    return length


def _shift(least):
    return lambda series: run_lengths(series.side) >= least


def trend_steps(name, series):
    """The steps of a trend rule, 1 up and -1 down, 0 where a step is in none (int8 array, one less
    than points); ties: see ``TRENDS``.
    """
    points, ties_pass = TRENDS[name]
    step = np.diff(series.value, axis=1)
    room = _NEAR * np.ptp(series.value, axis=1, keepdims=True)
    way = np.where(np.abs(step) <= room, 0, np.sign(step)).astype(np.int8)
    return np.where(run_lengths(way if ties_pass else _broken(way)) >= points - 1, way, 0)


def _trend(name):
    def look(series):
        steps = trend_steps(name, series) != 0
        return np.pad(steps, ((0, 0), (1, 0))) | np.pad(steps, ((0, 0), (0, 1)))

    return look


def _broken(way):
    """Ties as a direction of their own, so that they end a trend."""
    return np.where(way == 0, 2, way).astype(np.int8)


def _alternating(points):
    def look(series):
        way = np.sign(np.diff(series.value, axis=1)).astype(np.int8)
        flips = np.where(way == 0, 0, way * np.where(np.arange(way.shape[1]) % 2, -1, 1)).astype(
            np.int8
        )
        steps = (run_lengths(_broken(flips)) >= points - 1) & (flips != 0)
        return np.pad(steps, ((0, 0), (1, 0))) | np.pad(steps, ((0, 0), (0, 1)))

    return look


def _outside(series):
    room = _NEAR * np.maximum(np.abs(series.centre), np.abs(series.upper - series.lower))
    return (series.value > series.upper + room) | (series.value < series.lower - room)


def _of(many, window, beyond):
    """``many`` of ``window`` points in a row beyond so many sigma on one side: the points beyond
    are marked.
    """

    def look(series):
        found = np.zeros(series.value.shape, bool)
        for way in (1, -1):
            out = way * series.away > beyond
            found |= out & _in_window(
                _windows(out, window).sum(axis=2) >= many, window, series.value.shape[1]
            )
        return found

    return look


def _far_out(series):
    """NHS: three in a row on one side, two of them between 2 and 3 sigma."""
    found = np.zeros(series.value.shape, bool)
    for way in (1, -1):
        near = way * series.away
        all_one_side = _windows(near > 0, 3).all(axis=2)
        two = _windows((near > 2) & (near <= 3), 3).sum(axis=2) >= 2
        found |= _in_window(all_one_side & two, 3, series.value.shape[1])
    return found


def _all_of(window, test):
    def look(series):
        held = _windows(test(series.away), window).all(axis=2)
        return _in_window(held, window, series.value.shape[1])

    return look


def _both_sides(window):
    def look(series):
        away = series.away
        held = (
            _windows(np.abs(away) > 1, window).all(axis=2)
            & _windows(away > 0, window).any(axis=2)
            & _windows(away < 0, window).any(axis=2)
        )
        return _in_window(held, window, series.value.shape[1])

    return look


def _windows(values, window):
    if values.shape[1] < window:
        return np.zeros((len(values), 0, window), values.dtype)
    return np.lib.stride_tricks.sliding_window_view(values, window, axis=1)


def _in_window(held, window, n):
    """The points that stand in any window that held (bool array)."""
    found = np.zeros((len(held), n), bool)
    for shift in range(window):
        found[:, shift : shift + held.shape[1]] |= held
    return found


def _long_run(series):
    side = series.side
    useful = (side != 0).sum(axis=1)
    longest = np.array(
        [anhoej_limits(n)[0] if n >= LEAST else _NEVER for n in range(side.shape[1] + 1)]
    )
    return run_lengths(side) > longest[useful][:, None]


def _few_crossings(series):
    side = series.side
    useful = (side != 0).sum(axis=1)
    fewest = np.array([anhoej_limits(n)[1] if n >= LEAST else -1 for n in range(side.shape[1] + 1)])
    return (_crossings(side) < fewest[useful])[:, None] & (side != 0)


def _number_of_runs(series):
    side = series.side
    useful, runs = (side != 0).sum(axis=1), _crossings(side) + 1
    allowed = np.array(
        [runs_range(n) if n >= LEAST else (0, _NEVER) for n in range(side.shape[1] + 1)]
    )[useful]
    return ((runs < allowed[:, 0]) | (runs > allowed[:, 1]))[:, None] & (side != 0)


def _crossings(side):
    """How often each series crosses its centre (int array): a run's first point after another run
    is a crossing.
    """
    first = (_count(side) == 1) & (side != 0)
    return np.maximum(first.sum(axis=1) - 1, 0)


def _chance_of_runs(runs, one, other):
    """The chance of so many runs of ``one`` and ``other`` points in random order (Wald & Wolfowitz
    1940).
    """
    if runs < 2 or runs > one + other:
        return 0.0
    half, ways = runs // 2, comb(one + other, one)
    if runs % 2 == 0:
        return 2 * comb(one - 1, half - 1) * comb(other - 1, half - 1) / ways
    return (
        comb(one - 1, half) * comb(other - 1, half - 1)
        + comb(one - 1, half - 1) * comb(other - 1, half)
    ) / ways


LOOK = {
    "long run": _long_run,
    "few crossings": _few_crossings,
    "number of runs": _number_of_runs,
    "outside the limits": _outside,
    "shift of 6": _shift(6),
    "shift of 7": _shift(7),
    "shift of 8": _shift(8),
    "shift of 9": _shift(9),
    **{name: _trend(name) for name in TRENDS},
    "14 alternating": _alternating(14),
    "2 of 3 far out": _far_out,
    "2 of 3 beyond 2 sigma": _of(2, 3, 2),
    "4 of 5 beyond 1 sigma": _of(4, 5, 1),
    "15 within 1 sigma": _all_of(15, lambda away: np.abs(away) < 1),
    "8 beyond 1 sigma": _both_sides(8),
}


def one_series(value, centre, sigma=None, lower=None, upper=None):
    """One series as ``Series``."""
    value = np.asarray(value, float)[None]
    rows = [
        None
        if array is None or np.isnan(np.asarray(array, float)).all()
        else np.broadcast_to(np.asarray(array, float), value.shape[1:])[None]
        for array in (centre, sigma, lower, upper)
    ]
    return Series(value, *rows)

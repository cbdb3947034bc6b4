"""Many series of one length at once: where their points lie and how they follow each other.

Points on the centre line are left out of runs and crossings: they neither break nor extend one.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy.special import comb
from scipy.stats import binom

LEAST = 10  # useful points: below, neither table says anything


@cache
def anhoej_limits(n):
    """The longest run and the fewest crossings that ``n`` useful points have by chance.

    Anhøj & Olesen 2014: a signal is a longest run above round(log2(n) + 3), or crossings below the
    5 % quantile of Binomial(n - 1, .5).

    >>> anhoej_limits(20)
    (7, 6)
    """
    return round(np.log2(n) + 3), int(binom.ppf(0.05, n - 1, 0.5))


@cache
def runs_range(n):
    """The fewest and the most runs that ``n`` useful points have by chance, 2.5 % in each tail.

    Exact, Swed & Eisenhart 1943, with half of the points on each side. Tables printed for quality
    improvement differ by one at some n.

    >>> runs_range(20)
    (7, 15)
    """
    chance = np.array([_chance_of_runs(runs, n // 2, n - n // 2) for runs in range(n + 1)])
    in_a_tail = 0.025 + 1e-12
    fewest = np.argmax(np.cumsum(chance) > in_a_tail)
    most = n - np.argmax(np.cumsum(chance[::-1]) > in_a_tail)
    return int(fewest), int(most)


def _chance_of_runs(runs, above, below):
    """The chance of so many runs of points in random order (Wald & Wolfowitz 1940)."""
    if runs < 2 or runs > above + below:
        return 0.0
    # With an odd number of runs one side has one run more than the other.
    few = runs // 2 - 1
    many = (runs - 1) // 2
    ways = comb(above - 1, many) * comb(below - 1, few)
    ways += comb(above - 1, few) * comb(below - 1, many)
    return ways / comb(above + below, above)


NEAR = 1e-9  # of the spread: what rounding alone makes of two numbers that are the same


@dataclass(frozen=True)
class Series:
    """Many series, one a row (2-D arrays); sigma, lower and upper are NaN without limits."""

    value: np.ndarray
    centre: np.ndarray
    sigma: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @cached_property
    def side(self):
        """Where each point lies: 1 above the centre, -1 below, 0 on it (int8 array)."""
        away = self.value - self.centre
        size = np.maximum(np.ptp(self.value, axis=1, keepdims=True), np.abs(self.centre))
        # Room enough that a series of zeros lies on its centre of 0 too.
        return np.where(np.abs(away) <= NEAR * size + 1e-300, 0, np.sign(away)).astype(np.int8)

    @cached_property
    def away(self):
        """How many sigma each point lies from the centre (array).

        Where sigma is 0, far for every point off the centre and unknown for those on it.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            away = (self.value - self.centre) / self.sigma
        return np.where((self.side == 0) & (self.sigma > 0), 0.0, away)


def one_series(points, inside):
    """Of arrays as ``Series`` has them those points that are ``inside``, as one row."""
    arrays = (points.value, points.centre, points.sigma, points.lower, points.upper)
    return Series(*(array[None, inside] for array in arrays))


def counts(series):
    """Of one series: points off the centre line, their longest run on one side, their crossings."""
    side = series.side
    useful = int((side != 0).sum())
    return useful, int(run_lengths(side).max(initial=0)), int(crossings(side)[0])


def run_lengths(side):
    """The length of the run that each point is in, 0 for those on the centre (int array)."""
    forwards = _place_in_run(side)
    backwards = _place_in_run(side[:, ::-1])[:, ::-1]
    return np.where(side == 0, 0, forwards + backwards - 1)


def crossings(side):
    """How often each series crosses its centre (int array)."""
    # Every run but the first begins with a crossing.
    begins = (_place_in_run(side) == 1) & (side != 0)
    return np.maximum(begins.sum(axis=1) - 1, 0)


def _place_in_run(side):
    """How many points on the same side stand in a row up to each point; a 0 is passed over."""
    place = np.zeros(side.shape, int)
    latest_side = np.zeros(len(side), np.int8)
    length = np.zeros(len(side), int)
    for i in range(side.shape[1]):
        here = side[:, i]
        grown = np.where(here == latest_side, length + 1, 1)
        length = np.where(here == 0, length, grown)
        latest_side = np.where(here == 0, latest_side, here)
        place[:, i] = length
    return place


def steps(value, room=0.0):
    """Each step from point to point (int8 array): 1 up, -1 down, 0 where no more than ``room``."""
    step = np.diff(value, axis=1)
    return np.where(np.abs(step) <= room, 0, np.sign(step)).astype(np.int8)


def ties_apart(step):
    """Steps with ties as a direction of their own, so that a tie ends what a 0 would pass over."""
    return np.where(step == 0, 2, step).astype(np.int8)


def ends_of(step):
    """The points at either end of the steps that are marked (bool array, one longer)."""
    before, after = ((0, 0), (1, 0)), ((0, 0), (0, 1))
    return np.pad(step, before) | np.pad(step, after)


def windows(values, size):
    """Every stretch of ``size`` points in a row, on a last axis of its own (array)."""
    if values.shape[1] < size:
        return np.zeros((len(values), 0, size), values.dtype)
    return np.lib.stride_tricks.sliding_window_view(values, size, axis=1)


def in_windows(held, size, n):
    """Which of ``n`` points stand in any of the ``windows`` that are marked (bool array)."""
    found = np.zeros((len(held), n), bool)
    for place in range(size):
        found[:, place : place + held.shape[1]] |= held
    return found

"""Many series of one length at once: where their points lie and how they follow each other.

Points on the centre line are left out of runs and crossings: they neither break nor extend one.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

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
    """Of arrays as ``Series`` has them those points that are ``inside`` (bool array), as one row."""
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

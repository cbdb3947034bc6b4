"""The centre line and the limits of a chart, from its baseline alone.

Constants: 3 / 1.128 for individuals and 3.267 for moving ranges (Montgomery, *Introduction to
Statistical Quality Control*; 3 / d2 to four digits is 2.6587, so others differ by 0.03 %). Limits
are three sigma on either side; where those leave the possible, or a small group makes them
misleading, the exact binomial or Poisson tails of the same chance (0.135 % on each side) take their
place.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from scipy.special import comb
from scipy.stats import binom, norm, poisson

from see_the_system.charts.points import PER_CENT, PER_N

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


D2, D4 = 1.128, 3.267  # of moving ranges of two
TAIL = norm.sf(3)
# Nelson 1994, Journal of Quality Technology 26:239: time between events to the power 1 / 3.6 is
# near normal
WEIBULL = 3.6
LEAST_EXPECTED = 5  # below so many expected on either side, three sigma are misleading
TAILS = ("auto", "exact", "sigma")


@dataclass(frozen=True)
class Limits(Series):
    """For each point the centre, one sigma and the limits, NaN where a chart has none.

    All in the scale in which rules look at them: ``value`` is what rules look at; ``shown`` turns a
    value of the scale into one of the chart. ``exact``: which points have exact tails. ``sigma_z``:
    the spread over what the counts alone would give (p', u'). ``moving_range``: the mean moving
    range, and its upper limit.
    """

    exact: np.ndarray
    sigma_z: float = np.nan
    moving_range: tuple = (np.nan, np.nan)
    power: float = 1.0

    def shown(self, values):
        """Values of the rules' scale as the chart shows them (array)."""
        return values if self.power == 1 else np.clip(values, 0, None) ** self.power

    def lines(self):
        """The centre, the limits and their sigma as the chart shows them (dict of columns)."""
        return {
            "centre": self.shown(self.centre),
            # Where the rules look at another scale than the chart shows, it has no one size.
            "sigma": self.sigma if self.power == 1 else np.nan,
            "lower": self.shown(self.lower),
            "upper": self.shown(self.upper),
            "exact": self.exact,
        }


def limits(points, kind, base, *, tails="auto", screen=False):
    """The limits of every row of ``points.read_points`` from its baseline (``Limits``).

    points: such a frame, or a dict of its columns as arrays of many series with the points on the
    last axis. base: bool array, the points of the baseline. tails: exact binomial or Poisson tails
    where needed ("auto"), everywhere, or nowhere ("sigma"). screen: moving ranges above their own
    limit are left out once before the spread is found (Nelson 1982, Journal of Quality Technology
    14:172).
    """
    if kind == "c" or kind in PER_N:
        return _rates(points, base, kind, tails, screen)
    return _values(points, base, kind, screen)


def limits_of_phases(points, kind, base, phase, **options):
    """The limits of every point, each phase from its own baseline (``Limits``).

    phase: 0, 1, ... for each point; the rest as for ``limits``. What is one number is that of the
    last phase.
    """
    parts = []
    for number in range(phase.max() + 1):
        inside = phase == number
        parts.append(limits(points[inside], kind, base[inside], **options))
    joined = {}
    for name in ("value", "centre", "sigma", "lower", "upper", "exact"):
        joined[name] = np.concatenate([getattr(part, name) for part in parts])
    return replace(parts[-1], **joined)


def moving_range(values, screen=False):
    """The mean moving range of values in order (the last axis), and its upper limit.

    screen: ranges above that limit are left out once.

    >>> float(moving_range([4.0, 6.0, 5.0])[0])
    1.5
    """
    ranges = np.abs(np.diff(values))
    mean = ranges.mean(axis=-1)
    if screen:
        kept = ranges < D4 * mean[..., None]
        mean_kept = (ranges * kept).sum(axis=-1) / np.maximum(kept.sum(axis=-1), 1)
        mean = np.where(kept.any(axis=-1), mean_kept, mean)[()]
    return mean, D4 * mean


def _values(points, base, kind, screen):
    """Charts of values: run, XmR, and t as an XmR chart of the time to the power 1 / ``WEIBULL``.

    g: events between rare events, the median with the limits of the geometric mean (Benneyan 2001).
    """
    power = WEIBULL if kind == "t" else 1.0
    value = np.asarray(points["value"], float) ** (1 / power)
    exact = np.zeros(value.shape, bool)
    middle = _level(value, np.median(value[..., base], axis=-1))
    if kind == "run":
        nothing = np.full(value.shape, np.nan)
        return Limits(value, middle, nothing, nothing, nothing, exact)
    mean = _level(value, value[..., base].mean(axis=-1))
    if kind == "g":
        sigma = np.sqrt(mean * (mean + 1))
        return Limits(value, middle, sigma, np.zeros(value.shape), mean + 3 * sigma, exact)
    ranges = moving_range(value[..., base], screen)
    sigma = _level(value, ranges[0] / D2)
    lower, upper = mean - 3 * sigma, mean + 3 * sigma
    how = {"moving_range": ranges, "power": power}
    return Limits(value, mean, sigma, lower, upper, exact, **how)


def _rates(points, base, kind, tails, screen):
    """p, u, c and their primes: limits step with n."""
    count = np.asarray(points["count"], float)
    n = np.ones(len(base)) if kind == "c" else np.asarray(points["n"], float)
    percent = kind in PER_CENT
    most = 1 if percent else np.inf
    centre = (count[..., base].sum(axis=-1) / n[base].sum())[..., None]
    sigma = np.sqrt(centre * (1 - centre) / n) if percent else np.sqrt(centre / n)
    sigma_z = np.nan
    if kind.endswith("prime"):
        # A baseline that is all 0 or all 100 percent has a sigma of 0, and lies on the centre.
        z = (count / n - centre) / np.where(sigma > 0, sigma, np.inf)
        sigma_z = moving_range(z[..., base], screen)[0] / D2
        sigma = sigma * sigma_z[..., None]
        tails = "sigma"  # exact tails are those of counts alone, which p' and u' say do not hold
    lower = centre - 3 * sigma
    upper = centre + 3 * sigma
    exact = np.full(count.shape, tails == "exact")
    if tails == "auto":
        few = np.minimum(centre, most - centre) * n < LEAST_EXPECTED
        exact = few | (lower < 0) | (upper > most)
    if exact.any():
        low, high = _exact_tails(centre[..., 0], n, percent)
        lower = np.where(exact, low, lower)
        upper = np.where(exact, high, upper)
    scale = 100 if percent else 1
    return Limits(
        scale * (count / n),
        scale * np.broadcast_to(centre, count.shape),
        scale * sigma,
        scale * np.clip(lower, 0, None),
        scale * np.clip(upper, None, most),
        exact,
        sigma_z=sigma_z,
    )


def _level(value, level):
    """A level of each series, at each of its points (array)."""
    return np.broadcast_to(np.asarray(level)[..., None], value.shape)


def _exact_tails(centre, n, percent):
    """The counts, over n, that chance passes with ``TAIL`` or less on either side (two arrays)."""
    # Many series share few centres and few sizes, and a tail is slow to find: each pair once.
    centres, row = np.unique(centre, return_inverse=True)
    sizes, column = np.unique(n, return_inverse=True)
    row = row.reshape(np.shape(centre))
    chance = binom(sizes, centres[:, None]) if percent else poisson(sizes * centres[:, None])
    low, high = chance.ppf(TAIL) / sizes, chance.ppf(1 - TAIL) / sizes
    return low[row][..., column], high[row][..., column]

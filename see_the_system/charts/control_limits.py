"""The centre line and the limits of a chart, from its baseline alone.

Constants: 3 / 1.128 for individuals and 3.267 for moving ranges (Montgomery, *Introduction to
Statistical Quality Control*; 3 / d2 to four digits is 2.6587, so others differ by 0.03 %). Limits
are three sigma on either side; where those leave the possible, or a small group makes them
misleading, the exact binomial or Poisson tails of the same chance (0.135 % on each side) take their
place.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import binom, norm, poisson

from see_the_system.charts.many_series import Series
from see_the_system.charts.points import PER_CENT, PER_N

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

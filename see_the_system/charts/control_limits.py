"""The centre line and the limits of a chart, from its baseline alone.

Constants: 3 / 1.128 for individuals and 3.267 for moving ranges (Montgomery, *Introduction to
Statistical Quality Control*; 3 / d2 to four digits is 2.6587, so others differ by 0.03 %). Limits
are three sigma on either side; where those leave the possible, or a small group makes them
misleading, the exact binomial or Poisson tails of the same chance (0.135 % on each side) take their
place.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm, poisson

from see_the_system.charts.points import PER_CENT

D2, D4 = 1.128, 3.267  # of moving ranges of two
TAIL = norm.sf(3)
# Nelson 1994, Journal of Quality Technology 26:239: time between events to the power 1 / 3.6 is
# near normal
WEIBULL = 3.6
LEAST_EXPECTED = 5  # below so many expected on either side, three sigma are misleading
TAILS = ("auto", "exact", "sigma")


@dataclass(frozen=True)
class Limits:
    """For each point the centre, one sigma and the limits, in the ``scale`` in which rules look at
    them; NaN where a chart has none.

    ``value`` is what rules look at; ``shown`` turns a value of the scale into one of the chart.
    ``exact``: which points have exact tails. ``sigma_z``: the spread over what the counts alone
    would give (p', u'). ``moving_range``: the mean moving range, and its upper limit.
    """

    value: np.ndarray
    centre: np.ndarray
    sigma: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    exact: np.ndarray
    sigma_z: float = np.nan
    moving_range: tuple = (np.nan, np.nan)
    power: float = 1.0

    def shown(self, values):
        """Values of the rules' scale as the chart shows them (array)."""
        return values if self.power == 1 else np.clip(values, 0, None) ** self.power


def limits(points, kind, base, *, tails="auto", screen=False):
    """The limits of every row of ``run_points.read_points`` from the rows of the baseline
    (``Limits``).

    points: such a frame, or a dict of its columns as arrays of many series with the points on the
    last axis. base: bool array, the points of the baseline. tails: exact binomial or Poisson tails
    where needed ("auto"), everywhere, or nowhere ("sigma"). screen: moving ranges above their own
    limit are left out once before the spread is found (Nelson 1982, Journal of Quality Technology
    14:172).
    """
    find = {"run": _median, "xmr": _individuals, "t": _times, "c": _counts, "g": _between}.get(
        kind, _rates
    )
    return find(points, base, kind=kind, tails=tails, screen=screen)


def moving_range(values, screen=False):
    """The mean moving range of values in order (the last axis), and its upper limit; screened
    ranges are left out once.

    >>> float(moving_range([4.0, 6.0, 5.0])[0])
    1.5
    """
    ranges = np.abs(np.diff(values))
    mean = ranges.mean(axis=-1)
    if screen:
        kept = ranges < D4 * mean[..., None]
        mean = np.where(
            kept.any(axis=-1), (ranges * kept).sum(axis=-1) / np.maximum(kept.sum(axis=-1), 1), mean
        )[()]
    return mean, D4 * mean


def _median(points, base, **_):
    value = np.asarray(points["value"], float)
    nothing = np.full(value.shape, np.nan)
    return Limits(
        value,
        _level(value, np.median(value[..., base], axis=-1)),
        nothing,
        nothing,
        nothing,
        np.zeros(value.shape, bool),
    )


def _individuals(points, base, *, screen, power=1.0, **_):
    value = np.asarray(points["value"], float) ** (1 / power)
    mean, upper = moving_range(value[..., base], screen)
    centre, sigma = _level(value, value[..., base].mean(axis=-1)), _level(value, mean / D2)
    return Limits(
        value,
        centre,
        sigma,
        centre - 3 * sigma,
        centre + 3 * sigma,
        np.zeros(value.shape, bool),
        moving_range=(mean, upper),
        power=power,
    )


def _times(points, base, *, screen, **_):
    return _individuals(points, base, screen=screen, power=WEIBULL)


def _rates(points, base, *, kind, tails, screen):
    """p, u and their primes: limits step with n."""
    count, n = np.asarray(points["count"], float), np.asarray(points["n"], float)
    whole = kind in PER_CENT
    centre = (count[..., base].sum(axis=-1) / n[base].sum())[..., None]
    sigma = np.sqrt(centre * (1 - centre) / n) if whole else np.sqrt(centre / n)
    times, prime = np.ones(count.shape[:-1]), kind.endswith("prime")
    if prime:
        z = (count / n - centre) / np.where(sigma > 0, sigma, np.inf)
        times = moving_range(z[..., base], screen)[0] / D2
    spread = sigma * times[..., None]
    lower, upper = centre - 3 * spread, centre + 3 * spread
    exact = np.zeros(count.shape, bool)
    if not prime:
        few = (
            (np.minimum(centre, 1 - centre if whole else np.inf) * n < LEAST_EXPECTED)
            | (lower < 0)
            | (whole & (upper > 1))
        )
        exact = few if tails == "auto" else np.full(count.shape, tails == "exact")
        low, high = _tails(centre[..., 0], n, whole)
        lower, upper = np.where(exact, low, lower), np.where(exact, high, upper)
    scale = 100 if whole else 1
    lower, upper = np.clip(lower, 0, None), np.clip(upper, None, 1) if whole else upper
    centres = np.broadcast_to(centre, count.shape)
    return Limits(
        *(scale * each for each in (count / n, centres, spread, lower, upper)),
        exact,
        sigma_z=times[()] if prime else np.nan,
    )


def _counts(points, base, **options):
    return _rates({"count": points["count"], "n": np.ones(len(base))}, base, **options)


def _between(points, base, **_):
    """g: events between rare events; the centre is the median, the limits are those of the
    geometric mean (Benneyan 2001).
    """
    value = np.asarray(points["value"], float)
    mean = _level(value, value[..., base].mean(axis=-1))
    sigma = np.sqrt(mean * (mean + 1))
    middle = _level(value, np.median(value[..., base], axis=-1))
    return Limits(
        value, middle, sigma, np.zeros(value.shape), mean + 3 * sigma, np.zeros(value.shape, bool)
    )


def _level(value, of):
    return np.broadcast_to(np.asarray(of)[..., None], value.shape)


def _tails(centre, n, whole):
    """The counts that chance passes with ``TAIL`` or less on either side, over n; each pair of a
    centre and a number is looked up once.
    """
    (centres, row), (sizes, column) = (
        np.unique(centre, return_inverse=True),
        np.unique(n, return_inverse=True),
    )
    of = (sizes, centres[:, None]) if whole else (sizes * centres[:, None],)
    found = ((binom if whole else poisson).ppf(tail, *of) / sizes for tail in (TAIL, 1 - TAIL))
    return tuple(table[row.reshape(np.shape(centre))][..., column] for table in found)

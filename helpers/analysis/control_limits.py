"""The centre line and the limits of a chart, from its baseline alone.

Constants: 3 / 1.128 for individuals and 3.267 for moving ranges (Montgomery, *Introduction to Statistical Quality Control*; 3 / d2 to four
digits is 2.6587, so others differ by 0.03 %). Limits are three sigma on either side; where those leave the possible, or a small group makes them
misleading, the exact binomial or Poisson tails of the same chance (0.135 % on each side) take their place.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm, poisson

from helpers.analysis.run_points import PER_CENT

D2, D4 = 1.128, 3.267  # of moving ranges of two
TAIL = norm.sf(3)
WEIBULL = 3.6  # Nelson 1994, Journal of Quality Technology 26:239: time between events to the power 1 / 3.6 is near normal
LEAST_EXPECTED = 5  # below so many expected on either side, three sigma are misleading
TAILS = ("auto", "exact", "sigma")


@dataclass(frozen=True)
class Limits:
    """For each point the centre, one sigma and the limits, in the ``scale`` in which rules look at them; NaN where a chart has none.

    ``value`` is what rules look at; ``shown`` turns a value of the scale into one of the chart. ``exact``: which points have exact tails.
    ``sigma_z``: the spread over what the counts alone would give (p', u'). ``moving_range``: the mean moving range, and its upper limit.
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


def limits(frame, kind, base, *, tails="auto", screen=False):
    """The limits of every row of ``run_points.read_points`` from the rows of the baseline (``Limits``).

    base: bool array, the rows of the baseline. tails: exact binomial or Poisson tails where needed ("auto"), everywhere, or nowhere ("sigma").
    screen: moving ranges above their own limit are left out once before the spread is found (Nelson 1982, Journal of Quality
    Technology 14:172).
    """
    find = {"run": _median, "xmr": _individuals, "t": _times, "c": _counts, "g": _between}.get(kind, _rates)
    return find(frame, base, kind=kind, tails=tails, screen=screen)


def moving_range(values, screen=False):
    """The mean moving range of values in order, and its upper limit (two floats); screened ranges are left out once.

    >>> moving_range([4.0, 6.0, 5.0])[0]
    1.5
    """
    ranges = np.abs(np.diff(values))
    mean = ranges.mean()
    if screen:
        kept = ranges < D4 * mean
        mean = ranges[kept].mean() if kept.any() else mean
    return float(mean), float(D4 * mean)


def _median(frame, base, **_):
    value = frame["value"].to_numpy()
    nothing = np.full(len(value), np.nan)
    return Limits(value, np.full(len(value), np.median(value[base])), nothing, nothing, nothing, np.zeros(len(value), bool))


def _individuals(frame, base, *, screen, power=1.0, **_):
    value = frame["value"].to_numpy() ** (1 / power)
    mean, upper = moving_range(value[base], screen)
    centre, sigma = np.full(len(value), value[base].mean()), np.full(len(value), mean / D2)
    return Limits(
        value, centre, sigma, centre - 3 * sigma, centre + 3 * sigma, np.zeros(len(value), bool), moving_range=(mean, upper), power=power
    )


def _times(frame, base, *, screen, **_):
    return _individuals(frame, base, screen=screen, power=WEIBULL)


def _rates(frame, base, *, kind, tails, screen):
    """p, u and their primes: limits step with n."""
    count, n = frame["count"].to_numpy(), frame["n"].to_numpy()
    whole = kind in PER_CENT
    centre = count[base].sum() / n[base].sum()
    sigma = np.sqrt(centre * (1 - centre) / n) if whole else np.sqrt(centre / n)
    times, prime = 1.0, kind.endswith("prime")
    if prime:
        z = (count / n - centre) / np.where(sigma > 0, sigma, np.inf)
        times = moving_range(z[base], screen)[0] / D2
    lower, upper = centre - 3 * sigma * times, centre + 3 * sigma * times
    exact = np.zeros(len(n), bool)
    if not prime:
        few = (np.minimum(centre, 1 - centre if whole else np.inf) * n < LEAST_EXPECTED) | (lower < 0) | (whole & (upper > 1))
        exact = few if tails == "auto" else np.full(len(n), tails == "exact")
        low, high = _tails(centre, n, whole)
        lower, upper = np.where(exact, low, lower), np.where(exact, high, upper)
    scale = 100 if whole else 1
    lower, upper = np.clip(lower, 0, None), np.clip(upper, None, 1) if whole else upper
    centres = np.full(len(n), centre)
    return Limits(*(scale * each for each in (count / n, centres, sigma * times, lower, upper)), exact, sigma_z=times if prime else np.nan)


def _counts(frame, base, **options):
    return _rates(frame.assign(n=1.0), base, **options)


def _between(frame, base, **_):
    """g: events between rare events; the centre is the median, the limits are those of the geometric mean (Benneyan 2001)."""
    value = frame["value"].to_numpy()
    mean = value[base].mean()
    sigma = np.full(len(value), np.sqrt(mean * (mean + 1)))
    return Limits(
        value, np.full(len(value), np.median(value[base])), sigma, np.zeros(len(value)), mean + 3 * sigma, np.zeros(len(value), bool)
    )


def _tails(centre, n, whole):
    """The counts that chance passes with ``TAIL`` or less on either side, over n."""
    if whole:
        return binom.ppf(TAIL, n, centre) / n, binom.ppf(1 - TAIL, n, centre) / n
    return poisson.ppf(TAIL, centre * n) / n, poisson.ppf(1 - TAIL, centre * n) / n

"""How often a rule set signals with nothing going on, how often it finds a change, and what it
cannot find yet.

Rates come from seeded series of independent noise to which the very rules of ``rules`` are applied,
centre and limits found as the chart finds them. ``false_alarm_rate`` and ``power`` draw normal
noise, for planning; ``chart_false_alarms`` draws what a chart itself would be with nothing going
on: counts where it counts. A class measured again and again is less independent than that, and
signals more often.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from see_the_system.charts.control_limits import (
    D2,
    LEAST,
    Series,
    anhoej_limits,
    limits,
    moving_range,
)
from see_the_system.charts.points import PER_N
from see_the_system.charts.rules import PATTERNS, mask, rules_of

SERIES = 4_000
# The others that have limits know their spread from their counts.
BY_MOVING_RANGE = ("xmr", "t", "p_prime", "u_prime")
MEDIAN = ("run", "g")
OFTEN, LONG_BASELINE = 0.2, 20  # where a baseline is said to be short, and what is said to be long


class Rate(NamedTuple):
    """How often a rule set signals at least once (0 to 1).

    ``error``: the standard error that the number of simulated series leaves.
    """

    rate: float
    error: float


def false_alarm_rate(rules, n, *, kind="run", baseline=None):
    """How often a chart of ``n`` points signals with nothing going on (``Rate``).

    Centre and limits are those of the first ``baseline`` points, or of all.
    """
    return power(rules, n, kind=kind, baseline=baseline, shift=0.0)


@lru_cache(maxsize=512)
def power(rules, n, *, kind="run", baseline=None, shift=1.0, at=None):
    """How often a chart of ``n`` points signals when its level moves (``Rate``).

    It moves by ``shift`` SDs after ``at`` points, half of them unless said.
    """
    at = n // 2 if at is None else at
    value = _same_draws().standard_normal((SERIES, n))
    value[:, at:] += shift
    base = value[:, :baseline]
    middle = np.median(base, axis=1) if kind in MEDIAN else base.mean(axis=1)
    centre = np.broadcast_to(middle[:, None], value.shape)
    spread = np.full(SERIES, np.nan if kind == "run" else 1.0)
    if kind in BY_MOVING_RANGE:
        spread = moving_range(base)[0] / D2
    sigma = np.broadcast_to(spread[:, None], value.shape)
    return _share(rules, Series(value, centre, sigma, centre - 3 * sigma, centre + 3 * sigma))


def chart_false_alarms(rules, points, kind, base, *, tails="auto", screen=False):
    """How often a chart like this one signals with nothing going on (``Rate``).

    points, kind, base, tails, screen: as ``control_limits.limits`` takes them. The series have the
    chart's numbers counted, its baseline's rate and its limits: binomial for p, Poisson for u and
    c, geometric for g, exponential for t, normal with the spread found for the others.
    """
    base = np.asarray(base, bool)
    n, rate, spread = None, 0.0, 1.0
    if kind in PER_N:
        n = np.asarray(points["n"], float)
        rate = float(np.asarray(points["count"], float)[base].sum() / n[base].sum())
    elif kind in ("c", "g"):
        rate = float(np.asarray(points["count" if kind == "c" else "value"], float)[base].mean())
    if kind.endswith("prime"):
        spread = float(limits(points, kind, base, tails=tails, screen=screen).sigma_z)
    counted = None if n is None else tuple(n)
    return _chart_rate(rules, kind, tuple(base), counted, rate, spread, tails, screen)


def phases_false_alarms(rules, points, kind, base, phase, **options):
    """Of a chart with phases: how often any of them signals with nothing going on (``Rate``).

    phase: 0, 1, ... for each point; the rest as for ``chart_false_alarms``.
    """
    quiet, errors = [], []
    for number in range(phase.max() + 1):
        inside = phase == number
        found = chart_false_alarms(rules, points[inside], kind, base[inside], **options)
        quiet.append(1 - found.rate)
        errors.append(found.error**2)
    return Rate(float(1 - np.prod(quiet)), float(np.sqrt(sum(errors))))


def with_longer_baseline(rate, rules, points, kind, base, phase, baseline, **options):
    """The false-alarm rate if the present phase had ``LONG_BASELINE`` points as baseline (float).

    NaN unless the chart's own ``rate`` is high and that phase has a short frozen ``baseline``.
    """
    present = phase == phase[-1]
    short = baseline and baseline < LONG_BASELINE < present.sum()
    if rate < OFTEN or not short:
        return np.nan
    long = base.copy()
    long[present] = np.arange(present.sum()) < LONG_BASELINE
    return phases_false_alarms(rules, points, kind, long, phase, **options).rate


@lru_cache(maxsize=512)
def _chart_rate(rules, kind, base, n, rate, spread, tails, screen):
    drawn = _noise(kind, len(base), None if n is None else np.array(n), rate, spread)
    return _share(rules, limits(drawn, kind, np.array(base), tails=tails, screen=screen))


def _noise(kind, points, n, rate, spread):
    """Series with nothing going on, as ``control_limits.limits`` takes them.

    A dict of arrays, series by points.
    """
    draw = _same_draws()
    shape = (SERIES, points)
    match kind:
        case "p":
            return {"count": draw.binomial(n.astype(int), rate, shape), "n": n}
        case "u":
            return {"count": draw.poisson(rate * n, shape), "n": n}
        case "c":
            return {"count": draw.poisson(rate, shape)}
        case "p_prime" | "u_prime":
            most = 1 if kind == "p_prime" else None
            sigma = spread * np.sqrt(rate * (1 - rate if most else 1) / n)
            rates = rate + sigma * draw.standard_normal(shape)
            return {"count": n * np.clip(rates, 0, most), "n": n}
        case "g":
            return {"value": draw.geometric(1 / (1 + rate), shape) - 1}
        case "t":
            return {"value": draw.standard_exponential(shape)}
    return {"value": draw.standard_normal(shape)}


def _same_draws():
    """The generator of every simulation: the same chart has the same rate on every machine."""
    return np.random.Generator(np.random.PCG64(20_140_603))


def _share(rules, series):
    """The share of series that have any signal (``Rate``)."""
    rate = float(mask(rules, series).any(axis=1).mean())
    # A rate of 0 is known to one series in so many, and no better.
    return Rate(rate, float(np.sqrt(max(rate * (1 - rate), 1 / SERIES) / SERIES)))


def impossible(rules, n, *, kind="run", baseline=None):
    """The rules of a set that no data could make signal at ``n`` points (tuple of text)."""
    return tuple(name for name in rules_of(rules) if not _possible(name, n, kind, baseline))


def cannot_signal(rules, n, *, kind="run", baseline=None):
    """Why a chart of ``n`` points cannot signal yet, whatever the data (text).

    "" where some rule of the set could.

    >>> cannot_signal("anhoej", 8)
    'This chart cannot signal yet: it has 8 points, and these rules need 10. Keep measuring.'
    """
    enough = n
    while impossible(rules, enough, kind=kind, baseline=baseline) == rules_of(rules):
        enough += 1
    if enough == n:
        return ""
    return (
        f"This chart cannot signal yet: it has {n} points, and these rules need {enough}. Keep "
        "measuring."
    )


def _possible(name, n, kind, baseline):
    """Whether some data could make a rule signal at ``n`` points (bool)."""
    rule = PATTERNS[name]
    frozen = baseline is not None and baseline < n
    if rule.parts in ("runs", "all"):
        # The median of an odd number of points is one of them.
        useful = n - n % 2 if kind in MEDIAN and not frozen else n
        side = _most_on_one_side(n, kind, baseline if frozen else n)
        if name == "long run":
            return useful >= LEAST and side > anhoej_limits(useful)[0]
        return (useful if rule.parts == "all" else side) >= rule.points
    if not rule.with_own_limits:
        return n >= rule.points
    if kind == "run":
        return False
    own_limits = not frozen and kind in (*BY_MOVING_RANGE, "g")
    return n >= (rule.with_own_limits if own_limits else rule.points)


def _most_on_one_side(n, kind, baseline):
    """How many points can lie on one side of a centre found from ``baseline`` of them (int)."""
    return n - baseline + (baseline // 2 if kind in MEDIAN else baseline - 1)

"""How often a rule set signals with nothing going on, how often it finds a change, and what it
cannot find yet.

Rates come from seeded series of independent noise to which the very rules of ``run_masks`` are
applied, centre and limits found as the chart finds them. ``false_alarm_rate`` and ``power`` draw
normal noise, for planning; ``chart_false_alarms`` draws what a chart itself would be with nothing
going on: counts where it counts. A class measured again and again is less independent than that,
and signals more often.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from see_the_system.charts.control_limits import D2, limits
from see_the_system.charts.rules import mask, rules_of
from see_the_system.charts.run_masks import LEAST, anhoej_limits

SERIES = 4_000
BY_MOVING_RANGE = (
    "xmr",
    "t",
    "p_prime",
    "u_prime",
)  # the others with limits know their spread from their counts
MEDIAN = ("run", "g")


class Rate(NamedTuple):
    """How often a rule set signals at least once (0 to 1), and the standard error that the number
    of simulated series leaves.
    """

    rate: float
    error: float


def false_alarm_rate(rules, n, *, kind="run", baseline=None):
    """How often a chart of ``n`` points signals with nothing going on (``Rate``); centre and limits
    from the first ``baseline`` points, or all.
    """
    return power(rules, n, kind=kind, baseline=baseline, shift=0.0)


def power(rules, n, *, kind="run", baseline=None, shift=1.0, at=None):
    """How often a chart of ``n`` points signals when its level moves by ``shift`` SDs after ``at``
    points, half of them unless said (``Rate``).
    """
    return _rate(rules, int(n), kind, baseline, float(shift), n // 2 if at is None else int(at))


@lru_cache(maxsize=512)
def _rate(rules, n, kind, baseline, shift, at):
    value = np.random.Generator(np.random.PCG64(20_140_603)).standard_normal((SERIES, n))
    value[:, at:] += shift
    base = value[:, :baseline]
    middle = np.median(base, axis=1) if kind in MEDIAN else base.mean(axis=1)
    centre = np.broadcast_to(middle[:, None], value.shape)
    edges = (None, None, None)
    if kind != "run":
        spread = (
            np.abs(np.diff(base, axis=1)).mean(axis=1) / D2
            if kind in BY_MOVING_RANGE
            else np.ones(SERIES)
        )
        sigma = np.broadcast_to(spread[:, None], value.shape)
        edges = sigma, centre - 3 * sigma, centre + 3 * sigma
    return _of(mask(rules, value, centre, *edges))


def chart_false_alarms(rules, points, kind, base, *, tails="auto", screen=False):
    """How often a chart like this one signals with nothing going on (``Rate``).

    points, kind, base, tails, screen: as ``control_limits.limits`` takes them. The series have the
    chart's numbers counted, its baseline's rate and its limits: binomial for p, Poisson for u and
    c, geometric for g, exponential for t, normal with the spread found for the others.
    """
    n, count, value = (
        np.asarray(points[name], float) if name in points else None
        for name in ("n", "count", "value")
    )
    base, rate, spread = np.asarray(base, bool), 0.0, 1.0
    if kind in ("p", "u", "p_prime", "u_prime"):
        rate = float(count[base].sum() / n[base].sum())
        spread = (
            limits(points, kind, base, tails=tails, screen=screen).sigma_z
            if kind.endswith("prime")
            else 1.0
        )
    elif kind in ("c", "g"):
        rate = float((count if kind == "c" else value)[base].mean())
    counted = tuple(n) if kind in ("p", "u", "p_prime", "u_prime") else None
    return _chart(rules, kind, tuple(base), counted, rate, float(spread), tails, screen)


@lru_cache(maxsize=512)
def _chart(rules, kind, base, n, rate, spread, tails, screen):
    drawn = _noise(kind, len(base), None if n is None else np.array(n), rate, spread)
    found = limits(drawn, kind, np.array(base), tails=tails, screen=screen)
    edges = (None, None, None) if kind == "run" else (found.sigma, found.lower, found.upper)
    return _of(mask(rules, found.value, found.centre, *edges))


def _noise(kind, points, n, rate, spread):
    """Series with nothing going on, as ``control_limits.limits`` takes them (dict of arrays, series
    by points).
    """
    draw, shape = np.random.Generator(np.random.PCG64(20_140_603)), (SERIES, points)
    if kind == "p":
        return {"count": draw.binomial(n.astype(int), rate, shape), "n": n}
    if kind in ("u", "c"):
        return {"count": draw.poisson(rate * (1 if n is None else n), shape), "n": n}
    if kind in ("p_prime", "u_prime"):
        whole = kind == "p_prime"
        sigma = spread * np.sqrt(rate * (1 - rate if whole else 1) / n)
        return {
            "count": n
            * np.clip(rate + sigma * draw.standard_normal(shape), 0, 1 if whole else None),
            "n": n,
        }
    if kind == "g":
        return {"value": draw.geometric(1 / (1 + rate), shape) - 1}
    return {
        "value": draw.standard_exponential(shape) if kind == "t" else draw.standard_normal(shape)
    }


def _of(signals):
    rate = float(signals.any(axis=1).mean())
    return Rate(rate, float(np.sqrt(max(rate * (1 - rate), 1 / SERIES) / SERIES)))


def impossible(rules, n, *, kind="run", baseline=None):
    """The rules of a set that no data could make signal at ``n`` points (tuple of text)."""
    return tuple(name for name in rules_of(rules) if not _possible(name, n, kind, baseline))


def cannot_signal(rules, n, *, kind="run", baseline=None):
    """Why a chart of ``n`` points cannot signal yet, whatever the data (text), "" where some rule
    of the set could.

    >>> cannot_signal("anhoej", 8)
    'This chart cannot signal yet: it has 8 points, and these rules need 10. Keep measuring.'
    """
    if len(impossible(rules, n, kind=kind, baseline=baseline)) < len(rules_of(rules)):
        return ""
    enough = next(
        more
        for more in range(n + 1, 200)
        if len(impossible(rules, more, kind=kind, baseline=baseline)) < len(rules_of(rules))
    )
    return (
        f"This chart cannot signal yet: it has {n} points, and these rules need {enough}. Keep "
        "measuring."
    )


def _possible(name, n, kind, baseline):
    frozen = baseline is not None and baseline < n
    of_all_medians = kind in MEDIAN and not frozen
    useful = n - n % 2 if of_all_medians else n
    side = _most_on_one_side(n, kind, baseline if frozen else None)
    if name == "long run":
        return useful >= LEAST and side > anhoej_limits(useful)[0]
    if name in ("few crossings", "number of runs"):
        return useful >= LEAST
    words = name.split()
    if words[0] == "shift":
        return side >= int(words[-1])
    if words[0] == "trend":
        return n >= int(words[-1])
    if name == "14 alternating":
        return n >= 14
    if kind == "run":
        return False
    if frozen or kind not in (*BY_MOVING_RANGE, "g"):
        return n >= _WINDOW.get(name, 1)
    return n >= max(_WINDOW.get(name, 1), _OWN_LIMITS.get(name, 1))


_WINDOW = {
    "2 of 3 far out": 3,
    "2 of 3 beyond 2 sigma": 3,
    "4 of 5 beyond 1 sigma": 5,
    "15 within 1 sigma": 15,
    "8 beyond 1 sigma": 8,
}
# A point that widens the limits it is held against: 1.128 (n - 1)^2 / n must pass 3, and alike for
# points two and three together.
_OWN_LIMITS = {
    "outside the limits": 5,
    "2 of 3 far out": 5,
    "2 of 3 beyond 2 sigma": 5,
    "4 of 5 beyond 1 sigma": 6,
}


def _most_on_one_side(n, kind, baseline):
    of, more = (n, 0) if baseline is None else (baseline, n - baseline)
    return more + (of // 2 if kind in MEDIAN else of - 1)

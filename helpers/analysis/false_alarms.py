"""How often a rule set signals with nothing going on, how often it finds a change, and what it cannot find yet.

Rates come from seeded series of independent noise to which the very rules of ``run_masks`` are applied, centre and limits found as the chart
finds them. A class measured again and again is less independent than that, and signals more often.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.analysis.control_limits import D2
from helpers.analysis.run_masks import LEAST, anhoej_limits
from helpers.analysis.run_rules import mask, rules_of

SERIES = 4_000
BY_MOVING_RANGE = ("xmr", "t", "p_prime", "u_prime")  # the others with limits know their spread from their counts
MEDIAN = ("run", "g")


class Rate(NamedTuple):
    """How often a rule set signals at least once (0 to 1), and the standard error that the number of simulated series leaves."""

    rate: float
    error: float


def false_alarm_rate(rules, n, *, kind="run", baseline=None):
    """How often a chart of ``n`` points signals with nothing going on (``Rate``); centre and limits from the first ``baseline`` points, or all."""
    return power(rules, n, kind=kind, baseline=baseline, shift=0.0)


def power(rules, n, *, kind="run", baseline=None, shift=1.0, at=None):
    """How often a chart of ``n`` points signals when its level moves by ``shift`` SDs after ``at`` points, half of them unless said (``Rate``)."""
    return _rate(rules, int(n), kind, baseline, float(shift), n // 2 if at is None else int(at))


@lru_cache(maxsize=512)
def _rate(rules, n, kind, baseline, shift, at):
    value = np.random.Generator(np.random.PCG64(20_140_603)).standard_normal((SERIES, n))
    value[:, at:] += shift
    base = value[:, :baseline]
    middle = np.median(base, axis=1) if kind in MEDIAN else base.mean(axis=1)
    centre = np.broadcast_to(middle[:, None], value.shape)
    limits = (None, None, None)
    if kind != "run":
        spread = np.abs(np.diff(base, axis=1)).mean(axis=1) / D2 if kind in BY_MOVING_RANGE else np.ones(SERIES)
        sigma = np.broadcast_to(spread[:, None], value.shape)
        limits = sigma, centre - 3 * sigma, centre + 3 * sigma
    rate = float(mask(rules, value, centre, *limits).any(axis=1).mean())
    return Rate(rate, float(np.sqrt(max(rate * (1 - rate), 1 / SERIES) / SERIES)))


def impossible(rules, n, *, kind="run", baseline=None):
    """The rules of a set that no data could make signal at ``n`` points (tuple of text)."""
    return tuple(name for name in rules_of(rules) if not _possible(name, n, kind, baseline))


def cannot_signal(rules, n, *, kind="run", baseline=None):
    """Why a chart of ``n`` points cannot signal yet, whatever the data (text), "" where some rule of the set could.

    >>> cannot_signal("anhoej", 8)
    'This chart cannot signal yet: it has 8 points, and these rules need 10. Keep measuring.'
    """
    if len(impossible(rules, n, kind=kind, baseline=baseline)) < len(rules_of(rules)):
        return ""
    enough = next(more for more in range(n + 1, 200) if len(impossible(rules, more, kind=kind, baseline=baseline)) < len(rules_of(rules)))
    return f"This chart cannot signal yet: it has {n} points, and these rules need {enough}. Keep measuring."


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


_WINDOW = {"2 of 3 far out": 3, "2 of 3 beyond 2 sigma": 3, "4 of 5 beyond 1 sigma": 5, "15 within 1 sigma": 15, "8 beyond 1 sigma": 8}
# A point that widens the limits it is held against: 1.128 (n - 1)^2 / n must pass 3, and alike for points two and three together.
_OWN_LIMITS = {"outside the limits": 5, "2 of 3 far out": 5, "2 of 3 beyond 2 sigma": 5, "4 of 5 beyond 1 sigma": 6}


def _most_on_one_side(n, kind, baseline):
    of, more = (n, 0) if baseline is None else (baseline, n - baseline)
    return more + (of // 2 if kind in MEDIAN else of - 1)

"""How often the rules cry wolf, how often they find a change, and what they cannot find yet."""

import itertools
import math

import numpy as np
import pytest

from see_the_system.charts.control_limits import D2, moving_range
from see_the_system.charts.false_alarms import (
    cannot_signal,
    chart_false_alarms,
    false_alarm_rate,
    impossible,
    power,
)
from see_the_system.charts.rules import RULE_SETS, mask, rule_mask
from see_the_system.charts.run_charts import run_chart
from tests.charts.series_around import around
from tests.charts.weeks import points

# Chance of any signal in a chart of n points of independent noise, median or mean of all points,
# simulated for this project beforehand.
IHI = {10: 0.09, 12: 0.14, 16: 0.22, 20: 0.30, 24: 0.36, 36: 0.55}
ANHOEJ = {10: 0.01, 12: 0.01, 16: 0.01, 20: 0.02, 24: 0.03, 36: 0.05}
ANHOEJ_AND_3_SIGMA = {10: 0.03, 12: 0.04, 16: 0.04, 20: 0.07, 24: 0.10, 36: 0.13}


@pytest.mark.parametrize("n", IHI)
def test_rates_are_those_found_before(n):
    for rules, kind, known in (
        ("ihi", "run", IHI),
        ("anhoej", "run", ANHOEJ),
        ("anhoej", "xmr", ANHOEJ_AND_3_SIGMA),
    ):
        found = false_alarm_rate(rules, n, kind=kind)
        assert found.rate == pytest.approx(known[n], abs=0.01 + 4 * found.error), rules


# The same of counts and times, 20,000 series each with the textbook's formulas written out,
# simulated beforehand.
@pytest.mark.parametrize(
    "kind, points, baseline, screen, known",
    [
        ("g", {"value": [9] * 24}, 24, False, 0.358),
        ("p", {"count": [0.96] * 24, "n": [12] * 24}, 12, False, 0.169),
        ("c", {"count": [2] * 24}, 12, False, 0.123),
        ("xmr", {"value": range(20)}, 20, True, 0.105),
        ("xmr", {"value": range(20)}, 20, False, 0.077),
    ],
)
def test_the_rate_of_a_chart_is_that_of_counts_where_it_counts(
    kind, points, baseline, screen, known
):
    columns = {name: np.array(values, float) for name, values in points.items()}
    base = np.arange(len(next(iter(columns.values())))) < baseline
    found = chart_false_alarms("anhoej", columns, kind, base, screen=screen)
    assert found.rate == pytest.approx(known, abs=0.004 + 3 * found.error)


def signalling(values, baseline, limits):
    """Which series of noise signal after Anhøj, the rules written out anew (bool array).

    A run longer than round(log2 n + 3), fewer crossings than the 5 % quantile of
    Binomial(n - 1, 1/2), and with ``limits`` a point beyond 2.66 mean moving ranges.
    """
    n = values.shape[1]
    base = values[:, :baseline]
    centre = base.mean(axis=1) if limits else np.median(base, axis=1)
    above = values > centre[:, None]
    longest = row = np.ones(len(values), int)
    for before, here in itertools.pairwise(above.T):
        row = np.where(here == before, row + 1, 1)
        longest = np.maximum(longest, row)
    crossings = (above[:, 1:] != above[:, :-1]).sum(axis=1)
    chance = np.cumsum([math.comb(n - 1, k) for k in range(n)]) / 2 ** (n - 1)
    found = (longest > round(math.log2(n) + 3)) | (crossings < np.argmax(chance >= 0.05))
    if limits:
        spread = np.abs(base[:, 1:] - base[:, :-1]).mean(axis=1) / 1.128
        found |= (np.abs(values - centre[:, None]) > 3 * spread[:, None]).any(axis=1)
    return found


@pytest.mark.parametrize("kind", ["run", "xmr"])
@pytest.mark.parametrize("baselines", [[None, 10], [8, 12], [8, None]])
def test_the_rate_of_frozen_phases_is_that_of_an_independent_simulation(kind, baselines):
    """20,000 charts of 12 points and then 24, each phase around its own baseline."""
    noise = np.random.default_rng(7).normal(50, 5, (20_000, 36))
    early, late = (
        signalling(part, first, kind == "xmr")
        for part, first in zip((noise[:, :12], noise[:, 12:]), baselines, strict=True)
    )
    series = points(list(noise[0]))
    start = series["at"][12]
    found = run_chart(series, kind=kind, phases=[start], baseline=baselines).false_alarm
    assert found.rate == pytest.approx((early | late).mean(), abs=0.004 + 3 * found.error)
    if baselines[1]:
        unfrozen = run_chart(series, kind=kind, phases=[start], baseline=[baselines[0], None])
        assert found.rate > unfrozen.false_alarm.rate + 0.03


def test_numbers_counted_that_vary_count_each_for_itself():
    even, uneven = (
        {"count": np.array(n) * 0.5, "n": np.array(n)} for n in ([60] * 24, [6, 114] * 12)
    )
    rates = [
        chart_false_alarms("western_electric", points, "p", np.ones(24, bool)).rate
        for points in (even, uneven)
    ]
    assert abs(rates[0] - rates[1]) > 0.02


def test_a_frozen_median_cries_wolf_more_often():
    assert [false_alarm_rate("anhoej", n, baseline=12).rate for n in (24, 36)] == pytest.approx(
        [0.08, 0.15], abs=0.015
    )
    assert [false_alarm_rate("ihi", n, baseline=12).rate > 0.4 for n in (24, 36)] == [True, True]


def test_power_for_a_change_of_two_sd_half_way():
    known = {("ihi", "run"): 0.90, ("anhoej", "run"): 0.63, ("anhoej", "xmr"): 0.69}
    for (rules, kind), rate in known.items():
        assert power(rules, 24, kind=kind, shift=2.0).rate == pytest.approx(rate, abs=0.08), rules
    small, large = (power("anhoej", 24, shift=shift).rate for shift in (0.5, 2.0))
    assert false_alarm_rate("anhoej", 24).rate < small < large


def test_the_same_rate_every_time_and_its_error():
    first = false_alarm_rate("nelson", 15)
    power.cache_clear()
    assert false_alarm_rate("nelson", 15) == first and 0 < first.error < 0.01


def series_of(values, kind):
    """Series as a chart of all their points has them, the sigma of XmR from moving ranges."""
    if kind == "run":
        return around(values, np.median(values, axis=1)[:, None])
    sigma = moving_range(values)[0] / D2
    return around(values, values.mean(axis=1)[:, None], sigma[:, None])


def likely(n):
    """Series of n points that try to signal: steps, ramps, waves, spikes, noise, and all series of
    three values where they are few.
    """
    rng = np.random.default_rng(n)
    tried = (
        [np.arange(n)]
        + [np.r_[np.zeros(k), np.ones(n - k)] for k in range(1, n)]
        + [np.r_[np.zeros(k), 9 * np.ones(n - k)] + 0.01 * rng.random(n) for k in range(1, n)]
    )
    tried += [
        (-1.0) ** np.arange(n),
        np.r_[np.ones(n - 1), -n],
        np.r_[np.zeros(n - 2), 2, 2],
        np.r_[0, 0, 0.3 * np.ones(n - 2)],
    ]
    tried += (
        [np.r_[np.zeros(k), 4, 5 * np.ones(n - k - 1)] for k in range(n)]
        + list(rng.normal(size=(4000, n)))
        + list(rng.normal(size=(1000, n)).cumsum(axis=1))
    )
    if n <= 8:
        tried += list(map(np.array, itertools.product((0, 1, 2), repeat=n)))
    return np.array([one[:n] for one in tried], float)


@pytest.mark.parametrize("kind", ["run", "xmr"])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 18])
def test_what_is_said_to_be_impossible_is_and_nothing_else(n, kind):
    series = series_of(likely(n), kind)
    for rules in RULE_SETS:
        for rule in impossible(rules, n, kind=kind):
            assert not rule_mask(rule, series).any(), (rule, n)
        if cannot_signal(rules, n, kind=kind):
            assert not mask(rules, series).any()
        elif n < 12:
            assert mask(rules, series).any(), (rules, n)


def test_with_a_frozen_baseline_a_shift_of_six_needs_fewer_points():
    assert "shift of 6" in impossible("ihi", 11) and "shift of 6" not in impossible("ihi", 12)
    assert "shift of 6" not in impossible("ihi", 9, baseline=6) and "shift of 6" in impossible(
        "ihi", 8, baseline=6
    )


def test_the_sentence_says_how_many_are_needed():
    assert (
        cannot_signal("anhoej", 8)
        == "This chart cannot signal yet: it has 8 points, and these rules need 10. Keep measuring."
    )
    assert (
        "need 16" in cannot_signal("western_electric", 10)
        and cannot_signal("ihi", 5) == ""
        and "need 5" in cannot_signal("nelson", 4, kind="xmr")
    )

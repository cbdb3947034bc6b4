"""Centre lines and limits: the textbooks' numbers, exact tails, a public package beside ours, and
the frozen baseline.
"""

import numpy as np
import pandas as pd
import pytest
import shewhart
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from see_the_system.charts.control_limits import TAIL, limits, moving_range
from see_the_system.charts.points import KINDS, read_points
from tests.references import COUNT, HOURS, INDIVIDUALS, SAMPLES, SIZE


def points(**columns):
    n = len(next(iter(columns.values())))
    return pd.DataFrame({"at": pd.date_range("2025-01-06", periods=n, freq="7D"), **columns})


def found(kind, *, base=None, leave=(), tails="sigma", screen=False, **columns):
    frame = read_points(points(**columns), kind)
    rows = np.arange(len(frame)) < (base or len(frame))
    rows[list(leave)] = False
    return limits(frame, kind, rows, tails=tails, screen=screen)


def outside(chart):
    return list(np.flatnonzero((chart.value > chart.upper) | (chart.value < chart.lower)) + 1)


def test_individuals_of_montgomery_6_5():
    chart = found("xmr", base=20, value=INDIVIDUALS)
    assert (chart.centre[0], chart.upper[0], chart.lower[0]) == pytest.approx(
        (300.5, 321.2166853, 279.7833147)
    )
    assert chart.moving_range == pytest.approx((7.789474, 25.4482105)) and outside(chart) == [
        39,
        40,
    ]


def test_p_of_montgomery_7_1_and_its_revision():
    chart = found("p", count=SAMPLES, n=[50] * 30)
    assert (chart.centre[0], chart.upper[0], chart.lower[0]) == pytest.approx(
        (23.13333, 41.02391, 5.24275), abs=1e-4
    )
    assert outside(chart) == [15, 23]
    revised = found("p", leave=(14, 22), count=SAMPLES, n=[50] * 30)
    assert (revised.centre[0], revised.upper[0], revised.lower[0]) == pytest.approx(
        (21.5, 38.92972, 4.07028), abs=1e-4
    )
    assert outside(revised) == [15, 21, 23]


def test_p_with_samples_of_different_size_steps():
    chart = found("p", count=COUNT, n=SIZE)
    assert chart.centre[0] == pytest.approx(9.55102)
    assert chart.upper[:3] == pytest.approx([18.368571, 19.409342, 19.409342]) and chart.lower[
        :3
    ] == pytest.approx([0.733469, 0, 0], abs=1e-5)
    assert outside(chart) == [11]
    assert len(set(chart.upper.round(6))) == len(
        set(SIZE)
    )  # a package that draws one flat limit is wrong


def test_laney_s_p_prime_with_moving_ranges_screened_and_not():
    plain, screened = (
        found("p_prime", count=COUNT, n=SIZE, screen=screen) for screen in (False, True)
    )
    assert (plain.lower[0], plain.upper[0], plain.sigma_z) == pytest.approx(
        (1.03614051, 18.06590031, 0.965674), rel=1e-6
    )
    assert (screened.lower[0], screened.upper[0], screened.sigma_z) == pytest.approx(
        (2.02906378, 17.07297704, 0.853066), rel=1e-6
    )


@pytest.mark.parametrize("count, level", [(0, 0), (20, 100)])
def test_a_p_prime_baseline_without_any_spread_has_all_its_limits_on_the_centre(count, level):
    chart = found("p_prime", base=6, count=[count] * 6 + [7], n=[20] * 7)
    assert chart.sigma_z == 0
    for line in (chart.centre, chart.lower, chart.upper):
        assert line.tolist() == [level] * 7
    assert outside(chart) == [7]


def test_t_of_montgomery_7_6():
    chart = found("t", value=HOURS)
    assert chart.shown(chart.centre)[0] == pytest.approx(430.0409518) and chart.shown(chart.upper)[
        0
    ] == pytest.approx(6937.933488)
    assert chart.shown(chart.lower)[0] == 0


def test_c_u_and_g_by_hand():
    counts = [4, 6, 5, 9, 6]
    chart = found("c", count=counts)
    assert (chart.centre[0], chart.upper[0], chart.lower[0]) == pytest.approx(
        (6, 6 + 3 * 6**0.5, 0)
    )
    chart = found("u", count=counts, n=[10, 20, 10, 20, 10])
    assert chart.centre[0] == pytest.approx(30 / 70) and chart.upper[1] == pytest.approx(
        30 / 70 + 3 * (30 / 70 / 20) ** 0.5
    )
    chart = found("g", value=[2, 10, 3, 8, 7])
    assert (chart.centre[0], chart.upper[0], chart.lower[0]) == pytest.approx(
        (7, 6 + 3 * 42**0.5, 0)
    )


def test_limits_are_three_sigma_and_not_one_standard_deviation():
    chart = found("xmr", value=INDIVIDUALS)
    assert chart.upper[0] - chart.centre[0] == pytest.approx(
        3 * moving_range(INDIVIDUALS)[0] / 1.128
    )
    assert chart.upper[0] != pytest.approx(
        np.mean(INDIVIDUALS) + np.std(INDIVIDUALS, ddof=1), rel=0.01
    )


def test_small_groups_get_exact_tails_and_large_ones_do_not():
    small, large = (found("p", tails="auto", count=[n // 10] * 12, n=[n] * 12) for n in (20, 400))
    assert small.exact.all() and not large.exact.any()
    most = round(small.upper[0] * 20 / 100)
    assert binom.sf(most, 20, 0.1) < TAIL < binom.sf(most - 1, 20, 0.1) and small.lower[0] == 0
    assert large.upper[0] == pytest.approx(100 * (0.1 + 3 * (0.09 / 400) ** 0.5))
    counts = found("c", tails="auto", count=[2, 1, 2, 3, 2])
    assert counts.exact.all() and poisson.sf(counts.upper[0], 2) < TAIL < poisson.sf(
        counts.upper[0] - 1, 2
    )


@pytest.mark.parametrize(
    "kind, columns",
    [
        ("xmr", {"value": [5.0] * 6}),
        ("p", {"count": [0] * 6, "n": [20] * 6}),
        ("p", {"count": [20] * 6, "n": [20] * 6}),
        ("c", {"count": [0] * 6}),
        ("p_prime", {"count": [0] * 6, "n": [20] * 6}),
        ("t", {"value": [3.0] * 6}),
        ("run", {"value": [1.0] * 6}),
    ],
)
@pytest.mark.parametrize("tails", ["auto", "sigma"])
def test_a_series_that_never_moves_lies_within_its_own_limits(kind, columns, tails):
    chart = found(kind, tails=tails, **columns)
    assert outside(chart) == [] and np.isfinite(chart.centre).all()


def test_moving_ranges_are_screened_once():
    assert moving_range([0, 1, 0, 1, 0, 30], screen=True)[0] == pytest.approx(1) and moving_range(
        [0, 1, 0, 1, 0, 30]
    )[0] == pytest.approx(34 / 5)


numbers = st.integers(0, 30)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_frozen_baseline_in_the_full_series_gives_the_limits_of_the_baseline_alone(kind, data):
    first = data.draw(st.integers(2, 8))
    size = data.draw(st.integers(first, 16))
    counted = data.draw(
        st.lists(st.tuples(numbers, st.integers(30, 90)), min_size=size, max_size=size)
    )
    columns = {
        "count": [count for count, _ in counted],
        "n": [n for _, n in counted],
        "value": [float(count) for count, _ in counted],
    }
    full, alone = (
        found(
            kind,
            base=first,
            tails="auto",
            **{name: values[:end] for name, values in columns.items()},
        )
        for end in (size, first)
    )
    for name in ("centre", "sigma", "lower", "upper"):
        assert np.allclose(getattr(full, name)[:first], getattr(alone, name), equal_nan=True), name


@pytest.mark.parametrize("seed", range(6))
def test_a_public_package_gives_the_same_limits(seed):
    """``shewhart`` 0.1.1, which has d2 to more digits: 1.12838 for 1.128."""
    draw = np.random.default_rng(seed)
    n = draw.integers(40, 400, 25)
    count = draw.binomial(n, 0.3)
    theirs = shewhart.p_chart(
        pd.DataFrame({"d": count, "n": n}), defectives="d", size="n", rules="none"
    ).table
    ours = found("p", count=count, n=n)
    assert ours.upper == pytest.approx(
        100 * theirs["ucl"].to_numpy()
    ) and ours.lower == pytest.approx(100 * theirs["lcl"].to_numpy())
    theirs = shewhart.u_chart(
        pd.DataFrame({"d": count, "n": n}), defects="d", size="n", rules="none"
    ).table
    assert found("u", count=count, n=n).upper == pytest.approx(theirs["ucl"].to_numpy())
    theirs = shewhart.c_chart(pd.DataFrame({"d": count}), defects="d", rules="none").table
    assert found("c", count=count).upper == pytest.approx(theirs["ucl"].to_numpy())
    theirs = shewhart.laney_p(
        pd.DataFrame({"d": count, "n": n}), defectives="d", size="n", rules="none"
    )
    assert found("p_prime", count=count, n=n).sigma_z == pytest.approx(
        theirs.stats["sigma_z"], rel=5e-4
    )
    value = draw.normal(50, 5, 25)
    theirs = shewhart.imr(value, rules="none").stats
    assert found("xmr", value=value).upper[0] == pytest.approx(
        theirs["i_center"] + 3 * theirs["sigma_within"], rel=5e-4
    )

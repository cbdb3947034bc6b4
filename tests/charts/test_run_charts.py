"""The whole chart: frozen baselines, phases, pins, targets, ties."""

import numpy as np
import pytest

from see_the_system.charts.chart_words import describe_run_chart
from see_the_system.charts.control_limits import counts, one_series
from see_the_system.charts.false_alarms import impossible
from see_the_system.charts.run_charts import run_chart, signals
from tests.charts.series_around import around
from tests.charts.weeks import points, risen
from tests.references import COUNT, INDIVIDUALS, SIZE


def test_the_frozen_baseline_of_montgomery_and_its_two_signals():
    chart = run_chart(points(INDIVIDUALS), kind="xmr", baseline=20)
    assert (
        chart.frame["upper"].to_numpy() == pytest.approx(321.2166853)
        and chart.frame["in_baseline"].sum() == 20
    )
    assert list(np.flatnonzero(chart.frame["signal"]) + 1) == [39, 40] and (
        chart.useful,
        chart.longest,
        chart.crossings,
    ) == (40, 6, 20)


def test_limits_step_with_n_and_the_signal_is_the_published_one():
    chart = run_chart(points(COUNT, count=COUNT, n=SIZE), kind="p", tails="sigma")
    assert chart.frame["upper"].nunique() == len(set(SIZE)) and [
        one.points for one in chart.signals if one.rule == "outside the limits"
    ] == [(10,)]


def test_a_change_of_level_is_a_signal_on_the_better_side():
    chart = run_chart(risen(), kind="p", baseline=12, better="higher")
    assert [one.points for one in chart.signals if one.rule == "long run"] == [tuple(range(12, 24))]
    assert set(chart.frame["concern"][12:]) == {"improvement"} and set(
        chart.frame["concern"][:12]
    ) == {""}
    lower = run_chart(risen(), kind="p", baseline=12, better="lower")
    assert set(lower.frame["concern"][12:]) == {"concern"}


def test_phases_have_their_own_centre_and_no_rule_looks_across_them():
    start = risen()["at"][12]
    chart = run_chart(risen(), kind="p", phases=[start], better="higher")
    assert (
        chart.frame.groupby("phase")["centre"].first().tolist() == pytest.approx([40.0, 65.0])
        and chart.signals == ()
    )
    alone = run_chart(risen(after=0), kind="p")
    assert np.allclose(chart.frame["upper"][:12], alone.frame["upper"])
    rates = [
        run_chart(part, kind="p").false_alarm.rate
        for part in (risen()[:12], risen()[12:].reset_index(drop=True))
    ]
    assert (
        chart.false_alarm.rate == pytest.approx(1 - (1 - rates[0]) * (1 - rates[1]))
        and min(rates) > 0.01
    )


TWO_PHASES = [4.0, 6, 5, 7, 6, 8, 10, 12, 11, 13, 30, 12, 11]
SECOND = "2025-10-06"  # the seventh of them


def test_the_centre_and_limits_of_a_frozen_later_phase_are_those_found_by_hand():
    """Phase 1: mean 36 / 6, ranges 2, 1, 2, 1, 2. Phase 2: of its first four points alone, mean
    46 / 4, ranges 2, 1, 2.
    """
    chart = run_chart(points(TWO_PHASES), kind="xmr", phases=[SECOND], baseline=[None, 4])
    assert (chart.baseline, chart.frozen) == ((None, 4), (None, 4))
    frame = chart.frame
    assert frame["in_baseline"].tolist() == [True] * 10 + [False] * 3
    assert frame["centre"].tolist() == pytest.approx([6.0] * 6 + [11.5] * 7)
    far = [3 * 8 / 5 / 1.128] * 6 + [3 * 5 / 3 / 1.128] * 7
    assert (frame["upper"] - frame["centre"]).tolist() == pytest.approx(far)
    assert (frame["centre"] - frame["lower"]).tolist() == pytest.approx(far)
    assert chart.moving_range == pytest.approx((5 / 3, 3.267 * 5 / 3))
    assert [(one.rule, one.points) for one in chart.signals] == [("outside the limits", (10,))]
    whole = run_chart(points(TWO_PHASES), kind="xmr", phases=[SECOND])
    # Of all seven the mean is 99 / 7 and the ranges are 2, 1, 2, 17, 18, 1.
    assert whole.frame["centre"].iloc[-1] == pytest.approx(99 / 7) and whole.signals == ()
    assert whole.frame["upper"].iloc[-1] == pytest.approx(99 / 7 + 3 * 41 / 6 / 1.128)


def test_each_phase_may_have_its_own_frozen_baseline_of_counts():
    """Of 25 a week: 9, 11 and 10 in the first phase; 15, 17, 16 and 15 in the second, less 17."""
    left_out = str(risen()["at"][13].date())
    start = risen()["at"][12]
    frame = run_chart(
        risen(), kind="p", phases=[start], baseline=[3, 4], exclude=[left_out], tails="sigma"
    ).frame
    shares = np.repeat([30 / 75, 46 / 75], 12)
    assert np.allclose(frame["centre"], 100 * shares)
    assert np.allclose(frame["sigma"], 100 * np.sqrt(shares * (1 - shares) / 25))
    assert np.flatnonzero(frame["in_baseline"]).tolist() == [0, 1, 2, 12, 14, 15]
    median = run_chart(risen(), phases=[start], baseline=[None, 3]).frame["centre"]
    assert median.iloc[-1] == 100 * 16 / 25


def test_one_number_is_the_baseline_of_the_first_phase():
    start = risen()["at"][12]
    single = run_chart(risen(), kind="p", phases=[start], baseline=8)
    each = run_chart(risen(), kind="p", phases=[start], baseline=[np.int64(8), None])
    assert (single.baseline, each.baseline) == (8, (8, None))
    assert single.frozen == each.frozen == (8, None)
    assert single.frame.equals(each.frame) and single.false_alarm == each.false_alarm
    unphased = run_chart(risen(), kind="p", baseline=[12])
    assert unphased.frame.equals(run_chart(risen(), kind="p", baseline=12).frame)
    assert run_chart(risen(), kind="p", baseline=24).frozen == (None,)


def test_what_cannot_be_seen_yet_hangs_on_the_baseline_of_the_present_phase():
    series = points([5.0, 3, 4, 6, 2, 5, 3, 6, 4, 5, 7, 9, 8, 7, 6, 9, 8, 7, 9])
    options = {"rules": "ihi", "phases": [str(series["at"][10].date())]}
    frozen = run_chart(series, baseline=[None, 6], **options)
    assert frozen.waiting == impossible("ihi", 9, baseline=6)
    unfrozen = run_chart(series, baseline=[6, None], **options)
    assert "shift of 6" in unfrozen.waiting and "shift of 6" not in frozen.waiting


def test_a_longer_baseline_is_that_of_the_present_phase():
    series = points(list(np.random.default_rng(1).normal(50, 5, 48)))
    start = series["at"][12]
    chart = run_chart(series, kind="xmr", phases=[start], baseline=[None, 10])
    longer = run_chart(series, kind="xmr", phases=[start], baseline=[None, 20])
    assert chart.with_longer == pytest.approx(longer.false_alarm.rate)
    assert chart.with_longer < chart.false_alarm.rate - 0.05
    first = run_chart(series, kind="xmr", phases=[series["at"][36]], baseline=[10, None])
    assert first.false_alarm.rate > 0.2 and np.isnan(first.with_longer)


def test_a_baseline_point_with_a_known_cause_may_be_left_out_of_it():
    frame = risen(after=0)
    frame.loc[4, "count"] = 0
    whole, left = run_chart(frame, kind="p"), run_chart(frame, kind="p", exclude=["2025-09-22"])
    assert (
        left.frame["centre"][0] == pytest.approx(100 * 108 / 275)
        and whole.frame["centre"][0] < left.frame["centre"][0]
    )
    assert left.frame["signal"][
        4
    ] and "Left out of the baseline: 2025-09-22." in describe_run_chart(left)


def test_a_cycle_is_pinned_to_the_first_point_on_or_after_its_date():
    chart = run_chart(
        risen(),
        kind="p",
        annotations=[
            ("2025-11-19", "Second class", "cycle-2"),
            ("2025-09-08", "First test", "cycle-1"),
            ("2025-09-10", "Fire drill"),
        ],
    )
    assert [(one.point, one.text, one.cycle) for one in chart.annotations] == [
        (2, "First test", "cycle-1"),
        (3, "Fire drill", ""),
        (13, "Second class", "cycle-2"),
    ]


def test_holidays_break_the_line_and_not_the_run():
    frame = risen().drop(index=[15, 16]).reset_index(drop=True)
    chart = run_chart(frame, kind="p", baseline=12)
    assert list(np.flatnonzero(chart.frame["gap_before"])) == [15]
    assert max(len(one.points) for one in chart.signals if one.rule == "long run") == 10
    assert "with 1 gap." in describe_run_chart(chart)


def test_points_on_the_median_are_not_counted_and_a_flat_series_says_nothing():
    chart = run_chart(points([5, 5, 4, 6, 5, 5, 6, 4, 5, 5, 5, 5]))
    assert chart.useful == 4 and list(chart.frame["side"][:4]) == [0, 0, -1, 1]
    flat = run_chart(points([5.0] * 20), kind="xmr", rules="nelson")
    words = describe_run_chart(flat)
    assert (
        flat.signals == ()
        and flat.useful == 0
        and "Every point is 5.0: nothing has varied so far" in words
    )
    assert "signal in" not in words


def test_montgomery_s_individuals():
    points = around(INDIVIDUALS, 300.5, 7.789474 / 1.128)
    assert counts(one_series(points, np.ones(40, bool))) == (40, 6, 20)
    found = signals("anhoej", points, np.zeros(40))
    assert [(signal.rule, signal.points, signal.side) for signal in found] == [
        ("outside the limits", (38,), 1),
        ("outside the limits", (39,), 1),
    ]


def test_no_rule_looks_across_two_phases():
    points = around([1, 1, 1, 1, 1, 1, -1, -1])
    assert signals("ihi", points, np.array([0, 0, 0, 1, 1, 1, 1, 1])) == ()
    assert signals("ihi", points, np.zeros(8)) != ()


def test_every_signal_says_where_in_points_counted_from_one():
    found = signals("ihi", around([-1, 1, 1, 1, 1, 1, 1]), np.zeros(7))
    assert [signal.words for signal in found if signal.rule == "shift of 6"] == [
        "Points 2 to 7: 6 points in a row above the center line."
    ]

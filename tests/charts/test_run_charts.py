"""The whole chart: frozen baselines, phases, pins, targets, ties, and what it says."""

import numpy as np
import pandas as pd
import pytest

from see_the_system.charts.chart_words import (
    describe_comparison,
    describe_rules,
    describe_run_chart,
)
from see_the_system.charts.false_alarms import chart_false_alarms
from see_the_system.charts.rules import RULE_SETS
from see_the_system.charts.run_charts import compare_rules, run_chart
from see_the_system.messages import Refusal
from tests.references import COUNT, INDIVIDUALS, SIZE


def points(values, start="2025-08-25", **columns):
    return pd.DataFrame(
        {"at": pd.date_range(start, periods=len(values), freq="7D"), "value": values, **columns}
    )


def risen(before=12, after=12):
    """Percent right of 25 students each week: the level rises after the twelfth week."""
    counts = [9, 11, 10, 8, 12, 10, 9, 11, 10, 12, 8, 10][:before] + [
        15,
        17,
        16,
        15,
        18,
        16,
        17,
        15,
        16,
        18,
        15,
        17,
    ][:after]
    return pd.DataFrame(
        {
            "at": pd.date_range("2025-08-25", periods=len(counts), freq="7D"),
            "count": counts,
            "n": 25,
        }
    )


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
    assert "with 1 gap where there was no school or no measurement" in describe_run_chart(chart)


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
    assert "signal in" not in words + describe_rules(flat)


def test_too_few_points_say_that_they_cannot_signal():
    chart = run_chart(points([3, 4, 5, 4, 3]))
    assert (
        chart.cannot_signal
        == "This chart cannot signal yet: it has 5 points, and these rules need 10. Keep measuring."
    )
    assert chart.cannot_signal in describe_run_chart(
        chart
    ) and "No signal" not in describe_run_chart(chart)
    assert "signal in" not in describe_run_chart(chart)


@pytest.mark.parametrize(
    "step, centre, says",
    [
        (0.001, 33.35, "Limits: 33.345 to 33.355 "),
        (0.01, 33.35, "Limits: 33.30 to 33.40 "),
        (1, 33.35, "Limits: 28.0 to 38.7 "),
        (1e5, 2.5e6, "Limits: 1,968,085 to 3,031,915 "),
    ],
)
def test_limits_are_said_finely_enough_to_tell_them_apart(step, centre, says):
    frame = points(
        [centre + step, centre - step] * 10
    )  # so that the limits are 3 * 2 steps / 1.128 off the centre
    assert says in describe_run_chart(run_chart(frame, kind="xmr"))
    ihi = run_chart(points([3, 4, 5, 4, 3, 6, 7, 8]), rules="ihi")
    assert (
        ihi.cannot_signal == ""
        and "Not to be seen yet with so few points, whatever happens: shift of 6 and number of "
        "runs."
        in describe_rules(ihi)
    )


def test_the_words_under_a_chart_have_its_own_numbers():
    chart = run_chart(
        risen(),
        kind="p",
        baseline=12,
        better="higher",
        measure="Exit tickets right",
        group="English learners",
        target=80,
    )
    words, rate = (
        describe_run_chart(chart),
        chart_false_alarms("anhoej", risen(), "p", np.arange(24) < 12),
    )
    assert words.startswith(
        "Exit tickets right (English learners), p chart: 24 points from August 25, 2025 to "
        "February 2, 2026."
    )
    assert "The center line of the first 12 points, frozen as the baseline, is 40.0%." in words
    assert (
        "12 points in a row above the center line, on the better side." in words
        and "not what changed it" in words
    )
    assert (
        "With 24 points (20 off the center line), 12 of them the baseline, they would "
        f"signal in {100 * rate.rate:.0f}% of such charts with nothing going on" in words
    )
    assert "The target is 80.0%: the process as it is will not meet it without a change." in words


def test_a_short_frozen_baseline_that_cries_wolf_says_what_a_longer_one_would_do():
    frame = points(list(np.random.default_rng(1).normal(50, 5, 36)))
    chart = run_chart(frame, kind="xmr", baseline=10)
    longer = chart_false_alarms("anhoej", frame, "xmr", np.arange(36) < 20).rate
    assert (
        chart.false_alarm.rate > 0.25 > longer
        and f"With a baseline of 20 points it would be {100 * longer:.0f}%."
        in describe_rules(chart)
    )
    assert "With a baseline" not in describe_rules(run_chart(frame, kind="xmr"))


@pytest.mark.parametrize(
    "target, better, says",
    [
        (20, "higher", "meets it consistently"),
        (2, "higher", "meets it consistently"),
        (45, "higher", "meets it at some times and misses it at others"),
        (90, "lower", "meets it consistently"),
        (5, "lower", "will not meet it without a change"),
    ],
)
def test_assurance_is_read_from_the_limits(target, better, says):
    frame = pd.DataFrame(
        {
            "at": pd.date_range("2025-08-25", periods=12, freq="7D"),
            "count": [40, 44, 38, 41, 39, 42] * 2,
            "n": 100,
        }
    )
    assert says in describe_run_chart(run_chart(frame, kind="p", target=target, better=better))


def test_a_target_may_be_any_number_and_exact_limits_say_that_they_are():
    frame = pd.DataFrame(
        {
            "at": pd.date_range("2025-08-25", periods=12, freq="7D"),
            "count": [2, 3, 1, 2, 4, 2] * 2,
            "n": 9,
        }
    )
    words = describe_run_chart(run_chart(frame, kind="p", target=np.int64(60), better="higher"))
    assert (
        "The target is 60.0%" in words
        and "(exact tails of the counts in place of 3 sigma)" in words
    )


def test_one_class_measured_again_and_again_is_warned_of():
    drift = np.repeat([3, 3.2, 4, 5, 5.1, 6, 4, 3.5], 3) + np.linspace(0, 0.2, 24)
    assert "false alarms are then more frequent than said" in describe_run_chart(
        run_chart(points(drift), kind="xmr")
    )
    assert "more frequent" not in describe_run_chart(run_chart(points(INDIVIDUALS), kind="xmr"))


def test_counts_that_vary_less_than_chance_are_doubted():
    even = pd.DataFrame(
        {
            "at": pd.date_range("2025-08-25", periods=14, freq="7D"),
            "count": [100, 101] * 7,
            "n": 400,
        }
    )
    assert "check how they were counted" in describe_run_chart(run_chart(even, kind="p_prime"))


def test_the_same_series_under_all_rule_sets():
    charts = compare_rules(points(INDIVIDUALS), kind="xmr", baseline=20)
    assert list(charts) == list(RULE_SETS) and [
        len(chart.signals) for chart in charts.values()
    ] == [2, 1, 2, 3, 3]
    words = describe_comparison(charts)
    for chart in charts.values():
        assert f"{100 * chart.false_alarm.rate:.0f}%" in words


@pytest.mark.parametrize(
    "options, says",
    [
        ({"rules": "juran"}, "There is no rule set 'juran'"),
        ({"better": "up"}, "The direction of improvement is 'up'"),
        ({"target": "high"}, "The target is 'high'; a number"),
        ({"target": True}, "The target is True; a number"),
        (
            {"baseline": 30},
            "The baseline is 30 points, and the chart has 24; a whole number from 2 to 24 "
            "was expected.",
        ),
        ({"baseline": 1}, "The baseline is 1 points"),
        (
            {"phases": ["2027-01-01"]},
            "A phase starts on 2027-01-01, outside the points (2025-08-25 to 2026-02-02)",
        ),
        ({"phases": ["2026-02-02"]}, "The phase from 2026-02-02 has 1 point; 2 are needed"),
        ({"phases": ["soon"]}, "A phase starts on 'soon'; a date"),
        (
            {"annotations": [("2026-03-01", "Spread")]},
            "The annotation 'Spread' is on 2026-03-01, after the last point, row 24 (2026-02-02).",
        ),
        ({"exclude": ["2025-09-23"]}, "No point of the baseline is on 2025-09-23."),
        (
            {"baseline": 2, "exclude": ["2025-08-25"]},
            "The baseline of phase 1 keeps fewer than 2 points.",
        ),
        ({"tails": "both"}, "tails is 'both'"),
    ],
)
def test_an_option_that_cannot_be_is_one_sentence(options, says):
    with pytest.raises(Refusal) as told:
        run_chart(risen(), kind="p", **options)
    assert says in str(told.value)

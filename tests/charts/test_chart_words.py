import numpy as np
import pandas as pd
import pytest

from see_the_system.charts.chart_words import (
    describe_comparison,
    describe_run_chart,
    outside_together,
)
from see_the_system.charts.false_alarms import chart_false_alarms
from see_the_system.charts.rules import RULE_SETS
from see_the_system.charts.run_charts import compare_rules, run_chart, signals
from tests.charts.series_around import around
from tests.charts.weeks import points, risen
from tests.references import INDIVIDUALS


def test_a_short_frozen_baseline_that_cries_wolf_says_what_a_longer_one_would_do():
    frame = points(list(np.random.default_rng(1).normal(50, 5, 36)))
    chart = run_chart(frame, kind="xmr", baseline=10)
    longer = chart_false_alarms("anhoej", frame, "xmr", np.arange(36) < 20).rate
    assert (
        chart.false_alarm.rate > 0.25 > longer
        and f"with nothing going on, in {100 * longer:.0f}% with a baseline of 20 points."
        in describe_run_chart(chart)
    )
    assert "with a baseline of" not in describe_run_chart(run_chart(frame, kind="xmr"))


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
    assert "The target is 60.0%" in words and "(exact tails of the counts)" in words


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
        in describe_run_chart(ihi)
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
    assert "The center line is 40.0% (baseline: 12 points)." in words
    assert (
        "12 points in a row above the center line, on the better side." in words
        and "may have changed, not what." in words
    )
    assert (
        f"They would signal in {100 * rate.rate:.0f}% of such charts with nothing going on" in words
    )
    since = chart.frame["value"][12:]
    assert (
        "The target is 80.0%. The center and limits are the baseline's, and the points since "
        f"signal. Of 12 points since the baseline, {(since >= 80).sum()} meet it; their median is "
        f"{since.median():.1f}%, {80 - since.median():.1f} percentage points below it." in words
    )


def test_a_chart_that_met_its_target_after_a_signal_is_not_said_to_miss_it():
    frame = pd.DataFrame(
        {
            "at": pd.date_range("2025-08-25", periods=24, freq="7D"),
            "value": [50, 52, 48, 51, 49, 50, 53, 47, 50, 51, 49, 52] + [61, 63, 60, 62] * 3,
        }
    )
    words = describe_run_chart(
        run_chart(frame, kind="xmr", baseline=12, target=58, better="higher", rules="nhs")
    )
    assert "Of 12 points since the baseline, 12 meet it" in words
    assert "will not meet it" not in words
    always = frame.assign(count=0, n=20)[:12]
    words = describe_run_chart(run_chart(always, kind="p", target=0, better="lower"))
    assert "12 meet it; their median is 0.0%, on the target." in words and "chance" not in words


def test_a_run_chart_does_not_promise_limits():
    frame = pd.DataFrame(
        {
            "at": pd.date_range("2025-08-25", periods=14, freq="7D"),
            "value": [3, 5, 4, 6, 2, 7, 5] * 2,
        }
    )
    for rules in ("anhoej", "nhs", "western_electric", "nelson"):
        words = describe_run_chart(run_chart(frame, rules=rules))
        assert "limits" not in words.split("Rules:")[1].split("Not to be seen")[-1]


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


def test_points_outside_the_limits_are_said_in_one_sentence_a_side():
    found = signals("anhoej", around([4, 0, -5, 4, 0, 6], 0, 1), np.zeros(6))
    assert [(signal.points, signal.words) for signal in outside_together(found)] == [
        ((0, 3, 5), "Points 1, 4 and 6 lie above the limits."),
        ((2,), "Point 3 lies below the limits."),
    ]


def test_the_signals_that_are_counted_are_those_that_are_told():
    raised = [27.0, 31, 28, 24, 57, 49, 58, 60]
    words = describe_run_chart(run_chart(points(raised), kind="xmr", rules="nhs", baseline=4))
    said = "One signal that something may have changed, not what. Points 5, 6, 7 and 8 lie above"
    assert said in words


def test_the_points_of_the_present_phase_are_called_that():
    phases = run_chart(
        points([4.0, 3, 5, 4, 3, 5, 9, 8, 9, 10, 8, 9]),
        phases=[str(points([0] * 12)["at"][6].date())],
        better="higher",
        target=9,
    )
    assert "Of 6 points of the present phase, 4 meet it" in describe_run_chart(phases)


def test_the_words_say_the_baseline_of_each_phase():
    values = [4.0, 3, 5, 4, 3, 5, 4, 5, 3, 4, 3, 5, 9, 8, 9, 10, 8, 9, 12, 13, 12, 14, 13, 12]
    options = {"kind": "xmr", "phases": [str(points(values)["at"][12].date())]}
    options |= {"better": "higher", "target": 12}
    words = describe_run_chart(run_chart(points(values), baseline=[None, 6], **options))
    centres = "The center line of the phases in turn: 4.0, 8.8 (baseline: 6 points)."
    # mean 53 / 6, moving ranges 1, 1, 1, 2 and 1
    assert f"{centres} Limits: 5.6 to 12.0 (3 sigma)." in words
    assert "Of 6 points since the baseline of the present phase, 6 meet it; their median" in words
    assert "The limits rest on 6 points; until there are 12, they are a trial." in words
    first = describe_run_chart(run_chart(points(values), baseline=10, **options))
    assert "phases in turn: 4.0 (baseline: 10 points), 10.8. Limits" in first


def test_a_longer_baseline_is_said_to_be_of_the_present_phase():
    frame = points(list(np.random.default_rng(1).normal(50, 5, 48)))
    start = str(frame["at"][12].date())
    chart = run_chart(frame, kind="xmr", phases=[start], baseline=[None, 10])
    longer = f"in {100 * chart.with_longer:.0f}% with a baseline of 20 points in the present phase."
    assert longer in describe_run_chart(chart)


def test_a_point_left_out_is_not_taken_for_one_since_a_baseline():
    values = [5.0, 4, 6, 5, 30, 4, 6, 5, 4, 6, 5, 4]
    out = str(points(values)["at"][4].date())
    chart = run_chart(points(values), kind="xmr", exclude=[out], better="higher", target=6)
    words = describe_run_chart(chart)
    assert "Of 12 points here, 4 meet it" in words and "since the baseline" not in words


def test_a_target_is_said_as_it_was_given():
    chart = run_chart(points([3.0] * 5), better="lower", target=2.96, unit="minutes")
    assert "The target is 2.96 minutes. Of 5 points here, 0 meet it" in describe_run_chart(chart)


def test_many_points_are_counted_and_of_many_runs_the_longest_is_said():
    """A chart with nothing much wrong had 223 words, of which twenty were numbers of points."""
    out = signals("anhoej", around([4, 0, 5, 4, 0, 6, -1, 7], 0, 1), np.zeros(8))
    assert outside_together(out)[-1].words == "5 points lie above the limits."
    runs = [1] * 10 + [-1] * 2 + [1] * 12 + [-1] * 11
    found = outside_together(signals("ihi", around(runs, 0, 1), np.zeros(len(runs))))
    said = {signal.words: signal.points for signal in found if signal.rule == "shift of 6"}
    above = "Points 13 to 24: 12 points in a row above the center line, 1 more such."
    assert list(said) == [above, "Points 25 to 35: 11 points in a row below the center line."]
    assert said[above] == (*range(10), *range(12, 24))


def test_one_percentage_point_is_in_the_singular():
    chart = run_chart(points([0.999] * 4 + [0.998, 0.999]), target=0, unit="percent")
    words = describe_run_chart(chart)
    assert "the median is 1%, 1 percentage point above it." in words

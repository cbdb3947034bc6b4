"""The run charts of a year: a baseline that does not cry wolf, and few words."""

import pytest

from practice_network import changes
from practice_network.simulate import simulate
from practice_network.year_charts import STARTS, describe_baseline, describe_charts, year_chart
from tests.practice_network.simulated import HOME, MIDDLE


def test_a_year_without_a_change_has_its_median_from_all_weeks(year):
    chart = year(None).chart("check", changes.SUPPORTED)
    assert chart.baseline is None and chart.false_alarm.rate < 0.05
    assert chart.measure == "Week's check right" and chart.group == "Students in support"
    assert describe_baseline(year(None)) == (
        "Nothing is tried, so the median of all 36 weeks is the center of a run chart. Now and "
        "then one signals all the same, a false alarm: in 4 of 100 charts of such a length."
    )


def test_a_change_starts_after_a_baseline_of_twenty_weeks_unless_told_otherwise(year):
    long = simulate(HOME, "support_beside_core", where=MIDDLE)
    assert long.starts == STARTS == 21
    assert year_chart(long, "Week's check right", changes.SUPPORTED).baseline == 20
    assert describe_baseline(long) == (
        "The baseline is the 20 weeks before the change. With nothing going on, a run chart with "
        "it signals all the same, a false alarm, in 8 of 100 charts."
    )
    assert describe_baseline(year("support_beside_core", where=MIDDLE)).endswith(
        "in 14 of 100 charts. With 20 weeks it would be 8 of 100: --starts 21."
    )
    at_once = simulate(HOME, "support_beside_core", where=MIDDLE, starts=1)
    assert "there is no baseline to hold it against" in describe_baseline(at_once)
    assert at_once.chart("check").baseline is None


@pytest.mark.parametrize("where", [None, MIDDLE])
def test_a_year_without_a_change_rarely_signals(year, where):
    """Of 40 years; with the median of the first 11 weeks, which teams chose, one in five did."""
    charts = [year(None, where=where, seed=seed).chart("check") for seed in range(40)]
    assert sum(bool(chart.signals) for chart in charts) <= 4


def test_a_change_that_helps_is_still_seen_after_the_long_baseline():
    years = [
        simulate(HOME, "support_beside_core", where=MIDDLE, fidelity=0.9, seed=seed)
        for seed in range(12)
    ]
    seen = [one.chart("check", changes.SUPPORTED) for one in years]
    assert sum(any(signal.side > 0 for signal in chart.signals) for chart in seen) >= 10


@pytest.mark.parametrize("scale", ["class", "school", "district"])
def test_the_words_of_every_chart_are_under_ninety(scale):
    """They were up to 223, with twenty numbers of points."""
    for idea in (None, *changes.ideas(HOME)):
        for starts in (12, 21):
            one = simulate(HOME, idea, scale=scale, starts=starts)
            said = describe_charts(one).split("\n\n")
            assert 20 < max(len(words.split()) for words in said) < 90


def test_a_measure_that_is_nearly_always_all_is_not_judged():
    one = simulate(HOME, "hand_scoring", where="6993054-701", fidelity=0)
    assert (
        "Planning periods kept: in most weeks it is 100%, and nothing can lie beyond that, so a "
        "run chart cannot judge the others." in describe_charts(one)
    )


def test_a_year_without_a_change_has_the_series_of_whom_ideas_are_for(year):
    none = year(None)
    assert set(changes.SOME) <= set(none.groups)
    support = none.points("check", changes.SUPPORTED)
    assert len(support) == 36 and (support.n < none.points("check").n / 3).all()
    apart = [none.points("check", group).n.iloc[0] for group in (changes.MOVED, changes.OF_NEW)]
    assert all(0 < n < none.points("check").n.iloc[0] for n in apart)


def test_no_more_is_counted_than_was_asked(year):
    """Weeks of four days have four planning periods, and no teacher keeps five."""
    rows = year(None).frame
    assert (rows["count"] <= rows.n).all() and set(rows.measure) >= {"planning", "full_lessons"}

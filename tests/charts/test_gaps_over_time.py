import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.charts.gaps_over_time import (
    by_group,
    describe_by_group,
    describe_gap_run_chart,
    gap_run_chart,
    gap_with_interval,
)
from see_the_system.charts.run_charts import run_chart
from see_the_system.gaps.two_groups import gap_in_points
from see_the_system.messages import Refusal
from tests.frames import row, tidy

FOCUS, COMPARISON, WHOLE = "Hispanic or Latino", "White", "All students"
PAIR = {"focus": FOCUS, "comparison": COMPARISON}
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]


def points(*periods):
    """Points from one dict of group to (count, n) a period, two weeks apart."""
    days = pd.date_range("2025-09-08", periods=len(periods), freq="14D")
    return pd.DataFrame(
        [
            {"at": day, "group": group, "count": count, "n": n}
            for day, groups in zip(days, periods, strict=False)
            for group, (count, n) in groups.items()
        ]
    )


def period(focus, comparison, **more):
    groups = {FOCUS: focus, COMPARISON: comparison} | more
    return {WHOLE: (30 + focus[0] + comparison[0], 60 + focus[1] + comparison[1]), **groups}


STEADY = [period((20 + step, 60), (24, 40)) for step in (0, 2, -1, 1, 3, 0, -2, 2, 1, -1, 0, 1)]


@pytest.mark.parametrize("x1, n1, x2, n2, low, high", NEWCOMBE)
def test_the_intervals_of_newcombe_1998_table_2(x1, n1, x2, n2, low, high):
    found = [float(one[0]) for one in gap_with_interval([x2], [n2], [x1], [n1])]
    assert found == pytest.approx([100 * (x1 / n1 - x2 / n2), 100 * low, 100 * high], abs=0.0051)


def test_the_gap_of_a_period_is_that_of_the_gaps_module():
    found = gap_run_chart(points(period((20, 60), (24, 40))), **PAIR).iloc[0]
    same = gap_in_points(
        tidy(row(group=78, levels=(40, 0, 20, 0)), row(group=80, levels=(16, 0, 24, 0))), **PAIR
    ).iloc[0]
    assert found.iloc[1:8].tolist() == pytest.approx(same[found.index[1:8]].tolist())
    assert found["hidden"] == "" and found["gap"] == pytest.approx(60 - 100 / 3)


def test_a_group_of_ten_keeps_its_row_without_its_numbers():
    table = gap_run_chart(
        points(period((20, 60), (24, 40)), period((5, 10), (24, 40)), period((20, 60), (6, 11))),
        **PAIR,
    )
    assert table["gap"].isna().tolist() == [False, True, False]
    assert table["hidden"].tolist() == ["", "Hispanic or Latino has fewer than 11 students", ""]
    assert (
        table.loc[1, ["n_focus", "percent_focus", "gap", "low", "high"]].isna().all()
        and table.loc[1, "n_comparison"] == 40
    )


def test_a_gap_is_hidden_where_its_group_would_give_another_away():
    own = {"Period 1": (20, 60), "Period 2": (7, 14), "Period 3": (3, 8)}
    table = gap_run_chart(
        points({WHOLE: (30, 82), **own}, {WHOLE: (33, 89), **own, "Period 3": (6, 15)}),
        focus="Period 2",
        comparison="Period 1",
    )
    assert table["hidden"].tolist() == [
        "Period 2 is hidden because a smaller group could be worked out from it",
        "",
    ]
    assert table["gap"].isna().tolist() == [True, False]


def test_a_period_without_one_of_the_groups_says_so():
    frame = points(period((20, 60), (24, 40)), period((20, 60), (24, 40)), period((0, 0), (24, 40)))
    frame = frame[~((frame["group"] == COMPARISON) & (frame["at"] == frame["at"].unique()[1]))]
    table = gap_run_chart(frame, **PAIR)
    assert table["hidden"].tolist() == [
        "",
        "no count for White",
        "no students in Hispanic or Latino",
    ]
    assert table["gap"].notna().tolist() == [True, False, False]


def test_groups_are_found_by_name_or_code_and_must_differ():
    frame = points(*STEADY)
    assert gap_run_chart(frame, focus=78, comparison="white").equals(gap_run_chart(frame, **PAIR))
    with pytest.raises(Refusal, match='both are "White"; choose another'):
        gap_run_chart(frame, focus="White", comparison=80)
    with pytest.raises(
        Refusal, match='no group "Hispanics" in these points; they have Hispanic or Latino'
    ):
        gap_run_chart(frame, focus="Hispanics", comparison=80)


groups = st.tuples(st.integers(0, 60), st.integers(11, 60)).map(lambda pair: (min(pair), pair[1]))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(groups, groups), min_size=1, max_size=6))
def test_swapping_the_groups_turns_the_gap_and_its_interval_round(pairs):
    frame = points(*({FOCUS: focus, COMPARISON: comparison} for focus, comparison in pairs))
    one, other = (
        gap_run_chart(frame, **PAIR),
        gap_run_chart(frame, focus=COMPARISON, comparison=FOCUS),
    )
    assert np.allclose(
        one[["gap", "low", "high"]], -other[["gap", "high", "low"]].to_numpy(), atol=1e-9
    )
    assert ((one["low"] <= one["gap"] + 1e-9) & (one["gap"] <= one["high"] + 1e-9)).all()


def test_the_words_of_the_gap():
    words = describe_gap_run_chart(
        gap_run_chart(points(*STEADY[:3], period((5, 10), (24, 40))), **PAIR)
    )
    assert words == (
        "The gap between Hispanic or Latino and White (White minus Hispanic or Latino) over 4 "
        "periods: 26.7 percentage points on September 8, 2025 (95 "
        "percent interval 6.8 to 44.0) and 28.3 percentage points on October 6, 2025 (95 "
        "percent interval 8.5 to 45.5); the middle one of 3 is "
        "26.7. Not shown: 1 period: Hispanic or Latino has fewer than 11 students. An "
        "interval says how well one period is known; whether the gap "
        "has changed is asked of the whole series."
    )
    nothing = describe_gap_run_chart(gap_run_chart(points(period((5, 10), (24, 40))), **PAIR))
    assert nothing.endswith(
        "over 1 period cannot be shown: 1 period: Hispanic or Latino has fewer than 11 students."
    )


# --- as run charts


def test_the_gaps_that_are_shown_go_to_the_rules_of_a_run_chart():
    closing = [
        period((20 + step, 60), (24, 40))
        for step in (0, 2, -1, 1, 3, 0, -2, 2, 1, -1, 0, 1, *(9, 11, 8, 10, 12, 9, 10, 11))
    ]
    closing[3] = period((5, 10), (24, 40))
    table = gap_run_chart(points(*closing), **PAIR)
    rows = table.dropna(subset="gap").assign(value=lambda row: row["gap"])
    chart = run_chart(rows, baseline=11, better="lower")
    assert len(chart.frame) == 19
    assert [
        (signal.points[0], signal.points[-1], signal.side)
        for signal in chart.signals
        if signal.side
    ] == [(10, 18, -1)]


def test_every_group_has_the_chart_of_its_own_percents_the_whole_first():
    charts = by_group(points(*STEADY), better="higher", measure="Ready for grade 8")
    assert list(charts) == [WHOLE, FOCUS, COMPARISON]
    assert charts[FOCUS].frame["value"].tolist() == pytest.approx(
        [100 * one[FOCUS][0] / 60 for one in STEADY]
    )
    assert all(
        (chart.group, chart.unit, chart.measure, chart.better)
        == (name, "percent", "Ready for grade 8", "higher")
        for name, chart in charts.items()
    )
    assert list(by_group(points(*STEADY), groups=["White"])) == [WHOLE, "White"]


def test_a_hidden_period_is_no_point_and_a_hidden_group_has_no_chart():
    periods = [one | {"Asian": (5, 12), "Filipino": (2, 6)} for one in STEADY]
    periods[4] = periods[4] | {FOCUS: (3, 9)}
    charts = by_group(points(*periods))
    assert (
        "Filipino" not in charts
        and len(charts[FOCUS].frame) == 11
        and len(charts[WHOLE].frame) == 12
    )
    words = describe_by_group(charts)
    assert "1 of 12 periods is not shown." in words


def test_other_kinds_of_chart_take_the_counts_or_the_percents():
    p = by_group(points(*STEADY), groups=["White"], kind="p")["White"].frame
    assert p["n"].tolist() == [40] * 12 and p["value"].tolist() == pytest.approx([60.0] * 12)
    assert by_group(points(*STEADY), groups=[FOCUS], kind="xmr")[FOCUS].frame["upper"].notna().all()


def test_where_nothing_can_be_shown_that_is_said():
    with pytest.raises(Refusal, match="No group has 11 students or more in two periods"):
        by_group(points(*({WHOLE: (3, 9)},) * 5))


def test_the_words_of_the_groups():
    words = describe_by_group(by_group(points(*STEADY)))
    assert words.startswith(
        "All students: 47 percent on February 9, 2026, the middle of 12 periods is 47 percent."
    )
    assert "White: 60 percent on February 9, 2026, the middle of 12 periods is 60 percent." in words
    assert "no signal is not evidence that nothing changed for it." in words


def test_many_charts_cry_wolf_more_often_than_one():
    charts = by_group(points(*STEADY))
    rates = [chart.false_alarm.rate for chart in charts.values()]
    together = 100 * (1 - (1 - rates[0]) * (1 - rates[1]) * (1 - rates[2]))
    assert together > 100 * max(rates)
    assert (
        f"at least one of 3 such charts signals about {together:.0f} percent of the time."
        in describe_by_group(charts)
    )
    assert "at least one of" not in describe_by_group({WHOLE: charts[WHOLE]})

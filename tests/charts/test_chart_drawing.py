import re

import numpy as np
import pandas as pd
import pytest

from see_the_system.charts.chart_drawing import MARKS, signal_points
from see_the_system.charts.plot_run_charts import plot_run_chart
from see_the_system.charts.run_charts import run_chart
from tests.charts.drawn_charts import charts, days, shifted, text_of


def test_a_signal_has_a_shape_and_words_and_says_which_way():
    better, worse, plain = (
        run_chart(shifted(), baseline=12, unit="percent", better=way)
        for way in ("higher", "lower", "")
    )
    assert (
        set(signal_points(better).values()) == {"improvement"}
        and set(signal_points(worse).values()) == {"concern"}
        and set(signal_points(plain).values()) == {""}
    )
    assert (
        len({look["marker"] for look in MARKS.values()})
        == len({look["color"] for look in MARKS.values()})
        == 3
    )
    for chart, word in ((better, "(improvement)"), (worse, "(concern)")):
        assert re.search(
            rf"10 points in a row above the \w+ line {re.escape(word)}",
            text_of(plot_run_chart(chart)),
        )
    assert re.search(
        r"10 points in a row above the \w+ line(?! \()", text_of(plot_run_chart(plain))
    )
    lines = {
        (line.get_marker(), len(line.get_xdata()))
        for line in plot_run_chart(better).artists + plot_run_chart(better).lines
    }
    assert ("*", 10) in lines and ("o", 12) in lines


def test_the_line_is_broken_where_the_frame_says():
    chart = charts()["shift"]
    lines = [
        line
        for line in plot_run_chart(chart).lines
        if line.get_marker() in ("None", None) and len(line.get_xdata()) > 4
    ]
    parts = np.flatnonzero(chart.frame["gap_before"])
    assert len(parts) == 1 and [
        len(line.get_xdata()) for line in lines if line.get_linewidth() == 1.1
    ] == [
        parts[0],
        len(chart.frame) - parts[0],
    ]


def test_the_centre_is_solid_over_the_baseline_of_its_phase_and_dashed_beyond():
    ax = plot_run_chart(charts()["frozen phases"])
    text = text_of(ax)
    said = re.findall(r"baseline: the (first \d points of the phase(?:, 1 left out)?)", text)
    # Two phases of four points say the same, under two brackets; one phase is not frozen.
    assert sorted(said) == [
        "first 3 points of the phase",
        "first 4 points of the phase",
        "first 5 points of the phase, 1 left out",
    ]
    centres = [line for line in ax.lines if line.get_linewidth() == 1.3 and line.is_dashed()]
    assert sum(np.ptp(line.get_xdata()) > 0 for line in centres) == 5
    assert "baseline: the first 12 points" in text_of(plot_run_chart(charts()["shift"]))


def test_limits_step_with_the_number_counted():
    chart = charts()["stepped"]
    (upper,) = [
        line
        for line in plot_run_chart(chart).lines
        if len(line.get_xdata()) == 50 and line.get_ydata()[0] > line.get_ydata().mean() / 2
    ][1:]
    assert len(set(np.round(upper.get_ydata(), 6))) == chart.frame["upper"].round(6).nunique() > 2


@pytest.mark.parametrize("n, shown", [(12_000, 4), (30, 1)])
def test_limits_take_a_quarter_of_the_axis_or_more_however_many_are_counted(n, shown):
    frame = pd.DataFrame({"at": days(14), "count": n * 3 // 10, "n": n})
    chart = run_chart(frame.assign(count=frame["count"] + [1, 0] * 7), kind="p")
    low, high = plot_run_chart(chart).get_ylim()
    width = (chart.frame["upper"] - chart.frame["lower"]).iloc[0]
    assert (200 - 28) / 200 * (high - low) == pytest.approx(shown * width)

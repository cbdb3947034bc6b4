import pytest

from see_the_system.charts.many_predictions import calibration
from see_the_system.charts.pareto import pareto
from see_the_system.charts.plot_bars import plot_calibration, plot_pareto
from tests.charts.drawn_charts import questions, text_of


def test_a_pareto_chart_writes_counts_and_shares_on_one_scale():
    table = pareto({"placement": 12, "late results": 7, "bus": 1})
    ax = plot_pareto(table, name="What was named")
    text = text_of(ax)
    for part in (
        "What was named",
        "placement",
        "12",
        "60%",
        "late results",
        "95%",
        "100%",
        "20 counted",
    ):
        assert part in text
    (line,) = [line for line in ax.lines if line.get_marker() == "s"]
    assert line.get_xdata() / line.get_xdata()[-1] == pytest.approx([0.6, 0.95, 1.0])


def test_calibration_writes_its_bands_and_counts():
    table = calibration(questions())
    text = text_of(plot_calibration(table))
    assert [
        row
        for row in table.to_dict("records")
        if f"{row['hits']} of {row['n']} came in" not in text
    ] == []
    assert "About 70% sure" in text and "95% or more sure" in text and "Under 45% sure" in text
    assert "No prediction has both" in text_of(plot_calibration(calibration([])))

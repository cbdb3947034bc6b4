import re

from see_the_system.charts.panels import svg
from see_the_system.charts.plot_run_charts import plot_run_chart
from see_the_system.charts.run_charts import run_chart
from tests.charts.drawn_charts import noise, series


def test_a_dollar_sign_and_markup_stay_what_they_are():
    chart = run_chart(
        series(noise(12)),
        measure="Costs $5 and $6 <b>",
        annotations=[("2025-09-15", r"\frac{1}{2} of $x$ & more")],
    )
    picture = svg(plot_run_chart(chart), name="a", words="b")
    assert "Costs $5 and $6 &lt;b&gt;" in picture and r"\frac{1}{2} of $x$ &amp; more" in picture


def test_numbers_and_dates_in_a_text_stay_as_they_are_written():
    chart = run_chart(
        series(noise(12)),
        measure="From 11.10.2025: 1.035 hours, 0.10 of them late",
        annotations=[("2025-09-15", "$1,234.50")],
    )
    picture = svg(plot_run_chart(chart), name="a", words="b")
    assert ">From 11.10.2025: 1.035 hours, 0.10 of them late<" in picture and "$1,234.50" in picture
    assert not re.search(r' (?:x|y|d)="[^"]*\.\d{3}', picture)

import pandas as pd
import pytest

from see_the_system.pictures.figures import svg
from see_the_system.reports.report_charts import plot_gap, plot_gap_over_time, plot_levels

YEARS = pd.DataFrame(
    {
        "year": [2019, 2021, 2022, 2023],
        "focus": "Hispanic or Latino",
        "comparison": "White",
        "percent_focus": [30.0, 90.0, 31.0, 44.0],
        "percent_comparison": [50.0, 95.0, 48.0, 45.0],
        "gap": [20.0, 5.0, 17.0, 1.0],
    }
)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_no_line_is_drawn_to_or_across_the_years_that_cannot_be_compared():
    ax = plot_gap_over_time(YEARS)
    runs = [list(line.get_xdata()) for line in ax.lines[:4]]
    assert runs == [[2019], [2022, 2023], [2019], [2022, 2023]]
    assert list(ax.get_xticks()) == [2019, 2022, 2023]
    assert "not comparable\n2020, 2021" in texts(ax)


def test_labels_that_would_touch_are_moved_apart():
    labels = [text for text in plot_gap_over_time(YEARS).texts if "%" in text.get_text()]
    assert [label.get_text() for label in labels] == ["Hispanic or Latino 44%", "White 45%"]
    assert labels[1].xy[1] - labels[0].xy[1] == pytest.approx(6)


def test_one_year_alone_has_its_gap_drawn_once():
    assert len(plot_gap_over_time(YEARS.tail(1)).lines) == 3


def test_a_gap_is_drawn_as_its_table_has_it():
    by_grade = YEARS.assign(grade=["5", "6", "7", "8"], year=2025)
    grades = [label.get_text() for label in plot_gap(by_grade).get_yticklabels()]
    assert grades == ["Grade 5", "Grade 6", "Grade 7", "Grade 8"]
    assert list(plot_gap(YEARS).get_xticks()) == [2019, 2022, 2023]


def test_the_levels_of_a_group_are_split_at_the_standard():
    row = {"group": "White", "n": 200, "n_not_met": 20, "n_nearly_met": 40, "n_met": 134}
    ax = plot_levels(pd.DataFrame([row | {"n_exceeded": 6}]))
    assert [bar.get_x() for bar in ax.patches] == pytest.approx([-30, -20, 0, 67])
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([10, 20, 67, 3])
    # What is narrow has no number; the last level has its name all the same.
    levels = ["10%", "Not met", "20%", "Nearly met", "67%", "Met", "Exceeded", "the standard"]
    assert texts(ax) == levels
    assert "<title" in svg(ax, name="Levels", words="w")

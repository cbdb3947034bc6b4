"""The first page of a report against the state's own rows."""

from types import SimpleNamespace

import pandas as pd
import pytest

from see_the_system.data.codes import ALL_GRADES, MATH_CUTS
from see_the_system.data.store import open_store
from see_the_system.paths import SAMPLE
from see_the_system.reports import all_groups, first_page
from see_the_system.reports.district_report import DistrictReport

LARGE, ONE_SCHOOL = "99-10017", "99-10074"


@pytest.fixture(scope="module")
def large():
    return DistrictReport(LARGE, "Hispanic or Latino", "White")


def parts(report):
    """The parts of the first page by their headings (dict)."""
    return {part.heading: part for part in report.first_page().parts}


def of_the_state(district, grades, groups):
    """The state's rows of 2025, by group."""
    rows = open_store(SAMPLE).read(
        districts=[district], tests=["Mathematics"], grades=grades, groups=groups, years=[2025]
    )
    return rows[rows["level"] != "school"]


def percent(row):
    return 100 * (row["n_met"] + row["n_exceeded"]) / row["with_scores"]


def test_the_page_has_every_part_in_its_order(large):
    assert list(parts(large)) == [
        "Beside the county: met the standard, all tested grades",
        "Every student group, all tested grades",
        "Since 2019",
        "Points from standard",
        "In students",
        "What to ask next",
    ]
    assert large.first_page().headline == large.headline().headline


def test_the_district_and_the_county_have_the_files_percents(large):
    table = all_groups.places_table(large)
    assert table["Place"].tolist() == ["This district", "Practice County"]
    for place, code in enumerate((LARGE, "99-00000")):
        rows = of_the_state(code, [ALL_GRADES], [1, 78, 80]).set_index("group_id")
        found = [f"{percent(rows.loc[group]):.1f}%" for group in (1, 78, 80)]
        assert table.iloc[place, 1:4].tolist() == found
        gap = percent(rows.loc[80]) - percent(rows.loc[78])
        assert table["Gap, points"][place] == f"{gap:.1f}"


@pytest.mark.parametrize("code", ["99-10017", "99-10033", "99-10041", "99-10058", "99-10066"])
def test_each_gap_is_the_difference_of_the_percents_that_stand_beside_it(code):
    table = all_groups.places_table(DistrictReport(code, "Hispanic or Latino", "White"))
    for _, _, focus, comparison, gap in table.itertuples(index=False):
        difference = float(comparison.rstrip("%")) - float(focus.rstrip("%"))
        assert float(gap) == pytest.approx(difference, abs=0.001)


def test_every_group_is_drawn_with_the_files_percent(large):
    drawn = all_groups.groups_to_draw(large).set_index("label")
    rows = of_the_state(LARGE, [ALL_GRADES], None).set_index("group")
    assert drawn.loc["Hispanic or Latino", "role"] == "focus"
    assert drawn.loc["White", "role"] == "comparison"
    for label in ("Asian", "Hispanic or Latino", "English learner", "Reported disability"):
        assert drawn.loc[label, "percent"] == pytest.approx(percent(rows.loc[label]))
        assert drawn.loc[label, "low"] < drawn.loc[label, "percent"] < drawn.loc[label, "high"]
    assert "Long-term English learner" not in drawn.index  # the files have no row of them


def test_points_from_standard_are_weighted_over_grades_and_not_called_the_dashboards(large):
    rows = of_the_state(LARGE, [4, 5, 6, 7, 8], [78, 80])
    away = rows["mean_scale_score"] - rows["grade"].map(lambda grade: MATH_CUTS[grade][1])
    sums = (away * rows["with_scores"]).groupby(rows["group_id"]).sum()
    mean = sums / rows.groupby("group_id")["with_scores"].sum()
    words, dashboard = parts(large)["Points from standard"].words
    assert mean[78] < 0 and mean[80] < 0
    assert f"Hispanic or Latino {-mean[78]:.0f} points below and White {-mean[80]:.0f}" in words
    assert dashboard.startswith("Not the Dashboard's figure")


def test_how_many_more_students_the_gap_is(large):
    gap = large.gap_now
    number = gap["n_focus"] * gap["gap"] / 100
    words = parts(large)["In students"].words[0]
    assert words.startswith(f"About {round(number, -1):,.0f} more Hispanic or Latino students")
    assert "at the rate of White students (95% interval" in words


def test_no_number_of_students_where_the_gap_is_turned_or_may_be_chance():
    turned = DistrictReport(LARGE, "White", "Hispanic or Latino", years=[2025])
    assert "In students" not in parts(turned)
    unclear = DistrictReport(LARGE, "Male", "Female", years=[2025])
    assert unclear.gap_now["low"] <= 0 and "In students" not in parts(unclear)


def test_the_course_says_what_both_rulers_show_and_where_there_is_none(large):
    course = parts(large)["Since 2019"]
    assert "The gap shrank by about 4.5 points (0.8 to 8.2); on all four levels" in course.words[0]
    assert "Met the standard in 2019 and 2025: Hispanic or Latino 26% and 25%" in course.words[0]
    alone = DistrictReport(LARGE, "Hispanic or Latino", "White", years=[2024])
    assert parts(alone)["Over the years"].words == (
        "Both groups are shown in 2024 alone: there is no trend to tell yet.",
    )
    widened = DistrictReport(LARGE, 31, 111)
    assert "The state widened who counts" in parts(widened)["Since 2019"].words[0]


@pytest.mark.parametrize("code", [LARGE, ONE_SCHOOL, "99-10066"])
@pytest.mark.parametrize("pair", [(78, 80), (80, 78), (31, 111)])
def test_three_questions_and_no_more(code, pair):
    asked = parts(DistrictReport(code, *pair, years=[2024, 2025]))["What to ask next"].points
    assert len(asked) == 3 and all(question.endswith("?") for question in asked)


def split(between, within):
    """The two parts of a gap, each (value, low, high)."""
    return SimpleNamespace(
        between=between[0],
        between_interval=between[1:],
        within=within[0],
        within_interval=within[1:],
    )


@pytest.mark.parametrize(
    ("between", "within", "says"),
    [
        ((2, 1, 3), (20, 18, 22), "Most of the gap lies within schools (20.0 points; 2.0 between"),
        ((-2, -3, -1), (20, 18, 22), "lies within schools (20.0 points; −2.0 between"),
        ((20, 18, 22), (2, 1, 3), "lies between schools (20.0 points; 2.0 within"),
        ((-8, -9, -7), (-2, -3, -1), ""),
        ((-2, -3, -1), (-8, -9, -7), ""),
        ((-8, -9, -7), (1, -1, 3), ""),
        ((5, 2, 8), (6, 3, 9), ""),
    ],
)
def test_where_the_gap_lies_is_said_where_it_is_a_gap(between, within, says):
    report = SimpleNamespace(split=split(between, within))
    found = list(first_page._where_it_lies(report))
    assert len(found) == bool(says)
    assert all(says in sentence for sentence in found)


def test_a_year_between_years_that_are_left_out_is_a_dot():
    years = pd.DataFrame(
        {"year": [2019, 2022], "percent_focus": [0.0, 0.0], "percent_comparison": [0.0, 0.0]}
    )
    drawn = first_page._little_course(years, name="Percent", words="Words")
    assert drawn.count("<circle") == 8 and "nan" not in drawn  # two layouts

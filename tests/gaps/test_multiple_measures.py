"""Public measures side by side: each with its n, none ranked, none of few students."""

import pandas as pd
import pytest

from see_the_system.data.indicators import INDICATORS
from see_the_system.data.store import open_store
from see_the_system.display import picture, words
from see_the_system.gaps.multiple_measures import change_words, multiple_measures
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.privacy.indicator_gate import protect_indicators
from tests.reports.drawn_pictures import layouts

THREE = ("All students", "Hispanic or Latino", "White")


@pytest.fixture(scope="module")
def frame():
    return protect_indicators(open_store([SAMPLE]).indicators("99-10017"))


def row(result, indicator, group="All students"):
    table = result.table
    return table[(table["indicator"] == indicator) & (table["group"] == group)].iloc[0]


def test_a_school_beside_its_district(frame):
    result = multiple_measures(frame, "Lanternfield High", groups=THREE)
    assert (result.place, result.beside) == ("Lanternfield High", "Lanternfield Unified")
    one = row(result, "graduation")
    assert (one.year, one.n, one.value, one.beside_n, one.beside_value) == (
        *(2025, 722, 90.2),
        *(2926, 86.8),
    )
    # Wilson's interval of 651 of 722; a year before 651 of 712.
    assert (round(one.low, 2), round(one.high, 2)) == (87.78, 92.13)
    assert round(one.change, 1) == -1.2 and one.change_low < 0 < one.change_high
    math = row(result, "dashboard_math", "White")
    assert pd.isna(math.low) and math.value == -5.3
    assert list(result.table["indicator"].unique()) == [
        "chronic_absence",
        "graduation",
        "a_g_of_graduates",
        "a_g_of_cohort",
        "college_going",
        "dashboard_math",
    ]


def test_a_district_beside_its_county(frame):
    result = multiple_measures(frame)
    assert (result.place, result.beside) == ("Lanternfield Unified", "Practice County")
    assert row(result, "college_going").year == 2023
    # The Dashboard has no county.
    assert pd.isna(row(result, "dashboard_math").beside_value)


def test_every_number_in_words_stands_with_its_students(frame):
    said = words(multiple_measures(frame, "Lighthouse Bend Middle"))
    assert said.splitlines()[:2] == [
        "Lighthouse Bend Middle, measure by measure, the newest year of each:",
        "Chronic absence, 2025, students enrolled who missed a tenth of their days or more: All "
        "students 18% of 995 students (16 to 21). Lanternfield Unified: 15% of 21,031. Since 2024: "
        "1.3 points less, which can be chance. Lower is better. Of all grades that a school has; "
        "the Dashboard's rate is of kindergarten to grade 8.",
    ]
    assert said.endswith(
        "Each measure counts other students, so no one number sums them up; what students, "
        "families and teachers would say of the school is in none of them."
    )
    assert "rank" not in said


def test_what_is_hidden_is_said_and_not_told(frame):
    result = multiple_measures(frame, "Second Sunrise Continuation", groups=THREE)
    hidden = row(result, "chronic_absence", "White")
    assert pd.isna(hidden.value) and pd.isna(hidden.n) and pd.isna(hidden.change)
    assert "White hidden (10 or fewer students, or what would give such a result away)" in words(
        result
    )


def test_a_clear_change_is_told_from_chance(frame):
    changed = frame.copy()
    where = (changed["level"] == "district") & (changed["indicator"] == "graduation")
    where &= (changed["year"] == 2025) & (changed["group_id"] == 1)
    changed.loc[where, "value"], changed.loc[where, "count"] = 92.0, 2692
    said = words(multiple_measures(changed))
    # 2,692 of 2,926 and 2,479 of 2,874 a year before: 5.7 points, Newcombe's interval.
    assert "Since 2024: 5.7 points more, more than chance (4.2 to 7.4)." in said


@pytest.mark.parametrize("school", [None, "Lanternfield High", "Second Sunrise Continuation"])
def test_no_text_of_the_picture_touches_another(frame, school):
    result = multiple_measures(frame, school, groups=THREE)
    for layout in layouts(picture(result)):
        assert layout.faults() == []
        assert {"Chronic absence, 2025 (lower is better)", "White"} <= set(layout.words)


def test_a_measure_without_percents_has_no_picture(frame):
    points = frame[frame["indicator"] == "dashboard_math"]
    assert picture(multiple_measures(points)) == ""


@pytest.mark.parametrize(
    ("school", "groups", "sentence"),
    [
        (
            "Lanternfeld High",
            THREE,
            "There is no school 'Lanternfeld High' in these measures. Choose Lanternfield High",
        ),
        (None, ("Hispanc",), "No public measure here has a group 'Hispanc'. Choose Hispanic or"),
    ],
)
def test_what_is_not_there_is_named(frame, school, groups, sentence):
    with pytest.raises(Refusal) as fault:
        multiple_measures(frame, school, groups=groups)
    assert str(fault.value).startswith(sentence)
    with pytest.raises(Refusal, match="There are no other public measures of this district"):
        multiple_measures(frame.iloc[:0])


def test_no_change_is_said_as_none():
    row = {"year": 2025, "change": 0.04, "change_low": -1.0, "change_high": 1.1, "color": pd.NA}
    assert change_words(row, INDICATORS["graduation"]) == " Since 2024: no change."
    points = {**row, "change": -0.02, "color": 3}
    said = " Since 2024: no change; its color on the Dashboard is yellow."
    assert change_words(points, INDICATORS["dashboard_math"]) == said


def test_a_change_without_a_color_and_a_year_without_the_group(frame):
    few = frame.copy()
    few.loc[few["indicator"] == "dashboard_math", "color"] = pd.NA
    said = words(multiple_measures(few))
    assert "Since 2024: 4.1 points more." in said
    newest = (frame["year"] == 2025) & (frame["group"] != "English learner")
    older = multiple_measures(frame[~newest])
    assert row(older, "graduation").year == 2024
    only = multiple_measures(frame[frame["group"] == "English learner"], groups="English learner")
    assert len(only.table) == 6
    district = frame[(frame["level"] == "district") & (frame["group"] == "White")]
    county = frame[frame["level"] == "county"]
    none = multiple_measures(pd.concat([district, county]), groups="Asian")
    assert none.table.empty and words(none) == "No public measure of Lanternfield Unified is there."

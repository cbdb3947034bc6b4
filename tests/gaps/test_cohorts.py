import numpy as np
import pytest

from see_the_system.gaps.cohorts import (
    class_gaps,
    describe_class_gaps,
    describe_quasi_cohorts,
    quasi_cohorts,
    sentences_on_class_gaps,
)
from see_the_system.gaps.two_groups import gap_in_sd
from see_the_system.messages import Refusal
from tests.frames import row, tidy
from tests.gaps.pairs import PAIR, year_rows


def test_a_quasi_cohort_goes_up_one_grade_a_year():
    frame = tidy(
        *year_rows(2023, 200, grades=(6, 7)),
        *year_rows(2024, 260, n=1100, comparison_meeting=550, grades=(6, 7, 8)),
    )
    result = quasi_cohorts(frame, **PAIR)
    assert result[["year_from", "grade_from", "year_to", "grade_to"]].to_numpy().tolist() == [
        [2023, 6, 2024, 7],
        [2023, 7, 2024, 8],
    ]
    one = result.iloc[0]
    assert (one["gap_from"], one["gap_to"], one["change"]) == pytest.approx(
        (30, 50 - 2600 / 110, 20 - 2600 / 110)
    )
    assert (one["n_focus_from"], one["n_focus_to"], one["n_change_focus"]) == (
        1000,
        1100,
        pytest.approx(10),
    )
    assert (one["focus_from"], one["focus_to"]) == pytest.approx((20, 2600 / 110))
    assert one["low"] < one["change"] < one["high"]


def test_the_years_without_usable_tests_are_bridged_by_as_many_grades():
    frame = tidy(
        *year_rows(2019, 200, grades=(4, 5, 8)),
        *year_rows(2021, 200, grades=(6, 7)),
        *year_rows(2022, 250, grades=(7, 8, 11)),
    )
    steps = (
        quasi_cohorts(frame, **PAIR)[["year_from", "grade_from", "year_to", "grade_to"]]
        .to_numpy()
        .tolist()
    )
    assert steps == [[2019, 4, 2022, 7], [2019, 5, 2022, 8], [2019, 8, 2022, 11]]


def test_a_year_that_is_hidden_is_not_skipped_over():
    frame = tidy(
        *year_rows(2022, 200, grades=(6,)),
        row(2023, grade=7, group=78, levels=None, missing="suppressed"),
        row(2023, grade=7, group=80),
        *year_rows(2024, 200, grades=(8,)),
    )
    assert quasi_cohorts(frame, **PAIR).empty


def test_districts_are_followed_apart():
    rows = [
        {**each, "district_code": code}
        for code, many in (("10017", 200), ("10025", 300))
        for each in (*year_rows(2023, many, grades=(7,)), *year_rows(2024, many + 50, grades=(8,)))
    ]
    result = quasi_cohorts(tidy(*rows), **PAIR, by="district_code")
    assert result["district_code"].tolist() == ["10017", "10025"] and result[
        "gap_from"
    ].tolist() == pytest.approx([30, 20])


def test_a_quasi_cohort_by_distance_from_standard_has_no_interval():
    frame = tidy(*year_rows(2023, 200, grades=(7,)), *year_rows(2024, 200, grades=(8,)))
    [found] = quasi_cohorts(frame, **PAIR, measure="dfs").to_dict("records")
    assert (found["focus_from"], found["comparison_to"]) == (2507 - 2567, 2576 - 2586)
    assert (found["gap_from"], found["gap_to"], found["change"]) == (67, 68, 1) and np.isnan(
        found["low"]
    )
    with pytest.raises(Refusal, match="'gap', 'v' or 'dfs'"):
        quasi_cohorts(frame, **PAIR, measure="growth")


def test_a_quasi_cohort_in_standard_deviations_is_that_of_gap_in_sd():
    frame = tidy(*year_rows(2023, 200, grades=(7,)), *year_rows(2024, 240, grades=(8,)))
    [found] = quasi_cohorts(frame, **PAIR, measure="v").to_dict("records")
    first, last = gap_in_sd(frame, **PAIR).to_dict("records")
    assert (found["gap_from"], found["gap_to"]) == (first["v"], last["v"])
    assert found["high"] - found["change"] == pytest.approx(
        1.959964 * np.hypot(first["se"], last["se"])
    )


@pytest.mark.parametrize("measure", ["gap", "v", "dfs"])
def test_the_words_on_quasi_cohorts_give_numbers_and_cautions_and_never_say_growth(measure):
    frame = tidy(
        *year_rows(2023, 200, grades=(7,)),
        *year_rows(2024, 260, n=1100, comparison_meeting=550, grades=(8,)),
    )
    words = describe_quasi_cohorts(quasi_cohorts(frame, **PAIR, measure=measure))
    assert words.startswith(
        "From grade 7 in 2023 to grade 8 in 2024 the gap between Hispanic or Latino and "
        "White went from "
    )
    assert (
        "Hispanic or Latino: 1,000 students with scores, then 1,100 (+10%)" in words
        and "mostly, not wholly, the same students" in words
    )
    assert "growth" not in words and "grew" not in words
    assert ("equally demanding" in words, "spread wider" in words) == (
        measure == "gap",
        measure == "dfs",
    )


def test_groups_that_students_enter_and_leave_are_named():
    rows = [
        {**each, "group_id": 160, "group": "English learner"} if each["group_id"] == 78 else each
        for each in (*year_rows(2023, 200, grades=(7,)), *year_rows(2024, 200, grades=(8,)))
    ]
    words = describe_quasi_cohorts(
        quasi_cohorts(tidy(*rows), focus="English learner", comparison="White")
    )
    assert "Students also enter and leave the group English learner from year to year" in words


def test_a_class_is_held_against_both_rulers_in_the_same_two_years():
    frame = tidy(
        *year_rows(2023, 200, grades=(5, 6)),
        *year_rows(2024, 260, n=1150, comparison_meeting=550, grades=(6, 7)),
    )
    found = class_gaps(frame, **PAIR)
    in_sd = quasi_cohorts(frame, **PAIR, measure="v")
    assert len(found) == 2
    for column in ("gap_from", "gap_to", "change", "low", "high"):
        assert found[f"{column}_v"].tolist() == in_sd[column].tolist()
    whole, fifth, _, cautions = sentences_on_class_gaps(found)
    points, sd = found.iloc[0]["gap_from"], found.iloc[0]["gap_from_v"]
    assert whole.startswith("From 2023 to 2024 the gap") and "in 2 classes" in whole
    assert f"Grade 5, then grade 6: from {points:.1f} to" in fifth and f"from {sd:.2f} to" in fifth
    assert "In part other students: their number changed (Hispanic or Latino +15%" in fifth
    assert cautions.startswith("These are mostly, not wholly, the same students")


def test_a_change_that_only_the_line_made_is_clear_in_points_alone():
    """The practice network's class that went from grade 3 to grade 4, where the bar is higher."""
    row = {
        "focus": "Hispanic or Latino",
        "comparison": "White",
        "measure": "gap",
        "year_from": 2024,
        "grade_from": 3,
        "year_to": 2025,
        "grade_to": 4,
        "gap_from": 27.1,
        "gap_to": 18.5,
        "change": -8.5,
        "low": -15.8,
        "high": -1.2,
        "gap_from_v": 0.67,
        "gap_to_v": 0.52,
        "change_v": -0.14,
        "low_v": -0.31,
        "high_v": 0.03,
        "n_change_focus": -2.1,
        "n_change_comparison": -0.5,
    }
    words = describe_class_gaps(row)
    assert "It changed clearly in 1 in points, and in none in standard deviations." in words
    assert "A clear change in points, and none in standard deviations." in words
    assert "In part other students" not in words
    assert "on either ruler" in describe_class_gaps({**row, "high": 1.2})
    lost = {f"{name}_v": np.nan for name in ("gap_from", "gap_to", "change", "low", "high")}
    words = describe_class_gaps({**row, **lost})
    assert "A clear change. For standard deviations the data do not suffice." in words


def test_where_no_class_can_be_followed_both_rulers_say_so():
    frame = tidy(*year_rows(2023, 200, grades=(6,)), *year_rows(2024, 260, grades=(6,)))
    words = describe_class_gaps(class_gaps(frame, **PAIR))
    assert words.startswith("No class can be followed from one year to the next")

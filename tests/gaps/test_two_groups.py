import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.gaps.paired import v_gap
from see_the_system.gaps.two_groups import (
    AT_CUTS,
    IN_SD,
    POINTS,
    describe_gap,
    describe_gap_at_every_cut,
    describe_gap_in_sd,
    gap_at_every_cut,
    gap_in_points,
    gap_in_sd,
)
from see_the_system.gaps.variation import describe_many_gaps, many_gaps
from see_the_system.privacy.protect import protect
from tests.frames import row, tidy
from tests.gaps.pairs import COMPARISON, FOCUS, HIGH, LOW, PAIR, both, meeting

SILENT = "results of 10 or fewer students are hidden, and so are others that would give them away"


@pytest.mark.parametrize(
    "x1, n1, x2, n2, low, high",
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_the_intervals_of_newcombe_1998_table_2(x1, n1, x2, n2, low, high):
    [found] = gap_in_points(tidy(*both(meeting(x2, n2), meeting(x1, n1))), **PAIR).to_dict(
        "records"
    )
    assert (found["gap"], found["low"], found["high"]) == pytest.approx(
        (100 * (x1 / n1 - x2 / n2), 100 * low, 100 * high), abs=0.0051
    )


def test_the_gap_is_comparison_minus_focus():
    [found] = gap_in_points(tidy(*both(LOW, HIGH)), **PAIR).to_dict("records")
    assert (found["percent_focus"], found["percent_comparison"]) == pytest.approx(
        (100 * 160 / 700, 50)
    )
    assert (found["n_focus"], found["n_comparison"], found["focus"], found["comparison"]) == (
        700,
        600,
        FOCUS,
        COMPARISON,
    )
    assert found["gap"] == pytest.approx(50 - 100 * 160 / 700)


levels = st.tuples(*[st.integers(0, 40)] * 4).filter(any)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(levels, levels), min_size=1, max_size=12))
def test_swapping_the_groups_turns_the_gap_and_its_interval_round(pairs):
    frame = tidy(*[each for i, pair in enumerate(pairs) for each in both(*pair, year=2000 + i)])
    there, back = (
        gap_in_points(frame, **PAIR),
        gap_in_points(frame, focus=COMPARISON, comparison=FOCUS),
    )
    for one, other in (("gap", "gap"), ("low", "high"), ("high", "low")):
        assert back[one].tolist() == pytest.approx((-there[other]).tolist(), abs=1e-9)
    assert there["low"].ge(-100).all() and (there["low"] <= there["gap"] + 1e-9).all()
    assert there["high"].le(100).all() and (there["high"] >= there["gap"] - 1e-9).all()


def test_v_of_the_reference_counts():
    [found] = gap_in_sd(tidy(*both(LOW, HIGH)), **PAIR).to_dict("records")
    assert found["v"] == pytest.approx(0.70341771, abs=1e-5)
    assert (found["low"], found["high"]) == pytest.approx(
        (found["v"] - 1.959964 * found["se"], found["v"] + 1.959964 * found["se"])
    )
    assert (found["grades"], found["reason"]) == ("8", "")


def test_v_is_averaged_over_grades_and_not_found_from_their_sum():
    easy = ((5, 20, 45, 130), (2, 10, 28, 160))
    frame = tidy(*both(*easy, grade=7), *both((15, 3, 2, 1), (22, 10, 5, 3), grade=8))
    [found] = gap_in_sd(frame, **PAIR).to_dict("records")
    (v7, se7), (v8, se8) = v_gap(*easy), v_gap((15, 3, 2, 1), (22, 10, 5, 3))
    w7, w8 = 200 * 200 / 400, 21 * 40 / 61
    assert found["v"] == pytest.approx((w7 * v7 + w8 * v8) / (w7 + w8))
    assert found["se"] == pytest.approx(np.hypot(w7 * se7, w8 * se8) / (w7 + w8))
    assert (found["n_focus"], found["grades"]) == (221, "7, 8")


def test_a_grade_in_fewer_than_three_levels_is_left_out_with_its_reason():
    frame = tidy(*both(LOW, HIGH, grade=7), *both((9, 8, 0, 0), HIGH, grade=8))
    [found] = gap_in_sd(frame, **PAIR).to_dict("records")
    assert (found["v"], found["grades"], found["n_focus"]) == (
        pytest.approx(0.70341771, abs=1e-5),
        "7",
        700,
    )
    assert found["reason"] == (
        "grade 8 of 2024: students of Hispanic or Latino reached fewer than three of the four "
        "levels"
    )
    assert gap_in_points(frame, **PAIR)["grades"].tolist() == ["7, 8"]


def test_v_is_missing_with_a_reason_where_no_grade_can_be_used():
    result = gap_in_sd(tidy(*both((9, 8, 0, 0), (0, 0, 5, 7))), **PAIR)
    assert result["v"].isna().all() and result["low"].isna().all()
    assert describe_gap_in_sd(result) == (
        "In 2024, the gap between Hispanic or Latino (17 students) and White (12) cannot be "
        "given in standard deviations: "
        "grade 8 of 2024: students of Hispanic or Latino and White reached fewer than three of "
        "the four levels."
    )


def test_the_points_move_with_the_cut_and_v_stays():
    result = gap_at_every_cut(tidy(*both(LOW, HIGH)), **PAIR)
    assert result["cut"].tolist() == [2, 3, 4]
    assert (result["gap"] / 100).tolist() == pytest.approx(
        [480 / 600 - 400 / 700, 300 / 600 - 160 / 700, 80 / 600 - 20 / 700]
    )
    assert result["v"].tolist() == pytest.approx([0.70341771] * 3, abs=1e-5)
    assert result.loc[1, list(POINTS)].equals(
        gap_in_points(tidy(*both(LOW, HIGH)), **PAIR).loc[0, list(POINTS)]
    )
    words = describe_gap_at_every_cut(result)
    assert (
        "22.9 points counting 'nearly met or above' (95% interval" in words
        and "it is 0.70 at every cut" in words
    )


ALL = [
    (gap_in_points, describe_gap, POINTS),
    (gap_in_sd, describe_gap_in_sd, IN_SD),
    (gap_at_every_cut, describe_gap_at_every_cut, AT_CUTS),
]


@pytest.mark.parametrize("find, describe, columns", ALL)
@pytest.mark.parametrize(
    "frame, words",
    [
        (
            tidy(),
            "There is no gap to show between Hispanic or Latino and White: no row is left of what "
            "was asked for. Ask for more years, grades or schools.",
        ),
        (
            tidy(row(group=80)),
            "No gap between Hispanic or Latino and White is shown for 2024: the files have "
            "no row for Hispanic or Latino.",
        ),
        (
            tidy(row(group=80), row(group=78, levels=None, missing="suppressed")),
            "No gap between Hispanic or Latino and White is shown for 2024: the scores of "
            f"Hispanic or Latino are hidden, because {SILENT}.",
        ),
        (
            tidy(*both(None, None, missing="suppressed")),
            "No gap between Hispanic or Latino and White is shown for 2024: the scores of "
            "Hispanic or Latino and White are hidden, because "
            f"{SILENT}.",
        ),
        (
            tidy(row(group=80), row(group=78, levels=None, missing="nobody tested")),
            "No gap between Hispanic or Latino and White is shown for 2024: no student of the "
            "group Hispanic or Latino has scores.",
        ),
        (
            tidy(row(group=80, grade=7), row(group=78, grade=8)),
            "No gap between Hispanic or Latino and White is shown for 2024: no grade is "
            "shown for both groups.",
        ),
    ],
)
def test_no_gap_is_an_empty_frame_and_a_sentence_with_the_reason(
    find, describe, columns, frame, words
):
    result = find(frame, **PAIR)
    assert list(result) == ["year", *columns] and result.empty
    assert all(pd.api.types.is_float_dtype(result[name]) for name in ("low", "high"))
    assert describe(result) == words
    assert describe_many_gaps(many_gaps(frame, pairs=[(78, 80)])) == words


def test_words_give_both_percents_the_gap_and_its_interval_for_the_latest_year():
    frame = tidy(
        *both(LOW, HIGH),
        *both(LOW, HIGH, 2023),
        row(2022, group=80),
        row(2022, group=78, levels=None, missing="suppressed"),
    )
    assert describe_gap(gap_in_points(frame, **PAIR)) == (
        "In 2024, 22.9% of 700 students (Hispanic or Latino) and 50.0% of 600 students "
        "(White) in grade 8 met or exceeded the mathematics "
        "standard. The gap is 27.1 percentage points (95% interval 22.0 to 32.1). No gap "
        "between Hispanic or Latino and White is shown for "
        f"2022: the scores of Hispanic or Latino are hidden, because {SILENT}."
    )
    assert describe_gap_in_sd(gap_in_sd(frame, **PAIR)).startswith(
        "In 2024, the gap between Hispanic or Latino (700 students) and White (600) in grade "
        "8 is 0.70 standard deviations "
        "(95% interval 0.58 to 0.83) wherever the cut scores lie."
    )


def test_words_say_when_the_focus_group_is_higher_or_the_groups_cannot_be_told_apart():
    assert (
        "The gap is −27.1 percentage points (95% interval −32.1 to −22.0): the results of "
        "Hispanic or Latino are the higher ones."
        in (describe_gap(gap_in_points(tidy(*both(HIGH, LOW)), **PAIR)))
    )
    assert "The interval includes zero" in describe_gap(
        gap_in_points(tidy(*both((6, 3, 2, 1), (5, 3, 2, 2))), **PAIR)
    )


def test_no_group_is_called_higher_where_the_interval_includes_zero():
    few = tidy(*both((5, 3, 2, 2), (6, 3, 2, 1)))
    words = describe_gap(gap_in_points(few, **PAIR))
    assert "The gap is −8.3 percentage points" in words and "higher" not in words
    assert ": the results of" not in describe_gap_in_sd(gap_in_sd(few, **PAIR))


def test_of_gaps_on_both_sides_of_zero_it_is_said_what_below_zero_means():
    crossed = tidy(*both((100, 0, 100, 100), (0, 120, 180, 0)))
    words = describe_gap_at_every_cut(gap_at_every_cut(crossed, **PAIR))
    assert "33.3 points counting 'nearly met or above'" in words and "−33.3 points" in words
    assert ": the results of Hispanic or Latino are the higher ones where the gap is below" in words


@pytest.mark.parametrize(
    "levels, why",
    [
        ((None, "nobody tested"), "no student of either group has scores"),
        (
            (None, "suppressed"),
            f"the scores of Hispanic or Latino and White are hidden, because {SILENT}",
        ),
    ],
)
def test_2021_is_named_as_the_year_in_which_few_were_tested(levels, why):
    levels, missing = levels
    rows = [row(2021, group=group, levels=levels, missing=missing) for group in (78, 80)]
    words = describe_gap(gap_in_points(tidy(*rows, *both(LOW, HIGH)), **PAIR))
    assert f"is shown for 2021: {why}; in 2021 few students were tested." in words


def test_what_is_hidden_is_said_by_the_rule_it_was_hidden_by():
    frame = protect(tidy(*both((10, 10, 5, 5), HIGH)), min_n=60)
    words = describe_gap(gap_in_points(frame, **PAIR))
    assert "because results of 59 or fewer students are hidden" in words


def test_words_say_that_all_students_include_the_group():
    frame = tidy(row(group=78, levels=LOW), row(group=1, levels=HIGH))
    assert "All students include the other group" in describe_gap(
        gap_in_points(frame, focus=78, comparison=1)
    )


def test_words_of_one_row_are_those_of_its_frame():
    result = gap_in_points(tidy(*both(LOW, HIGH)), **PAIR)
    assert describe_gap(result.iloc[0]) == describe_gap(result.iloc[[0]])

import pytest

from see_the_system.gaps.two_groups import gap_in_points
from see_the_system.messages import Refusal
from tests.frames import row, tidy
from tests.gaps.pairs import FOCUS, HIGH, LOW, PAIR, both


def test_a_grade_hidden_for_one_group_enters_for_neither():
    frame = tidy(
        *both((40, 30, 20, 10), (20, 20, 30, 30), grade=7),
        row(group=80, grade=8, levels=(0, 0, 50, 50)),
        row(group=78, grade=8, levels=None, missing="suppressed"),
    )
    [found] = gap_in_points(frame, **PAIR).to_dict("records")
    assert (found["gap"], found["grades"], found["n_comparison"]) == (pytest.approx(30), "7", 100)


def test_a_grade_is_matched_within_its_own_year_where_years_are_pooled():
    frame = tidy(*both(LOW, HIGH, 2023), row(2024, group=80, levels=(0, 0, 0, 500)))
    assert gap_in_points(frame, **PAIR, by=())["n_comparison"].tolist() == [600]


def test_groups_are_given_by_name_or_code_and_must_differ():
    frame = tidy(*both(LOW, HIGH))
    assert gap_in_points(frame, focus=78, comparison="80").equals(gap_in_points(frame, **PAIR))
    with pytest.raises(Refusal, match="two different student groups"):
        gap_in_points(frame, focus=78, comparison=FOCUS)
    with pytest.raises(Refusal, match="Hispanic or Latino"):
        gap_in_points(frame, focus="Hispanics", comparison=80)
    with pytest.raises(Refusal, match="leave group out"):
        gap_in_points(frame, **PAIR, by=("year", "group_id"))


@pytest.mark.parametrize(
    "extra, words",
    [({"test": 1, "grade": 5}, "several tests"), ({"level": "state", "grade": 5}, "mix districts")],
)
def test_a_gap_over_mixed_tests_or_levels_is_refused(extra, words):
    with pytest.raises(Refusal, match=words):
        gap_in_points(tidy(*both(LOW, HIGH), *both(LOW, HIGH, **extra)), **PAIR)

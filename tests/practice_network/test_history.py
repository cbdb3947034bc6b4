"""What lies behind the scores: planted effects are there, and the files stay as they are."""

import pytest

from practice_network import history, planted
from practice_network.students import draw_students


@pytest.fixture(scope="module")
def middle_size():
    return history.pasts(2025, "10025")


def test_the_students_and_their_scores_are_those_of_the_files(middle_size):
    drawn = (
        draw_students(2025).query("district == '10025' and 4 <= grade <= 8").reset_index(drop=True)
    )
    assert middle_size.scale_score.equals(drawn.score) and middle_size.level.equals(drawn.level)
    assert (middle_size.ethnicity == drawn.ethnicity).all() and len(drawn) == len(
        middle_size
    ) > 4_500


def test_the_same_past_every_time_and_in_any_order(middle_size):
    assert history.pasts(2025, "10025").equals(middle_size)


def test_exposures_stay_within_the_grades_in_which_their_causes_act(middle_size):
    for cause in planted.CAUSES:
        outside = middle_size[~middle_size.grade.isin(cause.grades)]
        inside = middle_size[middle_size.grade.isin(cause.grades)]
        assert (outside[cause.exposure] == 0).all() and inside[cause.exposure].max() > 0, cause.id


def test_standing_a_year_earlier_is_as_like_the_score_as_years_of_one_student_are(middle_size):
    assert 0.80 < middle_size.standing.corr(middle_size.raw) < 0.93
    assert middle_size.standing.std() == pytest.approx(middle_size.raw.std(), rel=0.06)


def test_at_the_same_benchmark_fewer_are_recommended_where_the_policy_passes_them_over():
    students = history.pasts(2025, "10041").query("grade >= 7")
    near = students[students.benchmark.between(0, 0.6)]
    passed = near.ethnicity.isin(planted.PASSED_OVER) | (near.language == "EL")
    assert near[~passed].recommended.mean() - near[passed].recommended.mean() > 0.25
    criteria = history.pasts(2025, "10058").query("grade >= 7 and 0 < benchmark < .6")
    passed = criteria.ethnicity.isin(planted.PASSED_OVER)
    assert abs(criteria[~passed].recommended.mean() - criteria[passed].recommended.mean()) < 0.15

"""What lies behind the scores: planted effects are there, and the files stay as they are."""

import numpy as np
import pytest

from practice_network import history, planted
from practice_network import score_model as model
from practice_network.district_students import linked
from practice_network.score_model import draw_students


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


def test_mechanisms_forward_have_the_effect_they_state():
    students, _ = linked("10041", 2022)
    draw = model.generator(1)
    exposed = history.expose(students, np.zeros((len(students), 40)), draw)
    effect = history.effect(exposed)
    ahead = (exposed["accelerated"] == 1) & (
        exposed["weeks_without_results"] + exposed["core_lost"] + exposed["new_teacher"] == 0
    )
    assert effect[ahead] == pytest.approx(0.30)
    lost = (exposed["core_lost"] > 0) & (
        exposed["weeks_without_results"] + exposed["new_teacher"] + exposed["unbridged_move"] == 0
    )
    assert effect[lost & (exposed["accelerated"] == 0)] == pytest.approx(-0.28)


def test_policies_reach_schools_as_they_say():
    practices = history.practices(2025)
    own = practices[practices.district == "10017"]
    middle = own[own.kind.isin(("M", "K8"))]
    assert (
        middle.in_core.mean() == pytest.approx(0.75, abs=0.05)
        and not own[own.kind == "K5"].in_core.any()
    )
    assert own.weeks_late.mean() == pytest.approx(5, abs=0.5) and own.weeks_late.between(3, 7).all()
    assert (
        practices[practices.district == "10058"].in_core.sum() == 1
        and practices.loc["6997014", "weeks_late"] == 2
    )
    assert practices.bridge.isna().equals(practices.kind != "M")

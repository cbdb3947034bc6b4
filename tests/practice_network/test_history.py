"""What lies behind the scores: planted effects are there, and the files stay as they are."""

import numpy as np
import pandas as pd
import pytest

from practice_network import history, mechanisms, planted
from practice_network import score_model as model
from practice_network.students import draw_students
from practice_network.year_to_year import linked, numbers


@pytest.fixture(scope="module")
def middle_size():
    return history.pasts(2025, "10025")


def followed(district, year):
    """The students of ``linked`` with ``student``, the same from year to year."""
    return linked(district, year)[0].assign(student=numbers(district, year))


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
    students = followed("10041", 2022)
    draw = model.generator(1)
    exposed = mechanisms.expose(students, np.zeros((len(students), 40)), draw)
    effect = mechanisms.effect(exposed)
    ahead = (exposed["accelerated"] == 1) & (
        exposed["weeks_without_results"] + exposed["core_lost"] + exposed["new_teacher"] == 0
    )
    assert effect[ahead] == pytest.approx(0.30)
    lost = (exposed["core_lost"] > 0) & (
        exposed["weeks_without_results"] + exposed["new_teacher"] + exposed["unbridged_move"] == 0
    )
    assert effect[lost & (exposed["accelerated"] == 0)] == pytest.approx(-0.28)


def test_students_are_followed_from_year_to_year():
    before, now = (followed("10025", year).set_index("student") for year in (2024, 2025))
    both = before.add_suffix("_before").join(now, how="inner")
    assert now.index.is_unique and len(both) > 0.7 * len(now)
    assert (both.grade == both.grade_before + 1).all()
    for same in ("ethnicity", "gender", "home_english"):
        assert (both[same] == both[f"{same}_before"]).all()
    eighth = both[both.grade == 8]
    assert (eighth.accelerated == eighth.accelerated_before).all()
    assert (both.prior == both.score_before).all() and 0.7 < both.prior.corr(both.score) < 0.92
    in_middle = both[both.grade.isin((7, 8))]
    assert (in_middle.code == in_middle.code_before).mean() > 0.75
    assert not now[now.new_here].index.isin(before.index).any()


def test_who_is_not_found_is_new_and_has_a_record_from_elsewhere():
    now = followed("10074", 2025)
    new = now[now.new_here]
    assert 0 < len(new) < len(now) and (new.moved_from == "").all() and new.prior.notna().all()
    assert not pd.Series(new.student).isin(followed("10074", 2024).student).any()

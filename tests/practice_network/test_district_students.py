"""A district's own students and records: what adds up, what the wrong theory rests on, what an
office never writes down.
"""

import numpy as np
import pandas as pd
import pytest

from practice_network import district_students, records
from practice_network.district_students import linked, numbers
from see_the_system.messages import Refusal


@pytest.fixture(scope="module")
def harbor():
    return district_students.students("Kindred Harbor Unified")


def test_one_row_a_student_and_nothing_of_the_model_in_it(harbor):
    assert harbor.student.is_unique and harbor.student.str.fullmatch(r"99-10025-\d{6}").all()
    assert not {"expected", "raw", "standing", "passed_over"} & set(harbor.columns)
    assert harbor.score.isna().equals(~harbor.scored) and harbor.benchmark.between(0, 100).all()


def test_sections_are_of_one_course_one_teacher_and_a_room_s_size(harbor):
    sections = harbor.groupby("section")
    assert sections["student"].size().max() <= district_students.SECTION
    for name in ("school", "grade", "course", "teacher", "teacher_years", "new_teacher"):
        assert (sections[name].nunique() == 1).all(), name
    assert harbor.groupby("teacher").section.nunique().max() <= district_students.TEACHES
    new = harbor[harbor.new_teacher == 1]
    assert (new.teacher_years < 3).all() and (
        harbor[harbor.new_teacher == 0].teacher_years >= 3
    ).all()


def test_a_section_is_small_only_where_a_grade_or_a_course_is():
    """A new teacher had sections of one and two students beside full ones; 37 were under 15."""
    students = district_students.students("10017")
    alike = students.groupby(["school", "grade", "accelerated"])["student"].transform("size")
    size = students.groupby("section")["student"].transform("size")
    assert (size >= np.minimum(alike, 12)).all()
    assert students[size < 15].section.nunique() <= 6


def test_recorded_attendance_is_low_where_scores_are_low_and_says_nothing_inside_a_school():
    students = district_students.students("10017").dropna(subset="score")
    schools = students.groupby("school")[["attendance", "score"]].mean()
    assert schools.corr().iloc[0, 1] > 0.5
    inside = students[["attendance", "score"]] - students.groupby("school")[
        ["attendance", "score"]
    ].transform("mean")
    assert abs(inside.corr().iloc[0, 1]) < 0.03
    assert students.absences.corr(students.score) == pytest.approx(0, abs=0.03)


def test_a_late_bus_is_what_the_roll_records_beyond_days_away(harbor):
    recorded = 1 - harbor.attendance - harbor.absences
    in_time = ~harbor.last_bus
    assert ((recorded * harbor.days_enrolled).abs()[in_time] <= 0.5 + 1e-9).all()
    assert recorded[harbor.last_bus].mean() > 0.02 and harbor.rides_bus[harbor.last_bus].all()


def test_a_year_and_a_folder_that_cannot_be_are_refused(tmp_path):
    with pytest.raises(Refusal, match=r"local data of 2022 to 2025 \(the spring\), not of 2019"):
        district_students.students("10017", 2019)
    (tmp_path / "taken").write_text("")
    with pytest.raises(Refusal, match="cannot be written to"):
        records.write_records(tmp_path / "taken", "10082", years=(2025,))


def test_what_is_given_out_can_be_changed_without_changing_the_network(harbor):
    changed = district_students.students("10025")
    changed["score"] = np.nan
    assert district_students.students("10025").score.notna().any()


def followed(district, year):
    """The students of ``linked`` with ``student``, the same from year to year."""
    return linked(district, year)[0].assign(student=numbers(district, year))


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


@pytest.mark.parametrize("year", [2022, 2025])
def test_few_of_grade_4_are_new_here_as_in_the_grades_above(year):
    """Before, all of grade 4 were, of whom no year before is on file, and in 2022 nobody was."""
    new = followed("10017", year).groupby("grade").new_here.mean()
    assert 0.03 < new[4] < 0.1 and 0.03 < new[5] < 0.1
    fourth = followed("10017", 2025).query("grade == 4 and not new_here")
    assert (fourth.moved_from == fourth.code).all()


def test_who_is_not_found_is_new_and_has_a_record_from_elsewhere():
    now = followed("10074", 2025)
    new = now[now.new_here]
    assert 0 < len(new) < len(now) and (new.moved_from == "").all() and new.prior.notna().all()
    assert not pd.Series(new.student).isin(followed("10074", 2024).student).any()

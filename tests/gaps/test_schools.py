import numpy as np
import pandas as pd
import pytest

from see_the_system.gaps.schools import school_rows, schools_for_group, student_mix, students_of
from see_the_system.messages import Refusal
from tests.frames import row, tidy


def hidden(**where):
    return row(levels=None, missing="suppressed", **where) | {"missing_tested": "suppressed"}


def test_one_row_a_school_pools_its_shown_grades_and_counts_the_hidden_ones():
    frame = tidy(
        row(school="0000002", grade=6, group=160, levels=(10, 5, 3, 2)),
        row(school="0000002", grade=7, group=160, levels=(20, 0, 5, 5)),
        hidden(school="0000002", grade=8, group=160),
        hidden(school="0000001", grade=8, group=160),
    )
    schools = schools_for_group(frame, group="English learner")
    assert schools["school_code"].tolist() == ["0000001", "0000002"]
    assert schools[["n", "meeting", "grades", "hidden"]].values.tolist() == [
        [0, 0, "", 1],
        [50, 15, "6, 7", 1],
    ]
    assert schools["percent"].isna().tolist() == [True, False] and schools["percent"].iloc[1] == 30


def test_only_the_districts_own_schools_and_single_grades_are_counted():
    frame = tidy(
        row(school="0000001", levels=(10, 0, 10, 0)),
        row(school="0000001", levels=(10, 0, 10, 0), grade=13),
        row(school="0000001", levels=(10, 0, 10, 0), grade=99),
        row(school="0000002") | {"type_id": 9},
        row(school="0000003") | {"type_id": 10},
        row(),
        row(school="0000004", test=1),
    )
    assert schools_for_group(frame, group=1)["school_code"].tolist() == ["0000001", "0000003"]
    assert schools_for_group(frame, group=1)["n"].tolist() == [20, 100]
    assert schools_for_group(frame, group=1, test="ELA")["school_code"].tolist() == ["0000004"]


def test_the_latest_year_is_taken_unless_another_is_asked_for():
    frame = tidy(row(2023, school="0000001", levels=(5, 5, 5, 5)), row(2024, school="0000001"))
    assert schools_for_group(frame, group=1)["n"].tolist() == [100]
    assert schools_for_group(frame, group=1, year=2023)["n"].tolist() == [20]
    assert schools_for_group(frame, group=1, year=2019).empty


def test_a_school_where_nobody_was_tested_is_not_a_hidden_one():
    frame = tidy(
        row(school="0000001", levels=(0, 0, 0, 0), missing="nobody tested"),
        hidden(school="0000002"),
    )
    assert schools_for_group(frame, group=1)[["school_code", "hidden"]].values.tolist() == [
        ["0000002", 1]
    ]


def test_a_row_hidden_to_protect_another_is_hidden_too():
    frame = tidy(row(school="0000001", levels=None, missing="suppressed to protect another"))
    assert schools_for_group(frame, group=1)["hidden"].tolist() == [1]


@pytest.mark.parametrize("frame", [pd.DataFrame(), tidy()])
def test_no_rows_give_an_empty_frame_with_the_same_columns(frame):
    full = schools_for_group(tidy(row(school="0000001")), group=1)
    assert schools_for_group(frame, group=1).dtypes.equals(full.dtypes)


def test_schools_of_unknown_type_are_refused_with_what_to_add():
    frame = tidy(row(school="0000001") | {"type_id": None})
    with pytest.raises(Refusal, match="entities file"):
        school_rows(frame, group=1)


def test_the_same_row_twice_is_refused():
    with pytest.raises(Refusal, match="twice"):
        schools_for_group(tidy(row(school="0000001"), row(school="0000001")), group=1)


def test_shares_of_students_and_the_middle_of_a_hidden_count():
    frame = tidy(
        row(grade=7, levels=(50, 50, 50, 50)),
        row(grade=8, levels=(25, 25, 25, 25)),
        row(grade=7, group=31, levels=(100, 0, 0, 0)),
        row(grade=8, group=31, levels=(50, 0, 0, 0)),
        row(grade=7, group=160, levels=(20, 0, 0, 0)),
        hidden(grade=8, group=160),
    )
    mix = student_mix(frame, ["district_code"], [31, 160, 128]).loc["10017"]
    assert (mix["tested"], mix[31]) == (300, 50)
    assert mix[160] == pytest.approx(100 * (20 + 5.5) / 300)
    assert np.isnan(mix[128])
    assert student_mix(frame, ["district_code"], [160], shown_only=True).loc[
        "10017", 160
    ] == pytest.approx(100 * 20 / 300)


def test_a_share_that_hidden_counts_leave_too_uncertain_is_not_given():
    small = [row(grade=grade, levels=(20, 10, 10, 10), district="10018") for grade in (7, 8)]
    frame = tidy(
        *small,
        *(hidden(grade=grade, group=160, district="10018") for grade in (7, 8)),
        row(grade=8),
        row(grade=8, group=160, levels=(5, 5, 5, 5)),
    )
    mix = student_mix(frame, ["district_code"], [160])
    assert np.isnan(mix.loc["10018", 160]) and mix.loc["10017", 160] == 20


def test_a_count_hidden_to_protect_another_may_be_of_any_size():
    frame = tidy(
        row(grade=8, levels=(100, 100, 100, 100)),
        row(grade=7),
        row(grade=7, group=31),
        row(grade=8, group=31, levels=None) | {"missing_tested": "suppressed to protect another"},
    )
    assert student_mix(frame, ["district_code"], [31])[31].isna().all()


def test_groups_are_named_as_people():
    assert students_of("All students") == "all students"
    assert (
        students_of("Parent: college graduate")
        == "students whose parent's schooling is 'college graduate'"
    )

import numpy as np
import pytest

from practice_network import network
from practice_network import score_model as model


@pytest.fixture(scope="module")
def cells():
    return model.cells(2024)


def test_the_shares_of_each_school_s_grade_add_up_to_one(cells):
    sums = cells.groupby(["code", "grade"]).share.sum()
    assert np.allclose(sums, 1) and (cells.groupby(["code", "grade"]).size() == 18).all()


def test_the_same_cells_every_time(cells):
    assert model.cells(2024).equals(cells)


def test_disadvantaged_students_have_a_lower_mean_in_a_district_with_the_state_s_gap(cells):
    one = cells[(cells.code == "6992015") & (cells.grade == 3) & (cells.ethnicity == 80)].set_index(
        "disadvantaged"
    )["mean"]
    assert one[False] - one[True] == pytest.approx(0.36 * 94.4)


def test_a_bright_spot_lifts_its_focus_students_from_its_first_year_on():
    lift, first = model.BRIGHT_SPOTS["6990332"]
    gaps = []
    for year in (first - 1, first):
        school = (
            model.cells(year)
            .query("code == '6990332' and grade == 8")
            .set_index(["ethnicity", "disadvantaged"])
        )
        gaps.append(
            (school.loc[(78, True), "mean"] - school.loc[(80, False), "mean"])
            / (school.sd.iloc[0] / model.WITHIN_SD)
        )
    assert gaps[1] - gaps[0] == pytest.approx(lift)


def test_a_school_stays_much_the_same_from_year_to_year():
    traits = model.school_traits()
    assert np.corrcoef(traits.quality_2018, traits.quality_2019)[0, 1] > 0.97
    assert 0.8 < np.corrcoef(traits.quality_2015, traits.quality_2025)[0, 1] < 0.99


def test_a_cohort_keeps_its_size_effect_as_it_moves_up():
    by_grade = {
        year: model.school_grades(year).query("code == '6990308'").set_index("grade").enrolled
        for year in (2022, 2023)
    }
    expected = by_grade[2022][7] * (1.14 - 0.009 * 8) / (1.14 - 0.009 * 7)
    assert by_grade[2023][8] == pytest.approx(expected, abs=1)


def test_nobody_is_tested_in_a_silent_year_and_a_quarter_in_2021():
    silent = next(district for district in network.DISTRICTS if district.silent_years)
    places = model.school_grades(2022)
    assert (places[places.district == silent.code].participation == 0).all()
    places = model.school_grades(2021)
    assert np.average(places.participation, weights=places.enrolled) == pytest.approx(
        0.24, abs=0.02
    )

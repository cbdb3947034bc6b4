import numpy as np
import pandas as pd
import pytest

from practice_network import network
from practice_network import score_model as model
from practice_network.score_model import draw_students


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


# Published statewide mathematics, all students, 2024: mean, percent met and above, exceeded, not
# met; SD from percentiles 10 and 90.
STATE_2024 = {
    3: (2422.9, 45.64, 20.75, 32.48, 94.4),
    4: (2461.5, 41.20, 18.98, 30.58, 96.8),
    5: (2483.3, 35.02, 19.76, 40.38, 106.9),
    6: (2499.8, 34.31, 18.48, 40.63, 121.3),
    7: (2513.0, 33.83, 17.08, 41.54, 126.4),
    8: (2524.3, 31.57, 18.15, 46.55, 139.7),
}
STATE_2018 = {3: 48.79, 4: 42.91, 5: 35.97, 6: 37.49, 7: 37.30, 8: 36.88}
# 2024 means of groups less that of all students, in SDs, grades 3 and 8.
GROUPS_2024 = {
    31: (-0.24, -0.25),
    111: (0.46, 0.46),
    74: (-0.45, -0.45),
    76: (0.70, 0.88),
    78: (-0.25, -0.27),
    80: (0.31, 0.31),
    128: (-0.62, -0.77),
    160: (-0.54, -0.83),
}


@pytest.mark.parametrize("grade", STATE_2024)
def test_levels_means_and_spread_are_near_the_state_s(students, grade):
    mean, met, exceeded, not_met, sd = STATE_2024[grade]
    drawn = students(2024).query("scored and grade == @grade")
    assert drawn.score.mean() == pytest.approx(mean, abs=0.08 * sd)
    assert drawn.score.std() == pytest.approx(sd, rel=0.06)
    assert 100 * (drawn.level >= 2).mean() == pytest.approx(met, abs=4)
    assert 100 * (drawn.level == 3).mean() == pytest.approx(exceeded, abs=3)
    assert 100 * (drawn.level == 0).mean() == pytest.approx(not_met, abs=5)


@pytest.mark.parametrize("grade", STATE_2018)
def test_the_level_before_2020_is_near_the_state_s(students, grade):
    assert 100 * (
        students(2018).query("scored and grade == @grade").level >= 2
    ).mean() == pytest.approx(STATE_2018[grade], abs=4)


@pytest.mark.parametrize("position, grade", [(0, 3), (1, 8)])
def test_groups_differ_as_in_the_state(students, position, grade):
    drawn = students(2024).query("scored and grade == @grade")
    member = {
        31: drawn.disadvantaged,
        111: ~drawn.disadvantaged,
        128: drawn.disability,
        160: drawn.language == "EL",
    }
    for group, expected in GROUPS_2024.items():
        inside = drawn[member.get(group, drawn.ethnicity == group)]
        difference = (inside.score.mean() - drawn.score.mean()) / STATE_2024[grade][4]
        assert difference == pytest.approx(expected[position], abs=0.17), group


@pytest.mark.parametrize(
    "grade, low, high, smallest, largest",
    [(3, 0.12, 0.28, 55, 110), (5, 0.12, 0.28, 55, 110), (8, 0.08, 0.26, 100, 320)],
)
def test_schools_differ_and_are_as_large_as_in_the_state_s_large_districts(
    students, grade, low, high, smallest, largest
):
    by_school = (
        students(2024)
        .query("scored and grade == @grade")
        .groupby("code")
        .score.agg(["mean", "size", "var"])
        .query("size > 10")
    )
    weights = by_school["size"] / by_school["size"].sum()
    centre = (weights * by_school["mean"]).sum()
    between = (weights * (by_school["mean"] - centre) ** 2).sum() - (
        weights * by_school["var"] / by_school["size"]
    ).sum()
    within = (weights * by_school["var"]).sum()
    assert low < between / (between + within) < high
    assert smallest < by_school["size"].median() < largest


def test_the_published_table_agrees_with_the_numbers_above(real):
    table = pd.read_csv(
        real / "calibration" / "statewide_math_levels_by_year_grade_group.csv"
    ).query("year == 2024 and group_id == 1")
    for row in table.itertuples():
        expected = (
            row.mean_scale_score,
            row.pct_met_and_above,
            row.pct_level4_exceeded,
            row.pct_level1_not_met,
        )
        assert STATE_2024[row.grade][:4] == expected


def test_about_forty_thousand_students_and_two_tiny_districts(students):
    tested = students(2024).query("tested").groupby("district").size()
    assert 33_000 < tested.sum() < 42_000 and tested["10017"] > 20_000
    assert 50 < tested["10082"] < 75 and 220 < tested["10074"] < 300


def test_nobody_outside_male_and_female_before_2021_and_few_after(students):
    assert set(students(2018).gender) == {3, 4}
    assert 0 < (students(2024).gender == 0).mean() < 0.004


def test_levels_follow_from_the_scores(students):
    eighth = students(2024).query("grade == 8")
    assert (eighth.level == np.searchsorted([2504, 2586, 2653], eighth.score, side="right")).all()
    assert eighth.score.between(2265, 2860).all()


def test_a_planted_change_of_the_cells_moves_those_students_and_nobody_else():
    cells = model.cells(2019)
    planted = cells.assign(mean=cells["mean"] + 20 * (cells.code == "6990308"))
    before, after = draw_students(2019, cells), draw_students(2019, planted)
    moved = after.score - before.score
    assert (moved[before.code != "6990308"] == 0).all()
    assert moved[before.code == "6990308"].mean() == pytest.approx(20, abs=1.5)

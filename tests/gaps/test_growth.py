"""Growth of schools in five steps: numbers by hand, planted growth, and no school of few."""

import numpy as np
import pandas as pd
import pytest

from practice_network.records import records
from see_the_system.display import picture
from see_the_system.gaps.growth import describe_growth, growth
from see_the_system.messages import Refusal
from see_the_system.pictures.lettering import COMPARISON, FOCUS
from tests.reports.drawn_pictures import layouts

NUMBERS = ["n", "growth", "low", "high", "percentile", "level", "last", "status"]


def school(name, gains, *, grade=7, lasts=(2400, 2500), **more):
    """Students of one school: each of the gains with each of the last scores."""
    rows = [
        {"last_spring_scale_score": last, "spring_scale_score": last + gain}
        for gain in gains
        for last in lasts
    ]
    return pd.DataFrame(rows).assign(school=name, school_name=f"{name} School", grade=grade, **more)


def together(*schools):
    return pd.concat(schools, ignore_index=True)


def one(result, name):
    return result.table.set_index("school").loc[name]


def test_two_schools_by_hand():
    """Gains of 16 and 24 in one school of 32 and of 6 and 14 in the other: 20 and 10, 15 by all.

    In each the differences lie 4 from their mean: SD 4 sqrt(32 / 31), and t of 31 is 2.0395.
    """
    students = together(school("B", [6, 14] * 8), school("A", [16, 24] * 8))
    result = growth(students, traits=())
    table = result.table
    assert table["school_name"].tolist() == ["A School", "B School"]
    assert table.columns.tolist() == ["school", "school_name", *NUMBERS, "hidden"]
    assert table["growth"].tolist() == pytest.approx([5, -5])
    half = 2.0395 * 4 * np.sqrt(32 / 31) / np.sqrt(32)
    assert table["high"].tolist() == pytest.approx([5 + half, -5 + half], abs=1e-3)
    assert table["low"].tolist() == pytest.approx([5 - half, -5 - half], abs=1e-3)
    assert table["percentile"].tolist() == [75, 25] and table["level"].tolist() == [8, 3]
    assert table["last"].tolist() == pytest.approx([0, 0])
    assert table["status"].tolist() == pytest.approx([5, -5])
    assert result.n == 64 and result.averages == () and result.left_out == {}
    points = result.coefficients.set_index("term")["points"]
    assert points.round(9).to_dict() == {
        "average growth, grade 7": 15,
        "last score 10 points above average, grade 7": 0,
    }


def test_the_invented_student_is_added_up_term_by_term():
    """15 points of growth at the average of 2,450, and 0.1 less for each point above it."""
    students = together(
        school("A", [20], lasts=[2400] * 20),
        school("A", [10], lasts=[2500] * 20),
        school("B", [20], lasts=[2400] * 20),
        school("B", [10], lasts=[2500] * 20),
    )
    result = growth(students, traits=())
    assert result.example.to_numpy().tolist() == [
        ["last spring's score", 2430],
        ["average growth in grade 7", 15],
        ["a last score 20 points below average", 2],
        ["predicted score", 2447],
    ]
    words = describe_growth(result)
    assert (
        "An invented student of grade 7: 2,430 last spring, +15.0 (average growth in grade 7), "
        "+2.0 (a last score 20 points below average); predicted 2,447.0." in words
    )
    assert "3. Compare: an actual 2,459 would be +12.0 points." in words


def test_schools_alike_share_the_middle_of_their_ranks():
    gains = {"A": [16, 24], "B": [16, 24], "C": [6, 14], "D": [0, 8]}
    table = growth(
        together(*(school(name, [*each] * 8) for name, each in gains.items())), traits=()
    )
    assert table.table["percentile"].tolist() == [75, 75, 37.5, 12.5]
    assert table.table["level"].tolist() == [8, 8, 4, 2]


def simulated(seed, planted=(), *, schools=24, students=50):
    """Schools of two grades whose students gain by known rules, some schools more (dict)."""
    draw = np.random.default_rng(seed)
    number = np.repeat(np.arange(schools), students)
    count = len(number)
    frame = pd.DataFrame(
        {
            "school": [f"S{each:02}" for each in number],
            "grade": draw.integers(6, 8, count),
            "disadvantaged": draw.random(count) < draw.uniform(0.3, 0.8, schools)[number],
            "english_learner": draw.random(count) < 0.2,
            "disability": draw.random(count) < 0.15,
        }
    )
    last = 2480 + 30 * (frame["grade"] == 7) + draw.normal(0, 20, schools)[number]
    last = (last + draw.normal(0, 80, count)).round()
    gain = 40 - 8 * (frame["grade"] == 7) - 0.2 * (last - 2500)
    gain -= 12 * frame["disadvantaged"] + 6 * frame["english_learner"]
    gain += frame["school"].map(dict(planted)).fillna(0.0) + draw.normal(0, 35, count)
    return frame.assign(
        school_name=frame["school"].radd("School "),
        last_spring_scale_score=last,
        spring_scale_score=last + gain,
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_school_with_ten_points_planted_is_found(seed):
    result = growth(simulated(seed, {"S05": 10, "S11": -10}))
    more, less = one(result, "S05"), one(result, "S11")
    assert more["low"] < 10 < more["high"] and less["low"] < -10 < less["high"]
    assert more["growth"] > 3 and less["growth"] < -3
    assert more["percentile"] > 75 and less["percentile"] < 25


def test_intervals_leave_out_the_truth_as_often_as_they_say():
    """Nothing is planted: of 20 x 24 intervals 95 percent hold 0."""
    tables = [growth(simulated(seed)).table for seed in range(20)]
    inside = np.mean([(table["low"] < 0) & (table["high"] > 0) for table in tables])
    assert 0.93 <= inside <= 0.99


def test_what_is_planted_in_the_prediction_is_found():
    result = growth(simulated(4, schools=60, students=100))
    points = result.coefficients.set_index("term")["points"]
    assert points["disadvantaged"] == pytest.approx(-12, abs=2.5)
    assert points["english_learner"] == pytest.approx(-6, abs=2.5)
    assert points["disability"] == pytest.approx(0, abs=2.5)
    assert points["last score 10 points above average, grade 6"] == pytest.approx(-2, abs=0.3)
    assert result.averages == (
        "school's average 10 higher: last_score",
        "school's average 10 higher: disadvantaged",
        "school's average 10 higher: english_learner",
        "school's average 10 higher: disability",
    )
    assert result.spread == pytest.approx(35, abs=1)
    assert result.example["points"].iloc[:-1].sum() == pytest.approx(
        result.example["points"].iloc[-1]
    )


@pytest.mark.parametrize(("schools", "averages"), [(4, 0), (9, 1), (14, 2), (20, 4)])
def test_so_many_averages_as_five_schools_each_allow(schools, averages):
    assert len(growth(simulated(5, schools=schools)).averages) == averages


def test_the_sum_of_all_differences_is_nothing():
    table = growth(simulated(6)).table
    assert (table["n"] * table["growth"]).sum() == pytest.approx(0, abs=1e-6)


def test_yes_and_no_are_read_and_a_language_of_el():
    students = simulated(7)
    expected = growth(students)
    language = np.where(students["english_learner"], "EL", "EO")
    said = students.drop(columns="english_learner").assign(language=language)
    said["disability"] = np.where(students["disability"], "Yes", "no ")
    said["disadvantaged"] = students["disadvantaged"].astype(int)
    pd.testing.assert_frame_equal(growth(said).table, expected.table)


# --- who is left out, and what may not be told


def few(name, number, gain=60):
    return simulated(8, students=number, schools=1).assign(
        school=name, school_name=name, spring_scale_score=lambda rows: 2500 + gain
    )


def test_a_school_of_eight_stands_nowhere_in_what_is_told():
    students = simulated(9)
    with_few = together(students, few("A tiny one", 8))
    without, result = growth(students), growth(with_few)
    assert result.table["school_name"].iloc[0] == "A tiny one"
    tiny = one(result, "A tiny one")
    assert tiny["hidden"] == "fewer than 20 students" and tiny[NUMBERS].isna().all()
    pd.testing.assert_frame_equal(result.table.iloc[1:].reset_index(drop=True), without.table)
    pd.testing.assert_frame_equal(result.coefficients, without.coefficients)
    pd.testing.assert_frame_equal(result.example, without.example)
    assert (result.n, result.left_out) == (without.n, without.left_out)
    words = describe_growth(result)
    assert "No growth is shown for A tiny one: fewer than 20 students." in words


def test_the_least_is_core_s_and_never_below_the_state_s():
    students = together(simulated(10), few("Small", 15))
    assert one(growth(students), "Small")["hidden"] == "fewer than 20 students"
    assert one(growth(students, min_students=11), "Small")["n"] == 15
    with pytest.raises(Refusal) as refused:
        growth(students, min_students=10)
    assert str(refused.value) == (
        "The fewest students shown cannot be 10: the state's rule is 11; give 11 or a larger whole "
        "number."
    )


def test_who_is_left_out_is_counted_by_why():
    students = simulated(11)
    students.loc[:29, "last_spring_scale_score"] = None
    students.loc[20:49, "spring_scale_score"] = None
    students["disability"] = students["disability"].astype(object)
    students.loc[50:54, "disability"] = None
    result = growth(students)
    assert result.left_out == {
        "no score last spring": "30",
        "no score this spring": "20",
        "something else missing": "fewer than 11",
    }
    assert result.n == 24 * 50 - 55
    assert "Left out: 30 (no score last spring); 20 (no score this spring); fewer than 11 " in (
        describe_growth(result)
    )


def test_a_grade_of_one_school_alone_has_nobody_to_be_compared_with():
    students = simulated(12)
    third = simulated(13, schools=1, students=40).assign(grade=3)
    alone = third.assign(school="Alone", school_name="Alone")
    result = growth(together(students, third, alone.assign(grade=4)))
    assert result.grades == (6, 7) and one(result, "S00")["n"] == 50
    why = "too few students in the same grades elsewhere"
    assert one(result, "Alone")["hidden"] == why and result.left_out == {why: "40"}


# --- what cannot be read


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"spring_scale_score": "high"},
            'Row 2 has "high" in the column "spring_scale_score", where a number from 1 to 9999 is '
            "expected; correct it, or leave it empty.",
        ),
        (
            {"last_spring_scale_score": -99},
            'Row 2 has "-99" in the column "last_spring_scale_score", where a number from 1 to '
            "9999 is expected; correct it, or leave it empty.",
        ),
        (
            {"grade": "K"},
            'Row 2 has "K" in the column "grade", where a number from 1 to 12 is expected; correct '
            "it, or leave it empty.",
        ),
        (
            {"disability": "maybe"},
            'Row 2 has "maybe" in the column "disability", where yes or no is expected; correct '
            "it, or leave it empty.",
        ),
    ],
)
def test_the_first_wrong_cell_is_named(change, says):
    students = simulated(14).astype(object)
    for name, cell in change.items():
        students.loc[1, name] = cell
    with pytest.raises(Refusal) as refused:
        growth(students)
    assert str(refused.value) == says


FEW = (
    "Growth needs 50 students or more with both scores, in 2 schools or more that have the same "
    "grades; give the rows of a whole district."
)


@pytest.mark.parametrize(
    ("students", "says"),
    [
        (
            simulated(15).drop(columns="school_name"),
            'The students\' table has no column "school_name", which every row needs; rename the '
            "column that holds it (school), or add it.",
        ),
        (
            simulated(15).drop(columns="english_learner"),
            'The students\' table has no column "english_learner", which every row needs; rename '
            "the column that holds it (one of yours), or add it.",
        ),
        (simulated(15, schools=1), FEW),
        (simulated(15, schools=2, students=24), FEW),
        (simulated(15).iloc[:0], FEW),
        (
            simulated(15).assign(disability="no"),
            'The column "disability" has yes, or no, for fewer than 11 of the students compared, '
            'where more are expected; leave it out of "traits".',
        ),
        (
            simulated(15).assign(disability=lambda rows: rows["disadvantaged"]),
            '"disability" follows from the other numbers of these students, where some who differ '
            'in it alone are expected; leave a trait out of "traits", or add students.',
        ),
        (
            simulated(15).assign(student="S-1"),
            'Row 2 has "S-1" in the column "student", where one row for each student is expected; '
            "keep one of them.",
        ),
    ],
)
def test_a_table_that_cannot_be_compared_is_refused(students, says):
    with pytest.raises(Refusal) as refused:
        growth(students)
    assert str(refused.value) == says


# --- the practice network


@pytest.fixture(scope="module")
def lanternfield():
    return growth(records("10017", 2025)["roster"])


def test_a_practice_district(lanternfield):
    table = lanternfield.table
    assert (len(table), lanternfield.n, table["n"].sum()) == (42, 14810, 14810)
    assert table["school_name"].tolist() == sorted(table["school_name"])
    assert lanternfield.left_out == {"no score last spring": "211", "no score this spring": "303"}
    kettle_pond = one(lanternfield, "6990365")
    assert kettle_pond["n"] == 793 and kettle_pond["level"] == 10
    numbers = kettle_pond[["growth", "low", "high", "percentile", "last", "status"]]
    assert numbers.astype(float).round(1).tolist() == [10.8, 6.1, 15.5, 91.7, 4.1, 17.1]
    points = lanternfield.coefficients.set_index("term")["points"].round(1)
    assert points[["disadvantaged", "english_learner", "disability"]].tolist() == [
        *(-21.0, -24.7, -34.7),
    ]
    assert lanternfield.example["points"].tolist()[-1] == pytest.approx(
        lanternfield.example["points"].iloc[:-1].sum()
    )


def test_the_words_of_a_practice_district(lanternfield):
    words = describe_growth(lanternfield)
    starts = [line.split(":")[0].split(" ")[0] for line in words.splitlines()]
    assert starts[:5] == ["1.", "2.", "3.", "4.", "5."]
    for sentence in (
        "1. Collect: 14,810 students of grades 4, 5, 6, 7 and 8 in 42 schools have both scores.",
        "4. Average by school: from −15.6 to +15.1 points,",
        "below it, for Juniper Window Elementary; Long Table Middle; Northern Lark Middle; Song "
        "Thrush Elementary; Twin Compass Middle. By chance alone about 2 of 42 intervals would.",
        "50 is the average of similar students here; below 50 does not mean that anybody lost",
        "(Spearman 0.84 in one public analysis), so this is no ranking",
        "Last spring's score is measured with error",
    ):
        assert sentence in words


def test_the_picture_has_a_mark_for_each_school_and_no_text_on_another():
    found = growth(records("10017", 2025)["roster"])
    for layout in layouts(picture(found)):
        assert layout.faults() == []
        assert layout.marks(FOCUS["color"]) == 7 + 1  # and one in the legend
        assert layout.marks(COMPARISON["color"]) == 5 + 1
    assert picture(growth(records("10074", 2025)["roster"])).count("<svg") == 2

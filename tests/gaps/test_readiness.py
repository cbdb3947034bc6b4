"""Readiness for high school: CORE's five criteria to the letter, and nothing of few students."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from practice_network.records import records
from see_the_system.gaps.readiness import CRITERIA, describe_readiness, readiness
from see_the_system.messages import Refusal

ALL = "All students"
READY = {
    "group": "A",
    "gpa": 3.0,
    "english_mark": "A",
    "mathematics_mark": "B",
    "days_enrolled": 180,
    "days_recorded_absent": 2,
    "suspensions": 0,
}
# What makes a student miss a criterion and no other.
MISSES = {
    "gpa": {"gpa": 2.0},
    "attendance": {"days_recorded_absent": 20},
    "english": {"english_mark": "D"},
    "mathematics": {"mathematics_mark": "F"},
    "suspensions": {"suspensions": 1},
}


def frame(*kinds):
    """A frame of so many students of each kind: (number, what is not as in ``READY``)."""
    return pd.DataFrame([READY | kind for number, kind in kinds for _ in range(number)])


def missing(*names):
    return {key: value for name in names for key, value in MISSES[name].items()}


def rows(result):
    return result.set_index("group")


def test_two_groups_counted_by_hand():
    """25 of 40 are ready; Wilson's interval of that, by hand, is 47.03 to 75.78."""
    b = {"group": "B"}
    students = frame((15, {}), (5, missing("gpa")), (10, b), (10, b | missing("attendance", "gpa")))
    result = readiness(students)
    assert result.columns.tolist() == [
        *("group", "n", "ready", "percent", "low", "high", *CRITERIA, "hidden"),
    ]
    assert result["group"].tolist() == [ALL, "A", "B"] and set(result["hidden"]) == {""}
    assert result["n"].tolist() == [40, 20, 20] and result["ready"].tolist() == [25, 15, 10]
    assert result["percent"].tolist() == [62.5, 75, 50]
    whole = rows(result).loc[ALL]
    assert (round(whole["low"], 2), round(whole["high"], 2)) == (47.03, 75.78)
    assert whole[list(CRITERIA)].tolist() == [62.5, 75, 100, 100, 100]
    assert rows(result).loc["A", list(CRITERIA)].tolist() == [75, 100, 100, 100, 100]
    assert rows(result).loc["B", list(CRITERIA)].tolist() == [50, 50, 100, 100, 100]


@pytest.mark.parametrize(
    ("kind", "ready"),
    [
        ({"gpa": 2.5}, True),
        ({"gpa": 2.4}, False),
        ({"gpa": (2.2 + 2.4 + 2.9) / 3}, True),  # 2.5 less than floating point can tell
        ({"gpa": "2.5"}, True),
        ({"gpa": 4.6}, True),
        ({"days_enrolled": 175, "days_recorded_absent": 7}, True),  # 96 percent
        ({"days_enrolled": 175, "days_recorded_absent": 7.5}, False),
        ({"days_enrolled": 87.5, "days_recorded_absent": 3.5}, True),
        ({"english_mark": "c-"}, True),
        ({"english_mark": "D+"}, False),
        ({"mathematics_mark": " a+ "}, True),
        ({"mathematics_mark": "d\u2212"}, False),
        ({"mathematics_mark": "F"}, False),
        ({"suspensions": 1}, False),
    ],
)
def test_who_is_just_ready_and_who_just_is_not(kind, ready):
    assert readiness(frame((20, kind)))["ready"].tolist() == [20 * ready] * 2


def test_a_student_of_another_grade_is_not_counted_and_neither_is_one_with_a_blank():
    students = frame((20, {"grade": 8}), (30, {"grade": 7}), (3, {"grade": 8, "english_mark": " "}))
    result = readiness(students)
    assert result["n"].tolist() == [20, 20]
    few = "Fewer than 11 students are not counted: something is missing in their records."
    assert result.attrs["left_out"] == few and few in describe_readiness(result)
    more = readiness(frame((20, {}), (12, {"gpa": None})))
    assert more.attrs["left_out"].startswith("12 students are not counted")
    assert readiness(frame((20, {}))).attrs["left_out"] == ""


def test_groups_are_those_of_any_column_and_the_state_s_have_the_state_s_names():
    students = frame((20, {"group": 80, "team": 1}), (20, {"group": "white", "team": 2}))
    assert readiness(students)["group"].tolist() == [ALL, "White"]
    by_team = readiness(students, by="team")
    assert by_team["group"].tolist() == [ALL, "team 1", "team 2"]
    assert by_team.attrs["by"] == "team"


# --- what may not be told


def mixed(group, number, *names):
    """A group in which one student misses each of the criteria (all of them unless named)."""
    each = [(1, {"group": group} | missing(name)) for name in names or MISSES]
    return [(number - len(each), {"group": group}), *each]


def test_a_group_of_eight_goes_and_another_with_it():
    result = readiness(frame(*mixed("A", 30), *mixed("B", 25), *mixed("C", 8)))
    assert rows(result)["hidden"].to_dict() == {
        ALL: "",
        "A": "",
        "B": "suppressed to protect another",
        "C": "suppressed",
    }
    assert rows(result).loc[["B", "C"]].drop(columns="hidden").isna().all(axis=None)
    words = describe_readiness(result)
    assert "No result is shown for C: fewer than 11 students." in words
    assert "No result is shown for B: the numbers would give others away." in words
    least, most = extent(result, ["A", "B", "C"], lambda group, pattern: group == "C")
    assert (least, most) == (1, 10)


def test_one_criterion_that_may_not_be_shown_hides_the_whole_row():
    """B goes with C. All 20 in these two attended, so that for attendance D has to go as well."""
    others = [name for name in MISSES if name != "attendance"]
    alike = mixed("B", 12, *others) + mixed("C", 8, *others)
    result = rows(readiness(frame(*mixed("A", 40), *alike, *mixed("D", 15))))
    assert result["hidden"].to_dict() == {
        ALL: "",
        "A": "",
        "B": "suppressed to protect another",
        "C": "suppressed",
        "D": "suppressed to protect another",
    }
    assert result.loc["D"].drop("hidden").isna().all()
    away = {"group": "B"} | missing("attendance")
    with_one_away = [*alike[1:], (6, {"group": "B"}), (1, away)]
    again = rows(readiness(frame(*mixed("A", 40), *with_one_away, *mixed("D", 15))))
    assert again.loc["D", "hidden"] == "" and again.loc["D", "n"] == 15


def test_more_than_eleven_may_be_asked_for_and_never_fewer():
    students = frame((30, {}), (30, {"group": "B"}), (15, {"group": "C"}))
    assert set(readiness(students)["hidden"]) == {""}
    assert rows(readiness(students, min_students=20)).loc["C", "hidden"] == "suppressed"
    with pytest.raises(Refusal, match="The fewest students shown cannot be 10"):
        readiness(students, min_students=10)


def test_too_few_students_altogether_give_the_definition_alone():
    result = readiness(frame((9, {})))
    assert result["n"].isna().all() and result.attrs["alone"] == {}
    words = describe_readiness(result)
    assert "No result is shown for All students; A: fewer than 11 students." in words
    assert "percent (" not in words and "ready on all five" not in words


def test_who_misses_one_criterion_alone_is_told_of_many_and_of_no_few():
    kinds = [(40, missing("attendance")), (30, missing("gpa")), (3, missing("suspensions"))]
    several = [(12, missing("gpa", "attendance", "suspensions")), (12, missing("gpa", "english"))]
    result = readiness(frame((40, {}), *kinds, *several))
    assert result.attrs["alone"] == {"attendance": 40, "gpa": 30}
    assert (
        "Of the 97 not ready yet, some had this alone to meet: attendance (40) and the grade "
        "point average (30)." in describe_readiness(result)
    )


def test_nobody_is_told_alone_where_a_small_number_follows_from_the_percents():
    """3 were suspended. Of 50 not ready 35 are told; were 2 suspended alone, 13 would miss several,
    and these would miss 25 criteria together where it takes 26: so it must be 3.
    """
    kinds = [(20, missing("attendance")), (15, missing("gpa")), (3, missing("suspensions"))]
    pairs = (12, missing("gpa", "attendance"))
    assert readiness(frame((40, {}), *kinds, pairs)).attrs["alone"] == {}
    looser = (12, missing("gpa", "attendance", "english"))
    assert readiness(frame((40, {}), *kinds, looser)).attrs["alone"] == {
        "attendance": 20,
        "gpa": 15,
    }


PATTERNS = list(product([0, 1], repeat=len(CRITERIA)))  # 1: the criterion is met


def extent(result, groups, counted):
    """The least and the most students that a reader of the result can think counted (pair).

    counted: of a group and a pattern of criteria, whether these students are. By integer programs
    over all tables of groups and patterns that agree with every number shown.
    """
    cells = [(group, pattern) for group in groups for pattern in PATTERNS]
    limits = []

    def limit(which, low, high):
        limits.append(([float(which(*cell)) for cell in cells], low, high))

    for row in result.to_dict("records"):
        inside = [row["group"]] if row["group"] != ALL else groups
        if row["hidden"]:
            low, high = (1, 10) if row["hidden"] == "suppressed" else (11, np.inf)
            limit(lambda group, pattern, inside=inside: group in inside, low, high)
            continue
        limit(lambda group, pattern, inside=inside: group in inside, row["n"], row["n"])
        ready = row["ready"]
        limit(lambda group, p, inside=inside: group in inside and all(p), ready, ready)
        for place, name in enumerate(CRITERIA):
            met = round(row[name] * row["n"] / 100)
            limit(lambda g, p, inside=inside, i=place: g in inside and p[i], met, met)
    for name, number in result.attrs["alone"].items():
        limit(alone(name), number, number)
    matrix, low, high = (np.array(each, dtype=float) for each in zip(*limits, strict=True))
    aim = np.array([float(counted(*cell)) for cell in cells])
    ends = [
        milp(
            sign * aim,
            integrality=np.ones(len(aim)),
            bounds=Bounds(0, np.inf),
            constraints=LinearConstraint(matrix, low, high),
        )
        for sign in (1, -1)
    ]
    return round(ends[0].fun), round(-ends[1].fun)


def alone(name):
    wanted = tuple(int(criterion != name) for criterion in CRITERIA)
    return lambda group, pattern: pattern == wanted


def drawn(seed):
    """A random frame of 60 to 160 students, one group of about 8 among them."""
    draw = np.random.default_rng(seed)
    kinds = []
    for group, share in zip("ABCD", (0.4, 0.35, 0.18, 0.07), strict=True):
        for _ in range(round(share * draw.integers(60, 160))):
            misses = draw.random(5) < draw.choice([(0.1, 0.4, 0.05, 0.05, 0.03), (0.5,) * 5])
            names = [name for name, one in zip(MISSES, misses, strict=True) if one]
            kinds.append((1, {"group": group} | missing(*names)))
    return frame(*kinds)


@pytest.mark.parametrize("seed", range(8))
def test_a_reader_who_works_at_it_finds_no_small_number(seed):
    students = drawn(seed)
    groups = sorted(set(students["group"]))
    result = readiness(students)
    small = rows(result).index[rows(result)["hidden"] == "suppressed"]
    assert len(small) and (result["n"].dropna() >= 11).all()
    for name in small:
        targets = [lambda group, pattern, name=name: group == name]
        targets += [
            lambda group, pattern, name=name, place=place: group == name and pattern[place]
            for place in range(5)
        ]
        for target in targets:
            least, most = extent(result, groups, target)
            assert least < most
    if rows(result).loc[ALL, "hidden"] == "":
        for name in set(CRITERIA) - set(result.attrs["alone"]):
            least, most = extent(result, groups, alone(name))
            assert least < most or most == 0


# --- what cannot be read


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"gpa": 5.4}, 'Row 2 has "5.4" in the column "gpa", where a number from 0 to 5 is '),
        ({"gpa": "three"}, 'Row 2 has "three" in the column "gpa", where a number from 0 to 5 is '),
        ({"english_mark": "P"}, 'Row 2 has "P" in the column "english_mark", where a mark from A '),
        (
            {"mathematics_mark": 3},
            'Row 2 has "3" in the column "mathematics_mark", where a mark from A to F is ',
        ),
        (
            {"days_recorded_absent": 181},
            'Row 2 has "181" in the column "days_recorded_absent", where no more than the days ',
        ),
        (
            {"days_enrolled": 0},
            'Row 2 has "0" in the column "days_enrolled", where a number of days from 1 to 366 is ',
        ),
        (
            {"suspensions": "yes"},
            'Row 2 has "yes" in the column "suspensions", where a whole number from 0 is expected',
        ),
        (
            {"suspensions": 0.5},
            'Row 2 has "0.5" in the column "suspensions", where a whole number from 0 is expected',
        ),
        (
            {"group": ALL},
            'Row 2 has "All students" in the column "group", where one of the groups that make up ',
        ),
    ],
)
def test_the_first_wrong_cell_is_named(change, says):
    students = frame((1, {}), (1, change), (10, {}))
    with pytest.raises(Refusal) as refused:
        readiness(students)
    assert str(refused.value).startswith(says)
    assert str(refused.value).endswith("expected; correct it, or leave it empty.")


@pytest.mark.parametrize(
    ("students", "says"),
    [
        (
            frame((20, {})).rename(columns={"english_mark": "english_marks"}),
            'The students\' table has no column "english_mark", which every row needs; rename the '
            "column that holds it (english_marks), or add it.",
        ),
        (
            frame((20, {})).drop(columns="gpa"),
            'The students\' table has no column "gpa", which every row needs; rename the column '
            "that holds it (one of yours), or add it.",
        ),
        (
            frame((20, {})).iloc[:0],
            "The students' table has no row of grade 8 with every column filled; give one row for "
            "each student, with gpa, days_enrolled, days_recorded_absent, suspensions, "
            "english_mark, mathematics_mark and group.",
        ),
        (
            frame((20, {"grade": 7})),
            "The students' table has no row of grade 8 with every column filled; give one row for "
            "each student, with gpa, days_enrolled, days_recorded_absent, suspensions, "
            "english_mark, mathematics_mark and group.",
        ),
        (
            frame((1, {"student": "S-1"}), (1, {"student": "S-2"}), (1, {"student": "S-1"})),
            'Row 3 has "S-1" in the column "student", where one row for each student is expected; '
            "keep one of them.",
        ),
    ],
)
def test_a_table_that_cannot_be_counted_is_refused(students, says):
    with pytest.raises(Refusal) as refused:
        readiness(students)
    assert str(refused.value) == says


# --- the practice network


@pytest.fixture(scope="module")
def lanternfield():
    return readiness(records("10017", 2025)["report_cards"])


def test_a_practice_district(lanternfield):
    table = rows(lanternfield)
    whole = table.loc[ALL]
    assert (whole["n"], whole["ready"]) == (3244, 1284)
    numbers = whole[["percent", "low", "high", *CRITERIA]].astype(float).round(1).tolist()
    assert numbers == [39.6, 37.9, 41.3, 90.9, 47.3, 95.3, 95.9, 96.1]
    assert table.loc["White", ["n", "ready"]].tolist() == [516, 214]
    assert table["hidden"][table["hidden"] != ""].to_dict() == {
        "American Indian or Alaska Native": "suppressed to protect another",
        "Native Hawaiian or Pacific Islander": "suppressed",
        "Not reported": "suppressed to protect another",
    }
    assert lanternfield.attrs == {
        "by": "group",
        "min_students": 11,
        "left_out": "",
        "alone": {
            "attendance": 1470,
            "gpa": 67,
            "suspensions": 64,
            "english": 22,
            "mathematics": 15,
        },
    }


def test_the_words_of_a_practice_district(lanternfield):
    words = describe_readiness(lanternfield)
    assert words.startswith("Ready for high school means five things, as the CORE districts defin")
    for sentence in (
        "Of 3,244 students of grade 8, 1,284 were ready on all five: 39.6 percent (95% interval "
        "37.9 to 41.3).",
        "attendance was recorded at 96 percent or more for 47.3 percent;",
        "Black or African American 36.2 percent of 232 (30.3 to 42.6);",
        "this predicted graduation correctly for about 9 in 10 students. It is not a judgement of",
    ):
        assert sentence in words


def test_every_measure_is_that_of_the_records(lanternfield):
    """Counted once more with nothing of the module."""
    cards = records("10017", 2025)["report_cards"].query("grade == 8")
    low_marks = cards[["english_mark", "mathematics_mark"]].isin(["D", "F"]).any(axis=1)
    there = 25 * cards["days_recorded_absent"] <= cards["days_enrolled"]
    ready = (10 * cards["gpa"] >= 25) & there & ~low_marks & (cards["suspensions"] == 0)
    shown = rows(lanternfield).query("hidden == ''").drop(index=ALL)
    counted = ready.groupby(cards["group"]).sum()
    assert shown["ready"].tolist() == counted[shown.index].tolist() and len(shown) == 6

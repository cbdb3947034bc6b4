"""What is hidden cannot be worked out: an attacker with the shown numbers and the sums tries it by
integer programming.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.privacy.small_groups import WHOLE, hide_small
from tests.privacy import local_tables

ETHNICITIES = (
    "Black or African American",
    "American Indian or Alaska Native",
    "Asian",
    "Filipino",
    "Hispanic or Latino",
    "Native Hawaiian or Pacific Islander",
    "White",
    "Two or more races",
)
POOR, NOT_POOR = "Socioeconomically disadvantaged", "Not socioeconomically disadvantaged"
DAY = "2025-09-08"


def points(groups, at=DAY):
    """Points of one day from {group: (count, n)}."""
    return pd.DataFrame(
        [{"at": at, "group": group, "count": count, "n": n} for group, (count, n) in groups.items()]
    )


def hidden(groups, **options):
    table = hide_small(points(groups), **options)
    return {
        row.group: row.hidden.removeprefix("suppressed").strip() or "small"
        for row in table.itertuples()
        if row.hidden
    }


def test_a_group_of_ten_is_hidden_and_one_of_eleven_shown():
    groups = {WHOLE: (60, 100), "White": (6, 11), "Asian": (5, 10)}
    assert hidden(groups) == {"Asian": "small"}
    table = hide_small(points(groups)).set_index("group")
    assert (table.loc["White", "percent"], table.loc["White", "n"]) == (pytest.approx(600 / 11), 11)
    assert table.loc["Asian", ["count", "n", "percent"]].isna().all()


def test_what_the_whole_and_the_others_give_away_is_hidden_too():
    assert hidden({WHOLE: (25, 50), POOR: (20, 42), NOT_POOR: (5, 8)}) == {
        POOR: "to protect another",
        NOT_POOR: "small",
    }
    assert hidden({POOR: (20, 42), NOT_POOR: (5, 8)}) == {NOT_POOR: "small"}


def test_a_small_rest_that_nobody_lists_is_protected():
    assert hidden({WHOLE: (25, 50), POOR: (20, 42)}) == {POOR: "to protect another"}
    assert hidden({WHOLE: (25, 50), POOR: (20, 39)}) == {}


def test_the_next_smallest_of_the_same_family_is_the_companion():
    counts = [(7, 14), (6, 12), (9, 20), (3, 6), (30, 60), (8, 15), (20, 40), (6, 13)]
    parts = dict(zip(ETHNICITIES, counts, strict=True))
    found = hidden({WHOLE: (89, 180), **parts, POOR: (40, 90), NOT_POOR: (49, 90)})
    assert found == {"Filipino": "small", "American Indian or Alaska Native": "to protect another"}


def test_the_companion_is_the_same_group_in_every_period():
    frames = []
    days = ["2025-11-01", "2025-12-02", "2025-10-03", "2025-11-04"]
    for day, asian, black in zip(days, (12, 15, 13, 16), (14, 14, 14, 15), strict=True):
        parts = {
            "Asian": (5, asian),
            "Black or African American": (6, black),
            "White": (20, 40),
            "Filipino": (2, 6),
        }
        whole = tuple(np.sum(list(parts.values()), axis=0))
        nobody = dict.fromkeys(ETHNICITIES, (0, 0))
        frames.append(points({WHOLE: whole, **nobody, **parts}, day))
    table = hide_small(pd.concat(frames))
    assert set(table["group"][table["hidden"] == "suppressed to protect another"]) == {"Asian"}
    assert (table["hidden"] == "suppressed to protect another").sum() == 4


def test_groups_of_ones_own_add_up_where_their_numbers_do():
    sections = {
        "Everybody": (25, 50),
        "Section A": (15, 30),
        "Section B": (7, 12),
        "Section C": (3, 8),
    }
    assert hidden(sections, whole="Everybody") == {
        "Section B": "to protect another",
        "Section C": "small",
    }
    overlapping = sections | {"Section A": (15, 31)}
    assert hidden(overlapping, whole="Everybody", sums=()) == {"Section C": "small"}
    one_in_no_section = sections | {"Everybody": (25, 51)}
    assert "Section B" in hidden(one_in_no_section, whole="Everybody")


def test_small_groups_that_are_together_all_or_none_of_the_counted_take_one_more():
    groups = {
        WHOLE: (30, 60),
        "Section A": (3, 8),
        "Section B": (9, 9),
        "Section C": (9, 20),
        "Section D": (9, 23),
    }
    assert set(hidden(groups)) == {"Section A", "Section B"}
    assert set(hidden(groups | {"Section A": (8, 8), "Section C": (4, 20)})) == {
        "Section A",
        "Section B",
        "Section C",
    }


def test_numbers_that_are_hidden_already_stay_hidden_and_are_protected():
    given_ = points({WHOLE: (25, 50), POOR: (20, 42)})
    given_.loc[2] = [DAY, NOT_POOR, None, None]
    assert hide_small(given_)["hidden"].tolist() == [
        "",
        "suppressed to protect another",
        "suppressed",
    ]


def test_a_group_without_students_is_shown_as_such():
    table = hide_small(points({WHOLE: (5, 20), POOR: (0, 0), NOT_POOR: (5, 20)}))
    assert (
        table["hidden"].tolist() == ["", "", ""]
        and table["n"].tolist() == [20, 0, 20]
        and np.isnan(table["percent"].iloc[1])
    )


def test_more_than_the_states_eleven_may_be_asked_for_and_never_fewer():
    groups = {WHOLE: (60, 100), "White": (6, 15)}
    assert (hidden(groups), hidden(groups, min_students=20)) == ({}, {"White": "small"})
    with pytest.raises(Refusal, match="the state's rule is 11; give 11 or a larger whole number"):
        hide_small(points(groups), min_students=10)


def test_groups_are_named_by_code_or_name_and_put_in_order_of_time():
    frame = pd.concat(
        [
            points({"78": (20, 40)}, "2025-10-06"),
            points({"hispanic or latino": (10, 40), 80: (10, 30)}),
        ]
    )
    table = hide_small(frame)
    assert table["group"].tolist() == ["Hispanic or Latino", "White", "Hispanic or Latino"]
    assert table["at"].is_monotonic_increasing and table["percent"].tolist() == pytest.approx(
        [25, 100 / 3, 50]
    )


# --- the attacker

SUMS = [
    (WHOLE, ETHNICITIES),
    (WHOLE, (POOR, NOT_POOR)),
    (
        "Fluent English or English only",
        (
            "Initially fluent English proficient",
            "Reclassified fluent English proficient",
            "English only",
        ),
    ),
    (WHOLE, ("Fluent English or English only", "English learner")),
]


@st.composite
def school(draw):
    """The groups of one school, made student by student, so that every sum is exact."""
    n = draw(st.integers(60, 200))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    met = random.random(n) < random.uniform(0.15, 0.85)
    race = random.choice(8, n, p=random.dirichlet([0.7] * 8))
    fluency = random.choice(4, n, p=random.dirichlet([1.0] * 4))
    poor = random.random(n) < random.beta(1, 1)
    fluent, parts = SUMS[2]
    masks = {WHOLE: np.ones(n, bool), POOR: poor, NOT_POOR: ~poor, fluent: fluency < 3}
    masks |= {name: race == i for i, name in enumerate(ETHNICITIES)}
    masks |= {name: fluency == i for i, name in enumerate((*parts, "English learner"))}
    return {name: (int(met[mask].sum()), int(mask.sum())) for name, mask in masks.items()}


def extent(table, name, column):
    """The least and the most that the n or the count of a hidden group can be (pair)."""
    attacker, cells = local_tables.attacker_of(table, SUMS)
    return attacker.extent({cells[name]: 1}, (int(column == "n"), 1))


@settings(max_examples=20, deadline=None)
@given(school())
def test_no_small_group_can_be_worked_out(groups):
    table = hide_small(points(groups))
    assert ((table["n"].isna()) | (table["n"] == 0) | (table["n"] >= 11)).all()
    for name in table["group"][table["hidden"] == "suppressed"]:
        fewest, most = extent(table, name, "n")
        assert fewest < most


def test_the_attacker_finds_what_is_left_open_and_not_what_is_protected():
    groups = dict.fromkeys(SUMS[2][1][:2], (10, 20)) | {
        WHOLE: (50, 100),
        POOR: (44, 92),
        NOT_POOR: (6, 8),
        "English only": (10, 20),
        SUMS[2][0]: (30, 60),
        "English learner": (20, 40),
    }
    groups |= dict.fromkeys(ETHNICITIES, (0, 0)) | {"White": (50, 100)}
    bare = points(groups).assign(
        hidden=["suppressed" if name == NOT_POOR else "" for name in groups]
    )
    assert extent(bare, NOT_POOR, "n") == (8, 8) and extent(bare, NOT_POOR, "count") == (6, 6)
    assert extent(hide_small(points(groups)), NOT_POOR, "n") == (1, 10)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_hidden_in_a_random_local_table_is_told(seed):
    assert local_tables.attacked(seed, declared=True)["told"] == 0
    assert local_tables.attacked(seed)["told"] == 0


def test_one_group_of_ones_own_inside_another_is_said_as_a_sum_with_some_left_over():
    groups = {WHOLE: (51, 81), "Hispanic or Latino": (43, 67), "Hispanic boys": (37, 57)}
    sums = [("Hispanic or Latino", ["Hispanic boys"])]
    assert hidden(groups, sums=sums)


def test_classes_that_make_up_the_whole_are_not_taken_to_make_it_up_with_an_ethnicity():
    classes = {"Class A": (14, 29), "Class B": (12, 27), "Class C": (11, 25), "Class D": (9, 22)}
    others = {"White": (9, 21), "Asian": (22, 47), "Hispanic or Latino": (15, 35)}
    assert hidden({WHOLE: (46, 103), **classes, **others}) == {}


def test_what_the_caller_says_adds_up_is_held_to_and_hides_no_more():
    groups = {WHOLE: (50, 98), "A": (30, 60), "B": (15, 31), "C": (5, 7)}
    groups |= {"X": (25, 50), "Y": (25, 48)}
    sums = [(WHOLE, ["A", "B", "C"]), (WHOLE, ["X", "Y"])]
    assert hidden(groups, sums=sums) == {"C": "small", "B": "to protect another"}
    with pytest.raises(Refusal, match='names "D", and no point has that group'):
        hidden(groups, sums=[(WHOLE, ["A", "D"])])


@pytest.mark.parametrize(
    "groups",
    [
        {WHOLE: (50, 98), "A": (30, 60), "B": (15, 31), "C": (5, 7), "X": (25, 50), "Y": (25, 48)},
        {WHOLE: (50, 98), "Hispanic or Latino": (4, 8), "White": (26, 50), "Other": (20, 40)},
        {WHOLE: (50, 98), "Grade 8": (30, 60), "Algebra": (27, 52), "Not algebra": (3, 8)},
        {WHOLE: (50, 98), "Hispanic or Latino": (30, 60), "Girls": (27, 52), "Boys": (3, 8)},
        {WHOLE: (50, 98), "A": (30, 60), "B": (15, 30), "C": (4, 7)},
    ],
)
def test_groups_that_could_add_up_give_no_small_one_away(groups):
    small = [name for name, (_, n) in groups.items() if n < 11]
    found = hidden(groups)
    assert set(small) < set(found)


def test_a_whole_goes_where_its_parts_are_all_at_their_fewest():
    found = hidden({WHOLE: (6, 12), POOR: (5, 11), NOT_POOR: (1, 1)})
    assert set(found) == {WHOLE, POOR, NOT_POOR}


@pytest.mark.parametrize("seed", [508, 842, 860, 1504])
def test_guessed_sums_with_unknown_numbers_or_one_part_tell_nothing(seed):
    assert local_tables.attacked(seed)["told"] == 0


def test_a_small_system_in_which_the_solver_stumbles_is_solved_all_the_same():
    assert local_tables.attacked(1712)["hidden"] > 0


# --- what cannot be read


@pytest.mark.parametrize(
    "change, words",
    [
        ({"count": 3.5}, 'Row 1 has "3.5" in the column "count"; give a whole number'),
        ({"n": -1}, 'Row 1 has "-1" in the column "n"'),
        ({"count": 30}, "Row 1 .White, 2025-09-08. counts 30 of 20 students"),
        ({"at": "soon"}, "Row 1 has 'soon' where its date should be"),
        ({"count": "3"}, 'Row 1 has "3" in'),
    ],
)
def test_a_wrong_row_is_named(change, words):
    with pytest.raises(Refusal, match=words):
        hide_small(pd.DataFrame([{"at": DAY, "group": "White", "count": 10, "n": 20} | change]))


def test_a_second_row_a_missing_column_and_no_rows_are_refused():
    frame = points({"White": (10, 20), 80: (10, 20)})
    with pytest.raises(Refusal, match="Row 2 gives White on 2025-09-08 a second time"):
        hide_small(frame)
    with pytest.raises(Refusal, match='no column "n"'):
        hide_small(frame.drop(columns="n"))
    with pytest.raises(Refusal, match="There are no points"):
        hide_small(frame.iloc[:0])

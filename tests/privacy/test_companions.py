"""What is hidden besides: as little as it can be, and enough."""

import numpy as np
from scipy import sparse

from see_the_system.privacy import disclosure
from see_the_system.privacy import protect as privacy
from tests.privacy.districts import by_hand, district, hidden_in


def test_one_small_school_takes_the_smallest_other_with_it():
    shown = privacy.protect(by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2], [9, 8, 7, 6]]))
    assert hidden_in(shown, privacy.SUPPRESSED) == [(1, 1)]
    assert hidden_in(shown, privacy.COMPANION) == [(3, 1)]


def test_a_companion_without_anybody_in_a_level_does_not_protect_that_level():
    shown = privacy.protect(by_hand([[3, 2, 0, 0], [20, 15, 10, 8], [8, 4, 2, 0], [9, 8, 7, 6]]))
    assert hidden_in(shown, privacy.COMPANION) == [(4, 1)]


def test_two_small_schools_that_are_small_together_take_a_third():
    shown = privacy.protect(by_hand([[2, 1, 1, 1], [1, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2]]))
    assert hidden_in(shown, privacy.SUPPRESSED) == [(1, 1), (2, 1)]
    assert hidden_in(shown, privacy.COMPANION) == [(4, 1)]


def test_everybody_else_is_a_group_too():
    everyone = [[12, 10, 8, 6], [12, 10, 8, 6], [30, 20, 20, 20]]
    disadvantaged = [[11, 9, 7, 5], [6, 5, 4, 3], [15, 10, 10, 10]]
    shown = privacy.protect(by_hand(everyone, {31: disadvantaged}))
    assert (1, 31) in hidden_in(shown, privacy.COMPANION)
    assert not {(1, 1), (2, 1), (3, 1), (0, 1), (0, 31)} & set(hidden_in(shown, privacy.COMPANION))


def test_pupils_neither_male_nor_female_are_not_worked_out():
    everyone, male = [[12, 10, 8, 6], [20, 20, 20, 20]], [[6, 5, 4, 3], [10, 10, 10, 10]]
    female = [[5, 5, 3, 3], [10, 10, 10, 10]]
    shown = privacy.protect(by_hand(everyone, {3: male, 4: female}))
    assert {(1, 3), (1, 4)} & set(hidden_in(shown, privacy.COMPANION))
    assert not hidden_in(shown, privacy.SUPPRESSED)


def test_little_is_lost_in_a_district_of_middle_size():
    frame = district(
        np.random.default_rng(6), schools=12, pupils=(60, 300), groups=(1, 31, 111, 160)
    )
    shown = privacy.protect(frame)
    companions_ = (shown["missing_scores"].astype(str) == privacy.COMPANION).mean()
    lost = (
        1
        - shown.loc[shown["grade"] != 13, "tested"].sum()
        / frame.loc[frame["grade"] != 13, "tested"].sum()
    )
    everyone = shown[(shown["group_id"] == 1) & (shown["tested"] != 0)]
    assert companions_ < 0.10 and lost < 0.05
    assert everyone["with_scores"].notna().mean() > 0.95
    assert (
        shown.loc[(shown["level"] == "district") & (shown["grade"] != 13), "with_scores"]
        .notna()
        .all()
    )


def test_a_move_that_only_cancels_itself_is_no_move():
    matrix = sparse.csc_array(np.array([[1.0, 0.0]]))
    assert (
        disclosure.cheapest_move(matrix, np.ones(2, int), np.ones(2, int), np.ones(2), 0, 1) is None
    )
    assert disclosure.cheapest_move(
        matrix, np.ones(2, int), np.ones(2, int), np.ones(2), 1, -1
    ).tolist() == [0, -1]

"""What follows from what the groups are, against pupils of whom everything is known."""

import re

import numpy as np
import pytest

from see_the_system.data.codes import GROUPS, group_code
from see_the_system.messages import Refusal
from see_the_system.privacy import student_groups
from see_the_system.privacy.student_groups import must_share_nobody
from tests.privacy import pairs_of_groups
from tests.privacy.attack import Attack
from tests.privacy.districts import by_hand, pupils_of_all_groups


def test_one_group_lies_in_another_exactly_where_all_its_pupils_do():
    follows = {(a, b) for a in GROUPS for b in GROUPS if a != b and student_groups.inside(a, b)}
    assert follows == set(pairs_of_groups.nested())


def test_the_parts_of_every_sum_share_nobody_and_make_it_up():
    pupils = pupils_of_all_groups(np.random.default_rng(3), 5_000, GROUPS)
    unknown = ~np.any([pupils[code] for code in student_groups.ETHNICITIES], axis=0)
    unknown |= ~(pupils[3] | pupils[4]) | pupils[190]
    for one in student_groups.sums_among(frozenset(GROUPS)):
        together = np.sum([pupils[part] for part in one.parts], axis=0)
        assert (together <= pupils[one.total]).all(), one
        if one.whole:
            assert (together == pupils[one.total])[~unknown].all(), one


@pytest.mark.parametrize("seed", range(3))
def test_no_pair_of_groups_gives_a_hidden_result_or_a_rest_away(seed):
    frame = pairs_of_groups.tiny_district(seed)
    draw = np.random.default_rng(seed)
    for pairs, number in ((pairs_of_groups.nested(), 6), (pairs_of_groups.other_pairs(), 2)):
        for chosen in draw.choice(len(pairs), number, replace=False):
            pairs_of_groups.attacked(frame, pairs[chosen])


def test_the_attacker_works_out_the_rest_of_a_pair_that_is_shown_whole():
    asian, not_disadvantaged = [[12, 10, 8, 6], [9, 9, 9, 9]], [[10, 9, 8, 5], [9, 9, 9, 9]]
    frame = by_hand(asian, {222: not_disadvantaged})
    frame["group_id"] = frame["group_id"].replace({1: 76})
    attack = Attack(frame, within=pairs_of_groups.nested())
    assert attack.rests_worked_out(frame, [222], total=76) == ([0, 1], 2)
    assert pairs_of_groups.attacked(frame, (222, 76))["hidden"] >= 2


@pytest.mark.parametrize(
    ("focus", "comparison", "words"),
    [
        ("White", "All students", "Compare 'White' with 'Black or African American' or"),
        ("Asian, not disadvantaged", "Asian", "with 'Asian, disadvantaged'."),
        ("English learner", "Ever English learner", "'Reclassified fluent English proficient'."),
        ("Hispanic or Latino", "English learner", "Students can be in both 'Hispanic or Latino'"),
        ("White", "White", "are both 'White'. Choose two different groups."),
    ],
)
def test_a_pair_that_shares_students_is_refused_with_one_that_does_not(focus, comparison, words):
    with pytest.raises(Refusal, match=re.escape(words)):
        must_share_nobody(group_code(focus), group_code(comparison))


@pytest.mark.parametrize(
    ("focus", "comparison"),
    [
        ("Hispanic or Latino", "White"),
        ("Socioeconomically disadvantaged", "Not socioeconomically disadvantaged"),
        ("English learner", "English only"),
        ("Male", "Female"),
    ],
)
def test_a_pair_that_shares_nobody_is_taken(focus, comparison):
    must_share_nobody(group_code(focus), group_code(comparison))

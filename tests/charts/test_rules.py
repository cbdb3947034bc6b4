"""The rules: series where each rule just signals and just does not, and what must
not matter.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.charts.control_limits import counts
from see_the_system.charts.rules import RULE_SETS, mask
from see_the_system.charts.run_charts import signals
from see_the_system.messages import Refusal
from tests.charts.series_around import around

series = st.lists(st.integers(-4, 4), min_size=2, max_size=40).map(
    lambda values: np.array(values, float)
)


def found(rules, value, *, centre=0.0, sigma=1.0, limits=True):
    """The signals of a series around a centre, as (rule, points counted from 1, side)."""
    points = around(value, centre, sigma if limits else np.nan)
    return [
        (signal.rule, [point + 1 for point in signal.points], signal.side)
        for signal in signals(rules, points, np.zeros(len(value)))
    ]


def rules_in(rules, value, **options):
    return {rule for rule, *_ in found(rules, value, **options)}


UP = [1.0]
# Rule set, rule, a series (in sigma around 0) that just signals with its points, and one that just
# does not.
EDGES = [
    ("ihi", "shift of 6", [-1, *UP * 6, -1], [2, 3, 4, 5, 6, 7], [-1, *UP * 5, -1, -1]),
    ("ihi", "trend of 5", [3, 1, 1.5, 2, 2.5, 3, 0], [2, 3, 4, 5, 6], [3, 1, 1.5, 2, 2.5, 0]),
    ("nhs", "shift of 7", [-1, *UP * 7], list(range(2, 9)), [-1, *UP * 6]),
    (
        "nhs",
        "trend of 7",
        [0, -2, -1.5, -1, -0.5, 0.5, 1, 1.5],
        list(range(2, 9)),
        [0, -2, -1.5, -1, -0.5, 0.5, 1, 0.9],
    ),
    ("nhs", "2 of 3 far out", [-1, 2.5, 0.5, 2.5, -1], [2, 3, 4], [-1, 2.5, -0.5, 2.5, -1]),
    ("nhs", "outside the limits", [0, 3.01, 0], [2], [0, 3, 0]),
    ("western_electric", "2 of 3 beyond 2 sigma", [0, 2.1, 0, 2.1, 0], [2, 4], [0, 2.1, 0, 0, 2.1]),
    (
        "western_electric",
        "4 of 5 beyond 1 sigma",
        [0, -1.1, -1.1, 0, -1.1, -1.1],
        [2, 3, 5, 6],
        [0, -1.1, -1.1, 0, -1.1, 0, -1.1],
    ),
    ("western_electric", "shift of 8", [-1, *[0.5] * 8], list(range(2, 10)), [-1, *[0.5] * 7]),
    ("nelson", "shift of 9", [-1, *[0.5] * 9], list(range(2, 11)), [-1, *[0.5] * 8]),
    (
        "nelson",
        "trend of 6",
        [1, 0, 0.2, 0.4, 0.6, 0.8, 1.0, 0],
        list(range(2, 8)),
        [1, 0, 0.2, 0.4, 0.6, 0.8, 0.7],
    ),
    (
        "nelson",
        "14 alternating",
        [0.9 * (-1) ** i for i in range(14)],
        list(range(1, 15)),
        [0.9 * (-1) ** i for i in range(13)],
    ),
    (
        "nelson",
        "15 within 1 sigma",
        [0.9, -0.5, 0.2] * 5,
        list(range(1, 16)),
        [0.9, -0.5, 0.2] * 4 + [0.5, -0.4, 1.1],
    ),
    (
        "nelson",
        "8 beyond 1 sigma",
        [1.2, -1.2, -1.3, 1.4] * 2,
        list(range(1, 9)),
        [1.2, -1.2, -1.3, 1.4] * 2 and [1.2] * 4 + [0.9] + [-1.2] * 3,
    ),
    ("anhoej", "outside the limits", [0, -3.01, 0], [2], [0, -3, 0]),
]


@pytest.mark.parametrize(
    "rules, rule, signalling, points, quiet", EDGES, ids=[f"{edge[0]}: {edge[1]}" for edge in EDGES]
)
def test_where_a_rule_just_signals_and_just_does_not(rules, rule, signalling, points, quiet):
    assert points in [where for name, where, _ in found(rules, signalling) if name == rule]
    assert rule not in rules_in(rules, quiet)


def test_beyond_so_many_sigma_is_more_than_that_and_near_the_limit_is_no_more_than_the_limit():
    assert "2 of 3 beyond 2 sigma" not in rules_in("western_electric", [0, 2, 0, 2, 0])
    assert "4 of 5 beyond 1 sigma" not in rules_in("western_electric", [0, 1, 1, 0, 1, 1])
    assert "8 beyond 1 sigma" not in rules_in("nelson", [1, -1, -1.3, 1.4] * 2)
    assert "15 within 1 sigma" not in rules_in("nelson", [1, -0.5, 0.2] * 5)
    assert "2 of 3 far out" in rules_in("nhs", [-1, 3, 0.5, 3, -1])
    assert "2 of 3 far out" not in rules_in("nhs", [-1, 2, 0.5, 2, -1])
    assert "2 of 3 far out" not in rules_in("nhs", [-1, 3.01, 0.5, 3.01, -1])


def test_every_rule_of_every_set_is_tried_at_its_edge():
    tried = {(rules, rule) for rules, rule, *_ in EDGES} | {
        ("anhoej", "long run"),
        ("anhoej", "few crossings"),
        ("ihi", "number of runs"),
    }
    same = {
        ("western_electric", "outside the limits"),
        ("nelson", "outside the limits"),
        ("nelson", "2 of 3 beyond 2 sigma"),
        ("nelson", "4 of 5 beyond 1 sigma"),
    }
    assert tried | same == {(rules, rule) for rules in RULE_SETS for rule in RULE_SETS[rules].rules}


def test_anhoej_s_rules_at_their_edge():
    eight, seven = [-1, 1] * 6 + [1] * 7 + [-1], [-1, 1] * 6 + [1] * 6 + [-1, -1]
    assert ("long run", list(range(12, 20)), 1) in found(
        "anhoej", eight, limits=False
    ) and "long run" not in rules_in("anhoej", seven, limits=False)
    five, six = (
        [-1] * 7 + [1] * 7 + [-1, 1, -1, 1, 1, 1],
        [-1] * 7 + [1] * 7 + [-1, 1, -1, 1, -1, 1],
    )
    assert (
        rules_in("anhoej", five, limits=False) == {"few crossings"}
        and rules_in("anhoej", six, limits=False) == set()
    )
    assert (
        found("anhoej", [-1] * 4 + [1] * 5, limits=False) == []
    )  # nine useful points: too few for either


def test_too_few_and_too_many_runs():
    few, many = [1, 1, 1, 1, 1, -1, -1, -1, -1, -1], [1, -1] * 5
    assert rules_in("ihi", few, limits=False) == {"number of runs"} and rules_in(
        "ihi", many, limits=False
    ) == {"number of runs"}
    assert "number of runs" not in rules_in(
        "ihi", [1, 1, 1, -1, -1, 1, -1, -1, 1, -1], limits=False
    )


def test_points_on_the_centre_neither_break_nor_lengthen_a_run():
    assert found("ihi", [1, 1, 0, 1, 1, 0, 1, -1, 1], limits=False) == []
    assert ("shift of 6", [1, 2, 4, 5, 7, 8], 1) in found(
        "ihi", [1, 1, 0, 1, 1, 0, 1, 1, -1], limits=False
    )
    assert counts(around([[1, 0, -1, 0, 0, -1, 1]])) == (4, 2, 2)


def test_ties_are_passed_over_in_ihi_s_trend_and_end_it_elsewhere():
    rising = [0, 0.1, 0.2, 0.2, 0.3, 0.4]
    assert "trend of 5" in rules_in("ihi", rising, limits=False)
    assert "trend of 6" not in rules_in("nelson", [*rising, 0.5], limits=False)


def test_without_limits_the_rules_that_need_them_are_silent():
    assert found("nelson", [0, 9, 0, -9, 0], limits=False) == []


def test_a_series_that_never_moves_has_no_signal():
    for rules in RULE_SETS:
        assert found(rules, [2.0] * 30, centre=2.0, sigma=0.0) == []


@pytest.mark.parametrize("rules", RULE_SETS)
@settings(max_examples=60, deadline=None)
@given(value=series)
def test_up_and_down_are_mirror_images_and_a_constant_changes_nothing(rules, value):
    unturned = found(rules, value)
    assert sorted((rule, points, -side) for rule, points, side in found(rules, -value)) == sorted(
        unturned
    )
    assert found(rules, value + 100, centre=100.0) == unturned


@settings(max_examples=60, deadline=None)
@given(value=series)
def test_anhoej_does_not_know_which_way_time_runs(value):
    assert rules_in("anhoej", value[::-1]) == rules_in("anhoej", value)


@pytest.mark.parametrize("rules", RULE_SETS)
@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.lists(st.integers(-4, 4), min_size=16, max_size=16), min_size=1, max_size=6)
)
def test_the_mask_of_many_series_marks_the_points_of_their_signals(rules, values):
    many = np.array(values, float)
    marked = mask(rules, around(many, 0.0, 1.0))
    for row, value in zip(marked, many, strict=True):
        assert set(np.flatnonzero(row) + 1) == {
            point for _, points, _ in found(rules, value) for point in points
        }


def test_an_unknown_set_is_refused_with_the_nearest():
    with pytest.raises(Refusal, match=r"There is no rule set 'anhoj'\. Choose 'anhoej'"):
        signals("anhoj", around([0, 0, 0]), np.zeros(3))

import numpy as np

from see_the_system.charts.many_series import counts
from see_the_system.charts.signals import outside_together, signals
from tests.references import INDIVIDUALS


def test_montgomery_s_individuals():
    value, centre = np.array(INDIVIDUALS, float), np.full(40, 300.5)
    sigma = np.full(40, 7.789474 / 1.128)
    assert counts(value, centre) == (40, 6, 20)
    told = signals(
        "anhoej", value, centre, sigma=sigma, lower=centre - 3 * sigma, upper=centre + 3 * sigma
    )
    assert [(one.rule, one.points, one.side) for one in told] == [
        ("outside the limits", (38,), 1),
        ("outside the limits", (39,), 1),
    ]


def test_no_rule_looks_across_two_phases():
    value = np.array([1, 1, 1, 1.0, 1, 1, -1, -1])
    assert signals("ihi", value, np.zeros(8), phase=np.array([0, 0, 0, 1, 1, 1, 1, 1])) == ()


def test_every_signal_says_where_in_points_counted_from_one():
    told = signals("ihi", np.array([-1, 1, 1, 1, 1, 1, 1.0]), np.zeros(7))
    assert [one.words for one in told if one.rule == "shift of 6"] == [
        "Points 2 to 7: 6 points in a row above the center line."
    ]


def test_points_outside_the_limits_are_said_in_one_sentence_a_side():
    value, centre, sigma = np.array([4.0, 0, -5, 4, 0, 6]), np.zeros(6), np.ones(6)
    found = signals("anhoej", value, centre, sigma=sigma, lower=-3 * sigma, upper=3 * sigma)
    assert [(signal.points, signal.words) for signal in outside_together(found)] == [
        ((0, 3, 5), "Points 1, 4 and 6 lie above the limits."),
        ((2,), "Point 3 lies below the limits."),
    ]

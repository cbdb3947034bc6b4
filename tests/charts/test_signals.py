import numpy as np

from see_the_system.charts.many_series import counts, one_series
from see_the_system.charts.signals import outside_together, signals
from tests.charts.series_around import around
from tests.references import INDIVIDUALS


def test_montgomery_s_individuals():
    points = around(INDIVIDUALS, 300.5, 7.789474 / 1.128)
    assert counts(one_series(points, np.ones(40, bool))) == (40, 6, 20)
    found = signals("anhoej", points, np.zeros(40))
    assert [(signal.rule, signal.points, signal.side) for signal in found] == [
        ("outside the limits", (38,), 1),
        ("outside the limits", (39,), 1),
    ]


def test_no_rule_looks_across_two_phases():
    points = around([1, 1, 1, 1, 1, 1, -1, -1])
    assert signals("ihi", points, np.array([0, 0, 0, 1, 1, 1, 1, 1])) == ()
    assert signals("ihi", points, np.zeros(8)) != ()


def test_every_signal_says_where_in_points_counted_from_one():
    found = signals("ihi", around([-1, 1, 1, 1, 1, 1, 1]), np.zeros(7))
    assert [signal.words for signal in found if signal.rule == "shift of 6"] == [
        "Points 2 to 7: 6 points in a row above the center line."
    ]


def test_points_outside_the_limits_are_said_in_one_sentence_a_side():
    found = signals("anhoej", around([4, 0, -5, 4, 0, 6], 0, 1), np.zeros(6))
    assert [(signal.points, signal.words) for signal in outside_together(found)] == [
        ((0, 3, 5), "Points 1, 4 and 6 lie above the limits."),
        ((2,), "Point 3 lies below the limits."),
    ]

import numpy as np
import pytest

from see_the_system.charts.panels import SMALL, apart, value_range
from see_the_system.pictures import lettering


def test_things_are_moved_apart_no_more_than_need_be():
    assert apart([10, 50], [8, 8], 0, 100).tolist() == [10, 50]
    moved = apart([98.0] * 5, [10] * 5, 0, 100)
    assert np.diff(moved).tolist() == [10] * 4 and moved[-1] == 95


@pytest.mark.parametrize("values", ([0, 100], [50.0], [0, 0], [99, 100], [48, 52]))
def test_a_scale_of_percents_stays_possible_and_does_not_exaggerate(values):
    low, top, ticks, labels = value_range(values, percent=True, high=200, least=20)
    assert (
        min(ticks) >= 0
        and max(ticks) <= 100
        and low < min(values)
        and top > max(values)
        and top - low > 20
    )
    assert (
        len(ticks) > 1
        and all(label.endswith("%") for label in labels)
        and max(lettering.width(label, SMALL) for label in labels) < 40
    )

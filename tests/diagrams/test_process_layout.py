from collections import Counter
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from see_the_system.diagrams.process_grid import read_map
from see_the_system.diagrams.process_layout import lay_out
from see_the_system.diagrams.process_map import make_cards
from tests.diagrams.drawn_theories import (
    SETTINGS,
    busy_process,
    chain,
    process_of,
    process_theories,
)
from tests.diagrams.graphs import shared_stretches

WIDTHS = (0, 500, 800, 1000, 1600, inf)


def laid_out(theory, width=inf):
    """The borders of the lanes and the paths of the connections."""
    lanes, places, ways = read_map(theory, theory.maps[0])
    laid = lay_out(make_cards(lanes, places), places, ways, 0, width)
    borders = [laid.strips[0].top, *(strip.bottom for strip in laid.strips)]
    return borders, laid.routes


@SETTINGS
@given(process_theories(), st.sampled_from(WIDTHS))
def test_no_line_lies_in_another(theory, width):
    assert shared_stretches(laid_out(theory, width)[1]) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nor_in_a_busy_map(width):
    assert shared_stretches(laid_out(busy_process(), width)[1]) == []


def test_a_line_in_one_lane_is_straight():
    ((_, points, *_),) = laid_out(process_of("ab"))[1]
    assert len(points) == 2 and points[0][1] == points[1][1]


def test_a_loop_runs_back_outside_the_lanes():
    borders, paths = laid_out(process_of("ab", "bc", "ca"))
    heights = {net: [y for _, y in points] for net, points, *_ in paths}
    assert max(heights["connection-2"]) > borders[-1] or min(heights["connection-2"]) < borders[0]
    assert all(borders[0] < y < borders[-1] for y in heights["connection-0"])


@given(st.integers(2, 40), st.integers(0, 1600))
def test_a_chain_is_read_row_by_row_from_left_to_right(steps, width):
    theory = chain(steps)
    lanes, places, ways = read_map(theory, theory.maps[0])
    laid = lay_out(make_cards(lanes, places), places, ways, 0, width)
    for place, following in pairwise(places):
        if place.band == following.band:
            assert place.left < following.left
        else:
            assert place.band + 1 == following.band and place.y < following.y
    counts = Counter(place.band for place in places)
    assert laid.right <= width or set(counts.values()) == {1}
    assert max(counts.values()) - min(counts.values()) <= max(counts) + 1


def test_a_process_that_fits_is_not_wrapped():
    theory = chain(5)
    lanes, places, ways = read_map(theory, theory.maps[0])
    whole = lay_out(make_cards(lanes, places), places, ways, 0)
    assert lay_out(make_cards(lanes, places), places, ways, 0, whole.right) == whole
    assert len(whole.strips) == 1


def test_a_loop_over_several_bands_passes_beside_them():
    theory = process_of("ab", "bc", "cd", "da")
    lanes, places, ways = read_map(theory, theory.maps[0])
    laid = lay_out(make_cards(lanes, places), places, ways, 0, 0)
    (back,) = [route.points for route in laid.routes if route.net == "connection-3"]
    assert max(x for x, _ in back) > laid.edge
    assert back[0][1] > back[-1][1]

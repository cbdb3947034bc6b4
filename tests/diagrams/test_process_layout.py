from hypothesis import given

from see_the_system.diagrams.process_grid import read_map
from see_the_system.diagrams.process_layout import lay_out
from see_the_system.diagrams.process_map import make_cards
from tests.diagrams.drawn_theories import SETTINGS, busy_process, process_of, process_theories
from tests.diagrams.graphs import shared_stretches


def laid_out(theory):
    """The borders of the lanes and the paths of the connections."""
    lanes, places, ways, rows = read_map(theory, theory.maps[0])
    borders, _, _, routes = lay_out(make_cards(lanes, places), places, ways, rows, 0)
    return borders, routes


@SETTINGS
@given(process_theories())
def test_no_line_lies_in_another(theory):
    assert shared_stretches(laid_out(theory)[1]) == []


def test_nor_in_a_busy_map():
    assert shared_stretches(laid_out(busy_process())[1]) == []


def test_a_line_in_one_lane_is_straight():
    ((_, points, *_),) = laid_out(process_of("ab"))[1]
    assert len(points) == 2 and points[0][1] == points[1][1]


def test_a_loop_runs_back_outside_the_lanes():
    borders, paths = laid_out(process_of("ab", "bc", "ca"))
    heights = {net: [y for _, y in points] for net, points, *_ in paths}
    assert max(heights["connection-2"]) > borders[-1] or min(heights["connection-2"]) < borders[0]
    assert all(borders[0] < y < borders[-1] for y in heights["connection-0"])

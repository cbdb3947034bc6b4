import pytest

from see_the_system.diagrams.process_grid import Channel, even_bands, filled_bands, fold, read_map
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from tests.diagrams.drawn_theories import process_of


def columns(theory):
    _, places, _ = read_map(theory, theory.maps[0])
    return {place.step.id: place.column for place in places}


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (["ab", "bc"], {"a": 0, "b": 1, "c": 2}),
        (["ab", "ac", "bd", "cd"], {"a": 0, "b": 1, "c": 1, "d": 2}),
        (["ab", "bc", "cb", "cc"], {"a": 0, "b": 1, "c": 2}),
        (["ab", "bc", "cd", "da"], {"a": 0, "b": 1, "c": 2, "d": 3}),
        (["ba"], {"a": 1, "b": 0}),
    ],
)
def test_a_step_stands_one_column_after_what_leads_to_it_and_loops_do_not_count(links, expected):
    assert columns(process_of(*links)) == expected


def test_steps_without_connections_stand_in_the_order_of_the_team():
    steps = [k.Step(id=f"step-{n}", lane=f"lane-{n % 2}", order=n) for n in range(4)]
    lanes = [k.Lane(id=f"lane-{n}", map="process-map-1") for n in range(2)]
    assert columns(Theory.of([k.ProcessMap(id="process-map-1"), *lanes, *steps])) == {
        f"step-{n}": n for n in range(4)
    }


def test_steps_of_one_lane_and_column_stand_in_rows_of_their_own():
    lanes = [k.Lane(id=f"lane-{n}", map="process-map-1", order=n) for n in range(3)]
    steps = [
        k.Step(id=name, lane=lane, order=n)
        for n, (name, lane) in enumerate([("a", "lane-0"), ("b", "lane-2"), ("c", "lane-2")])
    ]
    links = [k.Connection(id=f"connection-{name}", source="a", target=name) for name in "bc"]
    theory = Theory.of([k.ProcessMap(id="process-map-1"), *lanes, *steps, *links])
    _, places, ways = read_map(theory, theory.maps[0])
    rows, _ = fold(places, ways, 3, [0])
    assert [row.lane for row in rows] == [0, 1, 2, 2]
    assert [(place.row, place.column) for place in places] == [(0, 0), (2, 1), (3, 1)]


def test_bands_hold_what_their_room_allows_and_are_filled_evenly():
    assert filled_bands([50, 50, 50, 50], 160) == [0, 3]
    assert even_bands([50, 50, 50, 50], 160) == [0, 2]
    assert filled_bands([300, 50, 60, 300], 120) == [0, 1, 3]  # what is too wide stands alone
    assert even_bands([50], 20) == [0] and filled_bands([], 20) == [0]


def test_a_band_has_the_lanes_that_act_in_it_and_an_idle_lane_stands_in_the_first():
    lanes = [k.Lane(id=f"lane-{n}", map="process-map-1", order=n) for n in range(3)]
    steps = [k.Step(id=name, lane=f"lane-{lane}") for name, lane in (("a", 0), ("b", 2), ("c", 2))]
    links = [
        k.Connection(id=f"connection-{n}", source=a, target=b)
        for n, (a, b) in enumerate(("ab", "bc"))
    ]
    theory = Theory.of([k.ProcessMap(id="process-map-1"), *lanes, *steps, *links])
    _, places, ways = read_map(theory, theory.maps[0])
    rows, tracks = fold(places, ways, 3, [0, 1])
    assert rows == [(0, 0), (0, 1), (1, 2)]
    assert [(place.band, place.row) for place in places] == [(0, 0), (1, 2), (1, 2)]
    assert tracks == {Channel(1, 1): 1}  # one line in the corridor, the other goes straight

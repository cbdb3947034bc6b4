from itertools import pairwise

import pytest
from hypothesis import given

from see_the_system.diagrams.driver_layout import _apart, lay_out
from see_the_system.diagrams.drivers import columns_of, plot_drivers
from see_the_system.diagrams.shapes import Frame
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from tests.diagrams.drawn_theories import SETTINGS, driver_theories
from tests.diagrams.graphs import shared_stretches
from tests.theory.examples import largest, school


@SETTINGS
@given(driver_theories())
def test_no_line_lies_in_another(theory):
    columns, _ = columns_of(theory)
    assert shared_stretches(lay_out(columns)[1]) == []


def test_every_link_is_one_path_that_ends_at_its_target():
    columns, _ = columns_of(school())
    spans, paths = lay_out(columns)
    edges = [left for left, _ in spans]
    at = {(edges[node.column], node.y): node for column in columns for node in column}
    assert len(at) == 11 and len(paths) == 3 + 5 + 4
    ends = sorted(
        round(path[1][-1][0] - edges[column])
        for path in paths
        for column in range(3)
        if edges[column] < path[1][-1][0] < edges[column + 1]
    )
    assert ends == [190] * 3 + [200] * 5 + [210] * 4


def test_columns_are_aligned_and_boxes_stand_apart():
    boxes = [shape.box for shape in plot_drivers(largest()).shapes if isinstance(shape, Frame)]
    columns = {}
    for box in sorted(boxes):
        columns.setdefault(box.x, []).append(box)
    assert [len(column) for column in columns.values()] == [1, 5, 15, 30]
    for column in columns.values():
        assert all(below.y - above.bottom >= 9 for above, below in pairwise(column))


def test_the_order_of_a_column_lets_no_lines_cross_where_that_is_possible():
    found = [k.Driver(id=f"driver-p{n}", level="primary", text=str(n), order=n) for n in range(4)]
    found += [
        k.Driver(
            id=f"driver-s{n}",
            level="secondary",
            text=str(n),
            order=n,
            acts_on=(f"driver-p{3 - n}",),
        )
        for n in range(4)
    ]
    columns, _ = columns_of(Theory.of(found))
    lay_out(columns)
    assert [node.targets[0].key for node in columns[2]] == [node.key for node in columns[1]]


def test_boxes_that_want_one_place_share_it_by_their_weights():
    assert _apart([0, 100], [10], [1, 1]) == [0, 100]
    assert _apart([50, 50], [10], [1, 1]) == [45, 55]
    # All three in one group: (60 + (0 - 10) + 0.05 * (0 - 20)) / 2.05
    top = 49 / 2.05
    assert _apart([60, 0, 0], [10, 10], [1, 1, 0.05]) == pytest.approx([top, top + 10, top + 20])

"""Lines between columns of boxes: a track for each in the gutter, a hop where it passes another.

Every column keeps its lines' heights on a grid of STEP, each second column half a step lower, so
that a line that leaves a box on the left of a gutter and one that leaves a box on its right never
lie in each other.
"""

from itertools import pairwise
from math import cos, pi, sin
from typing import NamedTuple

STEP, TRACK = 10, 12
_HOP, _CORNER = 4, 5  # how high a line hops over another; the cut of a corner
# A corner's arc between its ends: how far towards the line before it and the line after it.
_ARC = [(1 - sin(turn), 1 - cos(turn)) for turn in (pi / 6, pi / 3)]


class Net(NamedTuple):
    """What one vertical of a gutter joins: the heights of its lines on the left and the right."""

    left: tuple
    right: tuple

    @property
    def low(self):
        return min(self.left + self.right)

    @property
    def high(self):
        return max(self.left + self.right)


class Route(NamedTuple):
    """A line of horizontal and vertical parts through points, and its look (dict).

    Routes of one net (its key) may lie in each other and join.
    """

    net: object
    points: list
    arrow: bool
    look: dict


def on_grid(y, column):
    """The height next to ``y`` on the grid of a column (float)."""
    half = STEP / 2 * (column % 2)
    return round((y - half) / STEP) * STEP + half


def up_to_step(length):
    """A length rounded up to the grid (int)."""
    return -int(-length // STEP) * STEP


def ports(middle, count):
    """The heights at which lines leave a box, around its middle, from above (list of float).

    An even number of lines leaves the middle itself free.
    """
    half = count // 2
    return [middle + STEP * place for place in range(-half, half + 1) if count % 2 or place]


def room_for(count):
    """How high a box must be for ``count`` lines on one side (float)."""
    return STEP * count + 12


def verticals(nets, left):
    """Where the vertical of each net stands in a gutter, and where the last stands.

    List of float, float. The first track is at ``left``, and so is what needs no vertical.
    """
    found = _tracks(list(nets))
    xs = [left + TRACK * (track or 0) for track in found]
    return xs, max(xs, default=left)


def _tracks(nets):
    """The track of each net's vertical, 0 at the left, chosen so that few lines cross.

    List of int; None where no vertical is needed.
    """
    found = [None] * len(nets)
    placed = []
    for place in _in_order(nets):
        net = nets[place]
        taken = [
            found[other]
            for other in placed
            if net.low < nets[other].high + STEP and nets[other].low < net.high + STEP
        ]
        found[place] = max(taken, default=-1) + 1
        placed.append(place)
    return found


def _in_order(nets):
    """The places of the nets that need a vertical, from left to right (list of int).

    Sorted by height, then neighbors change places while fewer lines cross for it.
    """
    order = [place for place, net in enumerate(nets) if net.high > net.low]
    order.sort(key=lambda place: (nets[place].low + nets[place].high, place))
    for _ in range(len(order)):
        swapped = False
        for at in range(len(order) - 1):
            one, other = order[at : at + 2]
            if _crossed(nets[other], nets[one]) < _crossed(nets[one], nets[other]):
                order[at : at + 2] = other, one
                swapped = True
        if not swapped:
            break
    return order


def _crossed(left, right):
    """How many lines cross when one net stands left of another."""
    return sum(right.low < y < right.high for y in left.right) + sum(
        left.low < y < left.high for y in right.left
    )


def draw_routes(diagram, routes):
    """Draws routes; where a horizontal meets the vertical of another net, it hops over it.

    A gap in its place would look like the dashes of what is assumed, or not linked.
    """
    uprights = {
        (x, min(y, end_y), max(y, end_y), route.net)
        for route in routes
        for (x, y), (end_x, end_y) in pairwise(route.points)
        if x == end_x
    }
    for route in routes:
        others = [upright[:3] for upright in uprights if upright[3] != route.net]
        points = _hopping(_rounded(route.points), others)
        diagram.line(*points, arrow=route.arrow, **route.look)


def _hopping(points, uprights):
    """The points of a line with a small arc over each upright that it crosses (list)."""
    found = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        if y0 == y1 and abs(x1 - x0) > 2 * _HOP:
            left, right = min(x0, x1) + _HOP, max(x0, x1) - _HOP
            crossed = {x for x, low, high in uprights if low < y0 < high and left <= x <= right}
            hops = [point for hop in _hops(sorted(crossed)) for point in _arc(*hop, y0)]
            found += hops if x1 > x0 else hops[::-1]
        found.append((x1, y1))
    return found


def _hops(crossed):
    """From where to where hops reach: one over uprights that stand close (list of float, float)."""
    hops = []
    for x in crossed:
        if hops and x - _HOP <= hops[-1][1] + 1:
            hops[-1] = (hops[-1][0], x + _HOP)
        else:
            hops.append((x - _HOP, x + _HOP))
    return hops


def _arc(start, end, y):
    """A hop from left to right: up, over what it crosses, and down (list of points)."""
    up = [(_HOP * (1 - cos(turn)), _HOP * sin(turn)) for turn in (0, pi / 6, pi / 3, pi / 2)]
    rise = [(start + along, y - above) for along, above in up]
    fall = [(end - along, y - above) for along, above in reversed(up)]
    return rise + fall


def _rounded(points):
    """The points with each corner cut by a small arc."""
    found = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        cut = min(_CORNER, _length(before, corner) / 2, _length(corner, after) / 2)
        start, end = _moved(corner, before, cut), _moved(corner, after, cut)
        found.append(start)
        for to_start, to_end in _ARC:
            x, y = (
                middle + (first - middle) * to_start + (last - middle) * to_end
                for middle, first, last in zip(corner, start, end, strict=True)
            )
            found.append((x, y))
        found.append(end)
    return [*found, points[-1]]


def _length(one, other):
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _moved(point, other, by):
    """A point moved towards another."""
    far = max(_length(point, other), 1e-9)
    return (
        point[0] + (other[0] - point[0]) * by / far,
        point[1] + (other[1] - point[1]) * by / far,
    )

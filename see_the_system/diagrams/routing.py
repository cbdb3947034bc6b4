"""Lines between columns of boxes: each in a track of its own in the gutter, and broken where it
passes under another.

Every column keeps its lines' heights on a grid of STEP, each second column half a step lower, so
that a line that leaves a box on the left of a gutter and one that leaves a box on its right never
lie in each other.
"""

from math import cos, pi, sin
from typing import NamedTuple

STEP, TRACK = 10, 12
_GAP, _CORNER = 3, 5
_ARC = [(1 - sin(turn), 1 - cos(turn)) for turn in (pi / 6, pi / 3)]


class Net(NamedTuple):
    """What one vertical of a gutter joins: the heights at which it goes out to the left and to the
    right.
    """

    left: tuple
    right: tuple

    @property
    def low(self):
        return min(self.left + self.right)

    @property
    def high(self):
        return max(self.left + self.right)


def on_grid(y, column):
    """The height next to ``y`` on the grid of a column (float)."""
    half = STEP / 2 * (column % 2)
    return round((y - half) / STEP) * STEP + half


def up_to_step(length):
    """A length rounded up to the grid (int)."""
    return -int(-length // STEP) * STEP


def ports(middle, count):
    """The heights at which ``count`` lines leave a box, around its middle, from above (list of
    float).
    """
    half = count // 2
    return [middle + STEP * place for place in range(-half, half + 1) if count % 2 or place]


def room_for(count):
    """How high a box must be for ``count`` lines on one side (float)."""
    return STEP * count + 12


def tracks(nets):
    """The track of each net's vertical, 0 at the left, chosen so that few lines cross (list of int;
    None where no vertical is needed).
    """
    bent = [place for place, net in enumerate(nets) if net.high > net.low]
    order = sorted(bent, key=lambda place: (nets[place].low + nets[place].high, place))
    swapped = True
    for _ in range(len(order)):
        if not swapped:
            break
        swapped = False
        for at in range(len(order) - 1):
            one, other = nets[order[at]], nets[order[at + 1]]
            if _crossings(other, one) < _crossings(one, other):
                order[at], order[at + 1], swapped = order[at + 1], order[at], True
    found = [None] * len(nets)
    for at, one in enumerate(order):
        taken = [
            found[other]
            for other in order[:at]
            if nets[one].low < nets[other].high + STEP and nets[other].low < nets[one].high + STEP
        ]
        found[one] = max(taken, default=-1) + 1
    return found


def _crossings(one, other):
    """How many lines cross when the first net stands left of the second."""
    return sum(other.low < y < other.high for y in one.right) + sum(
        one.low < y < one.high for y in other.left
    )


def draw_paths(diagram, paths):
    """Draws paths of horizontal and vertical parts: (net, points, arrow, look).

    Paths of one net may lie in each other and join; where a horizontal meets the vertical of
    another net, it is broken.
    """
    uprights = [
        (net, a[0], min(a[1], b[1]), max(a[1], b[1]))
        for net, points, *_ in paths
        for a, b in zip(points, points[1:])
        if a[0] == b[0]
    ]
    uprights = sorted(set(uprights), key=lambda upright: upright[1])
    for net, points, arrow, look in paths:
        pieces = _broken(net, points, uprights)
        for piece in pieces:
            diagram.line(*_rounded(piece), arrow=arrow and piece is pieces[-1], **look)


def _broken(net, points, uprights):
    pieces = [[points[0]]]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if y0 == y1:
            crossed = [
                x
                for other, x, low, high in uprights
                if other != net and low < y0 < high and min(x0, x1) < x < max(x0, x1)
            ]
            way = 1 if x1 > x0 else -1
            for x in sorted(set(crossed), reverse=way < 0):
                pieces[-1].append((x - way * _GAP, y0))
                pieces.append([(x + way * _GAP, y0)])
        pieces[-1].append((x1, y1))
    return pieces


def _rounded(points):
    """The points with each corner cut by a small arc."""
    found = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:]):
        cut = min(_CORNER, _far(before, corner) / 2, _far(corner, after) / 2)
        start, end = _toward(corner, before, cut), _toward(corner, after, cut)
        found.append(start)
        found += [
            tuple(c + (s - c) * u + (e - c) * v for c, s, e in zip(corner, start, end))
            for u, v in _ARC
        ]
        found.append(end)
    return [*found, points[-1]]


def _far(one, other):
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _toward(point, other, by):
    far = max(_far(point, other), 1e-9)
    return (
        point[0] + (other[0] - point[0]) * by / far,
        point[1] + (other[1] - point[1]) * by / far,
    )

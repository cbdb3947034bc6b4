"""Where the boxes and lines of a driver diagram stand.

Columns are in an order with few crossings, and there is a way for every link.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, chain, combinations, count, groupby, pairwise
from operator import itemgetter

from see_the_system.diagrams.diagram import Card
from see_the_system.diagrams.routing import (
    STEP,
    Net,
    Route,
    on_grid,
    ports,
    room_for,
    up_to_step,
    verticals,
)

WIDE = (190, 200, 210, 230)
TOP, _GAP, _APART = 44, 14, 34
_INK = {"stroke": "#33475b"}
_UNLINKED = 0.05  # the weight of a box that could stand anywhere, beside 1 of one with links


@dataclass(eq=False)
class DriverBox:
    """A box in a column, empty without an item; ``targets`` are what it acts on.

    Without a card it is the passage of a line through a column. ``ports`` are the heights at which
    its lines leave it, by the key of their bundle.
    """

    key: tuple
    column: int
    item: object = None
    card: Card = None
    targets: list = field(default_factory=list)
    loose: bool = False
    high: float = STEP
    y: float = 0.0
    ports: dict = field(default_factory=dict)

    @property
    def end(self):
        """Where a passage leads, or the box itself (DriverBox)."""
        return self if self.card else self.targets[0].end


@dataclass
class Bundle:
    """The links of one gutter that lead to one side of one target; ``x`` is where they join."""

    target: DriverBox
    sources: list = field(default_factory=list)
    x: float = 0.0


def lay_out(columns, wide=WIDE):
    """Orders and places the boxes of all columns, which are ``wide``.

    Gives where each column begins and ends, and the routes of the lines.
    """
    for box in chain(*columns):
        if box.card:
            beside = sum(target.column == box.column for target in box.targets)
            lines = max(len(box.targets) + 1, 2 * beside + 2)
            box.high = max(box.card.h, room_for(lines), 34)
    _order(columns)
    _set_heights(columns)
    gutters = _bundles(columns)
    for gutter, bundles in enumerate(gutters):
        _set_right_ports(gutter, bundles)
        _set_left_ports(gutter, bundles)
    spans = _set_widths(gutters, wide)
    return spans, [*_routes(gutters, spans), *_passages(columns, spans)]


# --- the order of the boxes


def _order(columns):
    """Sorts each column so that few lines cross.

    By the middle of what its boxes are linked to, now on the one side, now on the other, the best
    of six rounds (Sugiyama's method).
    """
    links = [
        (box, target)
        for box in chain(*columns)
        for target in box.targets
        if box.column == target.column + 1
    ]
    targets, sources = defaultdict(list), defaultdict(list)
    for box, target in links:
        targets[box].append(target)
        sources[target].append(box)
    tried = []
    for sweep in range(7):
        for column in columns:
            column.sort(key=lambda box: box.loose)
        tried.append((_crossings(links, columns), [list(column) for column in columns]))
        linked, way = (targets, columns[1:]) if sweep % 2 == 0 else (sources, columns[-2::-1])
        for column in way:
            _sort(column, linked, _places(columns))
    _, columns[:] = min(tried, key=itemgetter(0))


def _sort(column, linked, places):
    """Sorts a column by the middle of what its boxes are linked to; the others keep their place."""
    column.sort(key=lambda box: _mean([places[other] for other in linked[box]], places[box]))


def _places(columns):
    return {box: place for column in columns for place, box in enumerate(column)}


def _mean(numbers, otherwise):
    return sum(numbers) / len(numbers) if numbers else otherwise


def _crossings(links, columns):
    places = _places(columns)
    ends = sorted((box.column, places[box], places[target]) for box, target in links)
    crossings = 0
    for _, gutter in groupby(ends, key=itemgetter(0)):
        for (_, upper, its_end), (_, lower, other_end) in combinations(gutter, 2):
            crossings += upper < lower and its_end > other_end
    return crossings


# --- heights


def _set_heights(columns):
    """Gives each box the height of its middle.

    Beside what it is linked to where there is room, never nearer than _GAP to the next.
    """
    sources = defaultdict(list)
    for column in columns:
        top = TOP
        for box in column:
            box.y = top + box.high / 2
            top = top + box.high + _GAP
            for target in box.targets:
                sources[target].append(box)
    # To the left, to the right and to the left again: then the places hardly change any more.
    for column in (*columns[-2::-1], *columns[1:], *columns[-2::-1]):
        _set_column(column, sources)
    top = min((box.y - box.high / 2 for box in chain(*columns)), default=TOP)
    for box in chain(*columns):
        box.y -= STEP * ((top - TOP) // STEP)


def _set_column(column, sources):
    wished, weights = [], []
    for box in column:
        linked = [*box.targets, *sources[box]]
        near = [other.y for other in linked if other.column != box.column]
        wished.append(_mean(near, box.y))
        weights.append(1 if near else _UNLINKED)
    distances = []
    for above, below in pairwise(column):
        gap = _APART if below.loose and not above.loose else _GAP
        distances.append(up_to_step((above.high + below.high) / 2 + gap))
    for box, y in zip(column, _apart(wished, distances, weights), strict=True):
        box.y = on_grid(y, box.column)


def _apart(wished, distances, weights):
    """The places nearest to those wished for, in the same order and at least so far apart.

    Weighted isotonic regression, neighbors pooled until all are in order (list of float).
    """
    shifts = list(accumulate(distances, initial=0.0))
    groups = []
    for wish, shift, weight in zip(wished, shifts, weights, strict=True):
        groups.append((wish - shift, weight, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            groups[-2:] = [_pooled(*groups[-2:])]
    placed = [y for y, _, size in groups for _ in range(size)]
    return [y + shift for y, shift in zip(placed, shifts, strict=True)]


def _pooled(upper, lower):
    total = upper[1] + lower[1]
    y = (upper[0] * upper[1] + lower[0] * lower[1]) / total
    return y, total, upper[2] + lower[2]


# --- the lines


def _bundles(columns):
    """The links of each gutter in bundles (list of dict of Bundle, by gutter, target and side)."""
    gutters = [{}, {}, {}]
    for box in chain(*columns):
        for target in box.targets:
            side = "right" if target.column <= box.column else "left"
            gutter = min(target.column, box.column)
            bundle = gutters[gutter].setdefault((gutter, target.key, side), Bundle(target))
            bundle.sources.append(box)
    return gutters


def _set_right_ports(gutter, bundles):
    """Heights for every line on the right of a gutter, in the order of where they lead."""
    beside = defaultdict(list)
    for key, bundle in bundles.items():
        for box in [*bundle.sources, bundle.target]:
            if box.column > gutter:
                other = bundle.sources[0] if box is bundle.target else bundle.target
                beside[box].append((other.y, key))
    for box, lines in beside.items():
        for (_, key), y in zip(sorted(lines), ports(box.y, len(lines)), strict=True):
            box.ports[key] = y


def _set_left_ports(gutter, bundles):
    """Heights for every line on the left of a gutter, where one line goes straight if it can."""
    for key, bundle in bundles.items():
        target = bundle.target
        if target.column == gutter:
            most = target.high / 2 - 6 if target.card else 0
            right = [source.ports[key] for source in bundle.sources if source.column > gutter]
            straight = [y for y in right if abs(y - target.y) <= most]
            nearest = min(straight, key=lambda y: abs(y - target.y), default=target.y)
            target.ports[key] = nearest
    for key, bundle in bundles.items():
        for source in bundle.sources:
            if source.column == gutter:
                taken = [y for (place, *_), y in source.ports.items() if place == gutter]
                source.ports[key] = _free_height(source.y, taken)


def _free_height(middle, taken):
    """The height next to a middle at which no line is (float)."""
    outward = (y for far in count(0, STEP) for y in (middle + far, middle - far))
    return next(y for y in outward if all(abs(y - other) > STEP / 2 for other in taken))


def _set_widths(gutters, wide):
    """Sets where the lines of each bundle join.

    Gives where each column begins and ends (list of float, float).
    """
    spans = [(0, wide[0])]
    for gutter, bundles in enumerate(gutters):
        nets = [_net(gutter, key, bundle) for key, bundle in bundles.items()]
        xs, last = verticals(nets, spans[-1][1] + 20)
        for bundle, x in zip(bundles.values(), xs, strict=True):
            bundle.x = x
        spans.append((last + 20, last + 20 + wide[gutter + 1]))
    return spans


def _net(gutter, key, bundle):
    left, right = [], []
    for box in [bundle.target, *bundle.sources]:
        side = left if box.column == gutter else right
        side.append(box.ports[key])
    return Net(tuple(left), tuple(right))


def _routes(gutters, spans):
    """The lines in the gutters (list of Route)."""
    routes = []
    for gutter, bundles in enumerate(gutters):
        for key, bundle in bundles.items():
            target, x = bundle.target, bundle.x
            end_x, end_y = _border(target, gutter, spans), target.ports[key]
            for source in bundle.sources:
                start_x, start_y = _border(source, gutter, spans), source.ports[key]
                bend = [(x, start_y), (x, end_y)] if start_y != end_y else []
                points = [(start_x, start_y), *bend, (end_x, end_y)]
                routes.append(Route(key, points, target.card is not None, _INK))
    return routes


def _border(box, gutter, spans):
    """Where the lines of a gutter meet a box (float)."""
    return spans[box.column][0 if box.column > gutter else 1]


def _passages(columns, spans):
    """The lines through columns (list of Route)."""
    routes = []
    for box in chain(*columns):
        if box.card is None:
            left, right = spans[box.column]
            routes.append(Route(box.key, [(right, box.y), (left, box.y)], False, _INK))
    return routes

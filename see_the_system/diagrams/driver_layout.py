"""Where the boxes and lines of a driver diagram stand: columns in an order with few crossings, and
a way for every link.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from see_the_system.diagrams import cards, routing

WIDE = (190, 200, 210, 230)
TOP, _GAP, _APART = 44, 14, 34
_INKS = ("#33475b", "#0072B2", "#8c510a", "#01665e")


@dataclass
class Node:
    """A box in a column, empty without an item, or (without a card) the way of a line through one;
    ``targets`` are what it acts on.
    """

    key: tuple
    column: int
    item: object = None
    card: cards.Card = None
    targets: list = field(default_factory=list)
    loose: bool = False
    high: float = routing.STEP
    y: float = 0.0
    ports: dict = field(default_factory=dict)

    @property
    def end(self):
        """Where a way leads, or the box itself (Node)."""
        return self if self.card else self.targets[0].end


def lay_out(columns):
    """Orders and places the nodes of all columns; gives the left edges of the columns and the paths
    of the lines.
    """
    _make_room(columns)
    _order(columns)
    _set_heights(columns)
    gutters = _nets(columns)
    edges = _set_widths(gutters)
    return edges, _paths(columns, gutters, edges)


def _make_room(columns):
    for node in (node for column in columns for node in column if node.card):
        beside = sum(target.column == node.column for target in node.targets)
        node.high = max(
            node.card.h,
            routing.room_for(len(node.targets) + 1),
            routing.room_for(2 * beside + 2),
            34,
        )


def _order(columns):
    """Sorts each column so that few lines cross: by the middle of what its nodes are linked to,
    down and up, the best of six rounds.
    """
    links = [
        (node, target)
        for column in columns
        for node in column
        for target in node.targets
        if node.column == target.column + 1
    ]
    targets, sources = {}, {}
    for node, target in links:
        targets.setdefault(id(node), []).append(target)
        sources.setdefault(id(target), []).append(node)
    best = None
    for sweep in range(7):
        for column in columns:
            column.sort(key=lambda node: node.loose)
        places = {id(node): place for column in columns for place, node in enumerate(column)}
        crossed = _crossings(
            [(node.column, places[id(node)], places[id(target)]) for node, target in links]
        )
        if best is None or crossed < best[0]:
            best = (crossed, [list(column) for column in columns])
        near, way = (targets, columns[1:]) if sweep % 2 == 0 else (sources, columns[-2::-1])
        for column in way:
            places |= {id(node): place for one in columns for place, node in enumerate(one)}
            column.sort(
                key=lambda node: _mean(
                    [places[id(other)] for other in near.get(id(node), [])], places[id(node)]
                )
            )
    columns[:] = best[1]


def _mean(numbers, otherwise):
    return sum(numbers) / len(numbers) if numbers else otherwise


def _crossings(links):
    count = 0
    for gutter in {link[0] for link in links}:
        seen = []
        for _, a, b in sorted(link for link in links if link[0] == gutter):
            count += sum(other > b and first < a for first, other in seen)
            seen.append((a, b))
    return count


def _set_heights(columns):
    """Gives each node the height of its middle: beside what it is linked to where there is room,
    never nearer than _GAP to the next.
    """
    sources = {}
    for column in columns:
        top = TOP
        for node in column:
            node.y, top = top + node.high / 2, top + node.high + _GAP
            for target in node.targets:
                sources.setdefault(id(target), []).append(node)
    for column in (*columns[-2::-1], *columns[1:], *columns[-2::-1]):
        linked = [
            [
                other.y
                for other in (*node.targets, *sources.get(id(node), []))
                if other.column != node.column
            ]
            for node in column
        ]
        wished = [_mean(near, node.y) for near, node in zip(linked, column)]
        far = [
            routing.up_to_step(
                (a.high + b.high) / 2 + (_APART if b.loose and not a.loose else _GAP)
            )
            for a, b in pairwise(column)
        ]
        for node, y in zip(column, _apart(wished, far, [1 if near else 0.05 for near in linked])):
            node.y = routing.on_grid(y, node.column)
    top = min((node.y - node.high / 2 for column in columns for node in column), default=TOP)
    for node in (node for column in columns for node in column):
        node.y -= routing.STEP * ((top - TOP) // routing.STEP)


def _apart(wished, far, weights):
    """The places nearest to those wished for, in the same order and at least so far apart: weighted
    isotonic regression (list of float).
    """
    shifts, groups = [0.0], []
    for step in far:
        shifts.append(shifts[-1] + step)
    for wish, shift, weight in zip(wished, shifts, weights):
        groups.append([wish - shift, weight, 1])
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            y, weight, count = groups.pop()
            total = groups[-1][1] + weight
            groups[-1] = [
                (groups[-1][0] * groups[-1][1] + y * weight) / total,
                total,
                groups[-1][2] + count,
            ]
    placed = [y for y, _, count in groups for _ in range(count)]
    return [y + shift for y, shift in zip(placed, shifts)]


# --- the lines
# --------------------------------------------------------------------------------------------------------------------


def _nets(columns):
    """The links of each gutter, those to one target on one side together (list of dict of target
    and sources).
    """
    gutters = [{}, {}, {}]
    for column in columns:
        for node in column:
            for target in node.targets:
                gutter, side = (
                    (target.column, "right")
                    if target.column <= node.column
                    else (node.column, "left")
                )
                gutters[gutter].setdefault((gutter, target.key, side), (target, []))[1].append(node)
    for gutter, nets in enumerate(gutters):
        _set_ports(gutter, nets)
    return gutters


def _set_ports(gutter, nets):
    """Heights for every line of a gutter: on the right of it first, then on the left, where a lone
    line goes straight if it can.
    """
    beside = {}
    for key, (target, sources) in nets.items():
        for node in [*sources, target]:
            if node.column == gutter + 1:
                beside.setdefault(id(node), (node, []))[1].append(
                    (target.y if node is not target else sources[0].y, key)
                )
    for node, lines in beside.values():
        for (_, key), y in zip(sorted(lines), routing.ports(node.y, len(lines))):
            node.ports[key] = y
    for key, (target, sources) in nets.items():
        if target.column == gutter:
            reach = target.high / 2 - 6 if target.card else 0
            straight = [
                node.ports[key]
                for node in sources
                if node.column > gutter and abs(node.ports[key] - target.y) <= reach
            ]
            target.ports[key] = min(straight, key=lambda y: abs(y - target.y), default=target.y)
    for key, (_, sources) in nets.items():
        for node in (node for node in sources if node.column == gutter):
            taken = [y for (place, *_), y in node.ports.items() if place == gutter]
            node.ports[key] = next(
                y
                for y in _outward(node.y)
                if all(abs(y - other) > routing.STEP / 2 for other in taken)
            )


def _outward(y):
    """Heights around a middle, further and further away."""
    step = 0
    while True:
        yield from (y + step, y - step)
        step += routing.STEP


def _set_widths(gutters):
    """The left edge of each column, and the track of each net written behind its nodes (list of
    float).
    """
    edges = [0]
    for gutter, nets in enumerate(gutters):
        found = routing.tracks(
            [_net(gutter, key, target, sources) for key, (target, sources) in nets.items()]
        )
        count = 1 + max((track for track in found if track is not None), default=0)
        left = edges[-1] + WIDE[gutter] + 20
        for (key, (target, sources)), track in zip(list(nets.items()), found):
            nets[key] = (target, sources, None if track is None else left + routing.TRACK * track)
        edges.append(left + routing.TRACK * (count - 1) + 20)
    return edges


def _net(gutter, key, target, sources):
    nodes = [target, *sources]
    sides = [
        tuple(node.ports[key] for node in nodes if (node.column == gutter) == left)
        for left in (True, False)
    ]
    return routing.Net(*sides)


def _paths(columns, gutters, edges):
    """The lines, each in the color of what it acts on: (net, points, arrow, look)."""
    paths, boxes = [], [[node for node in column if node.card] for column in columns]
    looks = {
        node.key: {"stroke": _INKS[place % len(_INKS)]}
        for column in boxes
        for place, node in enumerate(column)
    }
    for gutter, nets in enumerate(gutters):
        inner, outer = edges[gutter] + WIDE[gutter], edges[gutter + 1]
        for key, (target, sources, x) in nets.items():
            end = (inner if target.column == gutter else outer, target.ports[key])
            for node in sources:
                start = (inner if node.column == gutter else outer, node.ports[key])
                bend = [(x, start[1]), (x, end[1])] if start[1] != end[1] else []
                paths.append(
                    (key, [start, *bend, end], target.card is not None, looks[target.end.key])
                )
    for way in (node for column in columns for node in column if node.card is None):
        left = edges[way.column]
        paths.append(
            (way.key, [(left + WIDE[way.column], way.y), (left, way.y)], False, looks[way.end.key])
        )
    return paths

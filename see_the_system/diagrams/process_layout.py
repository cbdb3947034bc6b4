"""Where the steps and connections of a process map stand: columns by what leads to what, lanes in
rows, a way for every connection.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from see_the_system.diagrams import cards, routing
from see_the_system.pictures import lettering
from see_the_system.pictures.palette import INK

WIDE, HEAD, SLANT = 156, 140, 12
_LABEL = 108


@dataclass
class Spot:
    """A step and its place: lane, row of the whole map, column; ``y`` is the middle of its box."""

    step: object
    lane: int
    column: int = 0
    row: int = 0
    card: cards.Card = None
    lost: cards.Card = None
    high: float = 0.0
    y: float = 0.0
    left: float = 0.0

    def edge(self, y, right):
        """Where the border of the box is at a height (float): a decision's sides are slanted."""
        inward = (
            SLANT * min(1, abs(y - self.y) / (self.high / 2)) if self.step.type == "decision" else 0
        )
        return self.left + (WIDE - inward if right else inward)


@dataclass
class Way:
    """A connection and its way: out at ``out`` from the middle of its source, by a channel or
    straight through a row, in at ``into``.
    """

    connection: object
    source: Spot
    target: Spot
    label: tuple = ()
    channel: object = None
    out: float = 0.0
    into: float = 0.0
    level: float = 0.0
    xs: dict = field(default_factory=dict)


def read_map(theory, map):
    """The lanes of a map, its steps with their columns and rows, its connections, and the lane of
    each row.
    """
    lanes = theory.under(map.id, "lane")
    places = {lane.id: place for place, lane in enumerate(lanes)}
    spots = {step.id: Spot(step, places[step.lane]) for step in theory.steps if step.lane in places}
    ways = [
        Way(one, spots[one.source], spots[one.target])
        for one in theory.connections
        if one.source in spots and one.target in spots
    ]
    _set_columns(list(spots.values()), ways)
    rows = []
    for lane in range(len(lanes)):
        filled = {}
        for spot in (spot for spot in spots.values() if spot.lane == lane):
            spot.row = len(rows) + filled.setdefault(spot.column, 0)
            filled[spot.column] += 1
        rows += [lane] * max(filled.values(), default=1)
    return lanes, list(spots.values()), ways, rows


def lay_out(heads, spots, ways, rows, top):
    """Places what :func:`read_map` gave, from the height ``top`` down; the steps have their cards,
    ``heads`` are those of the lanes.

    Gives the borders of the lanes from above, how far down and right all reaches, and the paths of
    the connections.
    """
    channels = _set_channels(spots, ways)
    _set_ports(spots, ways)
    edges, low = _set_heights(spots, ways, (heads, rows), channels, top)
    return edges, low, _set_widths(spots, ways), _paths(ways)


def _set_columns(spots, ways):
    """Each step one column after the last of those that lead to it; what closes a circle is a loop,
    and does not count.

    A step without any connection stands after the one before it in the team's order.
    """
    before = {
        id(spot): [way.source for way in ways if way.target is spot and way.source is not spot]
        for spot in spots
    }
    connected = {id(spot) for way in ways for spot in (way.source, way.target)}
    for previous, spot in pairwise(spots):
        if id(spot) not in connected:
            before[id(spot)] = [previous]
    placed, left = {}, list(spots)
    while left:
        ready = [spot for spot in left if all(id(one) in placed for one in before[id(spot)])]
        begun = [
            spot
            for spot in left
            if spot.step.type == "start" or any(id(one) in placed for one in before[id(spot)])
        ]
        spot = (ready or begun or left)[0]
        spot.column = placed[id(spot)] = 1 + max(
            (placed[id(one)] for one in before[id(spot)] if id(one) in placed), default=-1
        )
        left = [other for other in left if other is not spot]


def _set_channels(spots, ways):
    """Chooses for each connection whether it runs through a row or along a channel; gives how many
    tracks each channel has (dict).

    Channel ``r`` lies under row ``r``; the channels "above" and "below" all lanes hold the loops.
    """
    cells = {(spot.row, spot.column) for spot in spots}
    rows = 1 + max((spot.row for spot in spots), default=0)
    channels = {}
    for way in sorted(ways, key=lambda way: abs(way.source.column - way.target.column)):
        a, b = way.source, way.target
        if b.column > a.column:
            crossed = (
                range(a.column + (a.row == b.row), b.column) if b.column > a.column + 1 else ()
            )
            if not any((b.row, column) in cells for column in crossed):
                continue
            name = a.row if b.row >= a.row else a.row - 1
        elif a is b:
            name = a.row
        else:
            name = "above" if a.row + b.row < rows else "below"
        low, high = sorted((a.column + 1, b.column))
        tracks = channels.setdefault(name, [])
        track = next(
            (
                place
                for place, taken in enumerate(tracks)
                if all(end < low or start > high for start, end in taken)
            ),
            len(tracks),
        )
        if track == len(tracks):
            tracks.append([])
        tracks[track].append((low, high))
        way.channel = (name, track)
    return {name: len(tracks) for name, tracks in channels.items()}


def _toward(way, one, other):
    """Whether a connection goes up (-1), straight on (0) or down (1) from one of its steps, and how
    far (tuple that sorts from above).
    """
    if way.channel is None:
        return ((other.row > one.row) - (other.row < one.row), other.row)
    name = way.channel[0]
    return {"above": (-1, -1), "below": (1, float("inf"))}.get(
        name, (1 if name == one.row else -1, other.row)
    )


def _set_ports(spots, ways):
    """Sets where connections leave and enter the steps, from the middle of the box, and how high
    the boxes must be for that.

    Leaving lines stand on whole steps of the grid and entering lines between, but for one that
    comes straight: so none lies in another.
    """
    for way in ways:
        way.label = (
            lettering.block(cards.flat(way.connection.text), 11, _LABEL)
            if way.connection.text.strip()
            else ([], 0, 0)
        )
    reach = {}
    for spot in spots:
        leaving = sorted(
            (way for way in ways if way.source is spot),
            key=lambda way: (*_toward(way, spot, way.target), way.target.column),
        )
        reach[id(spot)] = _set_exits(leaving)
    for spot in spots:
        entering = sorted(
            (way for way in ways if way.target is spot),
            key=lambda way: _toward(way, spot, way.source),
        )
        straight = next(
            (
                way
                for way in entering
                if way.channel is None and way.source.row == spot.row and way.out == 0
            ),
            None,
        )
        higher = [
            way for way in entering if _toward(way, spot, way.source) < (0,) and way is not straight
        ]
        lower = [way for way in entering if way is not straight and way not in higher]
        for place, way in enumerate(reversed(higher)):
            way.into = -routing.STEP * (place + (1.5 if straight else 0.5))
        for place, way in enumerate(lower):
            way.into = routing.STEP * (place + (1.5 if straight else 0.5))
        far = max(*reach[id(spot)], routing.STEP * (max(len(higher), len(lower)) + bool(straight)))
        spot.high = 2 * routing.up_to_step(max(spot.card.h / 2, far + 6, 17))


def _set_exits(leaving):
    """Sets where lines leave a box, each with room for its label above it; gives how far they reach
    up and down (float, float).
    """
    if not leaving:
        return 0, 0
    middle = next(
        (
            place
            for place, way in enumerate(leaving)
            if _toward(way, way.source, way.target)[0] == 0
        ),
        len(leaving) // 2,
    )
    room = [routing.up_to_step(max(way.label[2] + 4, 1)) for way in leaving]
    for place, way in enumerate(leaving):
        way.out = sum(room[middle + 1 : place + 1]) - sum(room[place + 1 : middle + 1])
    return room[0] - leaving[0].out, leaving[-1].out


def _set_heights(spots, ways, lanes, channels, top):
    """Sets the heights of boxes and channels; gives the borders of the lanes, from above, and how
    far down all reaches.
    """
    y = top + routing.TRACK * channels.get("above", 0) + 6 * ("above" in channels)
    levels, edges = {"above": top}, [y]
    for place, head in enumerate(lanes[0]):
        for row in (row for row, of in enumerate(lanes[1]) if of == place):
            beside = [spot for spot in spots if spot.row == row]
            middle = routing.up_to_step(
                y + 14 + max((spot.high / 2 for spot in beside), default=16)
            )
            for spot in beside:
                spot.y = middle
            y = middle + max(
                (spot.high / 2 + (spot.lost.h + 6 if spot.lost else 0) for spot in beside),
                default=16,
            )
            levels[row] = y + routing.TRACK
            y += routing.TRACK * channels.get(row, 0) + 14
        y = max(y, edges[-1] + head.h)
        edges.append(y)
    levels["below"] = y + routing.TRACK
    for way in ways:
        if way.channel:
            way.level = levels[way.channel[0]] + routing.TRACK * way.channel[1]
    return edges, y + routing.TRACK * channels.get("below", 0)


def _set_widths(spots, ways):
    """Sets the left edges of boxes and the verticals of connections, gutter by gutter; gives how
    far right all reaches (float).
    """
    left = HEAD
    for gutter in range(2 + max((spot.column for spot in spots), default=0)):
        labels = [way.label[1] for way in ways if way.source.column == gutter - 1 and way.label[1]]
        nets = [(way, net) for way in ways if (net := _net(way, gutter))]
        found = routing.tracks([net for _, net in nets])
        left += 14 + (max(labels) + 8 if labels else 0)
        for (way, _), track in zip(nets, found):
            way.xs[gutter] = left + routing.TRACK * (track or 0)
        left += routing.TRACK * max((track for track in found if track is not None), default=0) + (
            20 if nets else 6
        )
        for spot in spots:
            if spot.column == gutter:
                spot.left = left
        left += WIDE if any(spot.column == gutter for spot in spots) else 0
    return left


def _net(way, gutter):
    """What a connection joins in a gutter (Net), or None: gutter c is left of column c."""
    leaves, enters = way.source.column + 1 == gutter, way.target.column == gutter
    out, into = way.source.y + way.out, way.target.y + way.into
    if way.channel is None:
        return routing.Net((out,), (into,)) if leaves else None
    if leaves and way.target.column > way.source.column:
        return routing.Net((out,), (way.level,))
    if leaves:
        return routing.Net((out, way.level), ())
    if enters:
        return (
            routing.Net((way.level,), (into,))
            if way.target.column > way.source.column
            else routing.Net((), (way.level, into))
        )
    return None


def _paths(ways):
    paths = []
    for way in ways:
        out, into = way.source.y + way.out, way.target.y + way.into
        first, last = way.xs[way.source.column + 1], way.xs.get(way.target.column)
        start, end = (way.source.edge(out, True), out), (way.target.edge(into, False), into)
        bends = [(first, out), (first, into)] if out != into else []
        if way.channel:
            bends = [(first, out), (first, way.level), (last, way.level), (last, into)]
        paths.append((way.connection.id, [start, *bends, end], True, {"stroke": INK}))
    return paths

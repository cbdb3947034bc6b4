"""Where the steps and connections of a process map stand, and the way of every connection."""

from collections import Counter
from math import inf

from see_the_system.diagrams.diagram import one_line
from see_the_system.diagrams.process_grid import WIDE
from see_the_system.diagrams.routing import STEP, TRACK, Net, Route, up_to_step, verticals
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import INK

HEAD = 140  # the width of what stands at the left of the lanes
_LABEL = 108


def lay_out(heads, places, ways, rows, top):
    """Places what ``read_map`` gave, from the height ``top`` down.

    The steps have their cards; ``heads`` are the cards of the lanes. Gives the borders of the lanes
    from above, how far down and right all reaches, and the routes of the connections.
    """
    channels = _set_channels(places, ways)
    _set_ports(places, ways)
    borders, low = _set_heights(places, ways, heads, rows, channels, top)
    return borders, low, _set_widths(places, ways), _routes(ways)


# --- channels


def _set_channels(places, ways):
    """Chooses for each connection whether it runs through a row or along a channel.

    Channel ``r`` lies under row ``r``; the channels "above" and "below" all lanes hold the loops.
    Gives how many tracks each channel has (Counter).
    """
    filled = {(place.row, place.column) for place in places}
    rows = 1 + max((place.row for place in places), default=0)
    channels = {}
    # The shortest first, so that they lie next to the steps and long ones around them.
    for way in sorted(ways, key=lambda way: abs(way.source.column - way.target.column)):
        name = _channel(way, filled, rows)
        if name is not None:
            ends = sorted((way.source.column + 1, way.target.column))
            way.channel = (name, _take_track(channels.setdefault(name, []), *ends))
    return Counter({name: len(tracks) for name, tracks in channels.items()})


def _channel(way, filled, rows):
    """The channel that a connection needs, None where the row of its target is free."""
    source, target = way.source, way.target
    if source is target:
        return source.row
    if way.is_loop:
        return "above" if source.row + target.row < rows else "below"
    first = source.column + (source.row == target.row)
    crossed = range(first, target.column) if target.column > source.column + 1 else ()
    if not any((target.row, column) in filled for column in crossed):
        return None
    return source.row if target.row >= source.row else source.row - 1


def _take_track(tracks, low, high):
    """The first track of a channel that is free from one gutter to another, now taken (int)."""
    for number, taken in enumerate(tracks):
        if all(end < low or start > high for start, end in taken):
            taken.append((low, high))
            return number
    tracks.append([(low, high)])
    return len(tracks) - 1


# --- where connections leave and enter


def _set_ports(places, ways):
    """Sets where connections leave and enter the steps, and how high the boxes must be for that.

    Leaving lines stand on whole steps of the grid and entering lines between, but for one that
    comes straight: so none lies in another.
    """
    for way in ways:
        text = way.connection.text
        way.label = lettering.block(one_line(text), 11, _LABEL) if text.strip() else ([], 0, 0)
    # Which line comes straight is known once all lines have left.
    exits = [_set_exits(place, ways) for place in places]
    for place, far in zip(places, exits, strict=True):
        far = max(far, _set_entries(place, ways))
        place.high = 2 * up_to_step(max(place.card.h / 2, far + 6, 17))


def _set_exits(place, ways):
    """Sets where lines leave a box, each with room for its label above it.

    Gives how far they reach from its middle (float).
    """
    leaving = sorted(
        (way for way in ways if way.source is place),
        key=lambda way: (*_direction(way, place, way.target), way.target.column),
    )
    if not leaving:
        return 0
    straight = [n for n, way in enumerate(leaving) if _direction(way, place, way.target)[0] == 0]
    middle = straight[0] if straight else len(leaving) // 2
    room = [up_to_step(max(way.label[2] + 4, 1)) for way in leaving]
    for number, way in enumerate(leaving):
        way.out = sum(room[middle + 1 : number + 1]) - sum(room[number + 1 : middle + 1])
    return max(room[0] - leaving[0].out, leaving[-1].out)


def _set_entries(place, ways):
    """Sets where lines enter a box; gives how far they reach from its middle (float)."""
    entering = sorted(
        (way for way in ways if way.target is place),
        key=lambda way: _direction(way, place, way.source),
    )
    straight = [
        way
        for way in entering
        if way.channel is None and way.source.row == place.row and way.out == 0
    ][:1]
    bent = [way for way in entering if way not in straight]
    above = [way for way in bent if _direction(way, place, way.source)[0] < 0]
    below = [way for way in bent if way not in above]
    nearest = 1.5 if straight else 0.5
    for number, way in enumerate(reversed(above)):
        way.into = -STEP * (number + nearest)
    for number, way in enumerate(below):
        way.into = STEP * (number + nearest)
    return STEP * (max(len(above), len(below)) + len(straight))


def _direction(way, place, other):
    """Where a connection runs, seen from one of its steps (tuple that sorts from above).

    First -1 for up, 0 for straight on, 1 for down; then how far.
    """
    if way.channel is None:
        return (other.row > place.row) - (other.row < place.row), other.row
    name, _ = way.channel
    if name == "above":
        return -1, -1
    if name == "below":
        return 1, inf
    return (1 if name == place.row else -1), other.row


# --- heights and widths


def _set_heights(places, ways, heads, rows, channels, top):
    """Sets the heights of boxes and channels.

    Gives the borders of the lanes, from above, and how far down all reaches.
    """
    y = top + TRACK * channels["above"] + 6 * ("above" in channels)
    levels, borders = {"above": top}, [y]
    for lane, head in enumerate(heads):
        for row in (row for row, its_lane in enumerate(rows) if its_lane == lane):
            y = _set_row([place for place in places if place.row == row], y)
            levels[row] = y + TRACK
            y += TRACK * channels[row] + 14
        y = max(y, borders[-1] + head.h)
        borders.append(y)
    levels["below"] = y + TRACK
    for way in ways:
        if way.channel:
            name, track = way.channel
            way.level = levels[name] + TRACK * track
    return borders, y + TRACK * channels["below"]


def _set_row(beside, y):
    """Sets the middle of a row's boxes, the row from ``y`` down; gives where it ends (float)."""
    half = max((place.high / 2 for place in beside), default=16)
    middle = up_to_step(y + 14 + half)
    lows = [16]
    for place in beside:
        place.y = middle
        lows.append(place.high / 2 + (place.lost.h + 6 if place.lost else 0))
    return middle + max(lows)


def _set_widths(places, ways):
    """Sets the left edges of boxes and the verticals of connections, gutter by gutter.

    Gives how far right all reaches (float).
    """
    left = HEAD
    for gutter in range(2 + max((place.column for place in places), default=0)):
        labels = [way.label[1] for way in ways if way.source.column == gutter - 1]
        broadest = max(labels, default=0)
        left += 14 + (broadest + 8 if broadest else 0)
        nets = {way: _net(way, gutter) for way in ways}
        nets = {way: net for way, net in nets.items() if net}
        xs, last = verticals(nets.values(), left)
        for way, x in zip(nets, xs, strict=True):
            way.xs[gutter] = x
        left = last + (20 if nets else 6)
        column = [place for place in places if place.column == gutter]
        for place in column:
            place.left = left
        left += WIDE if column else 0
    return left


def _net(way, gutter):
    """What a connection joins in a gutter (Net), or None: gutter c is left of column c."""
    leaves = way.source.column + 1 == gutter
    out, into = way.heights
    if way.channel is None:
        return Net((out,), (into,)) if leaves else None
    if leaves:
        return Net((out, way.level), ()) if way.is_loop else Net((out,), (way.level,))
    if way.target.column == gutter:
        return Net((), (way.level, into)) if way.is_loop else Net((way.level,), (into,))
    return None


def _routes(ways):
    routes = []
    for way in ways:
        out, into = way.heights
        x, last = way.xs[way.source.column + 1], way.xs.get(way.target.column)
        bends = [(x, out), (x, into)] if out != into else []
        if way.channel:
            bends = [(x, out), (x, way.level), (last, way.level), (last, into)]
        start = (way.source.edge(out, right=True), out)
        end = (way.target.edge(into, right=False), into)
        routes.append(Route(way.connection.id, [start, *bends, end], True, {"stroke": INK}))
    return routes

"""The ways of a process map's connections: through which channels, and where at their steps."""

from collections import Counter
from math import inf

from see_the_system.diagrams.diagram import one_line
from see_the_system.diagrams.process_grid import Channel, set_rows
from see_the_system.diagrams.routing import STEP, up_to_step
from see_the_system.pictures import lettering

_LABEL = 108


def fold(places, ways, lane_count, starts):
    """Puts the columns into bands that begin at ``starts``, and the connections into channels.

    Gives the rows from above, and how many tracks each channel has (list of LaneRow, Counter).
    """
    for place in places:
        place.band = sum(start <= place.column for start in starts) - 1
    rows = set_rows(places, lane_count, len(starts))
    return rows, _set_channels(places, ways, rows)


# --- channels


def _set_channels(places, ways, rows):
    """Chooses for each connection whether it runs straight or along channels.

    Gives how many tracks each channel has (Counter).
    """
    filled = {(place.row, place.column) for place in places}
    taken = {}
    passing = []
    # The shortest first, so that they lie next to the steps and long ones around them.
    for way in sorted(ways, key=lambda way: abs(way.source.column - way.target.column)):
        way.margin_track = None
        columns = sorted((way.source.column + 1, way.target.column))
        # Where a line between bands begins and ends is not known yet: it has a track alone.
        ends = columns if way.source.band == way.target.band else (-inf, inf)
        way.tracks = [
            (channel, _take_track(taken.setdefault(channel, []), *ends))
            for channel in _channels(way, filled, rows)
        ]
        if len(way.tracks) > 1:
            corridors = sorted(channel.number for channel, _ in way.tracks)
            way.margin_track = _take_track(passing, *corridors)
    return Counter({channel: len(tracks) for channel, tracks in taken.items()})


def _channels(way, filled, rows):
    """The channels that a connection needs, in its order; none where its way is free (list)."""
    source, target = way.source, way.target
    if source is target:
        return [Channel(source.row)]
    if source.band != target.band:
        down = target.band > source.band
        leaves, enters = source.band + down, target.band + (not down)
        return [Channel(number, 1) for number in dict.fromkeys((leaves, enters))]
    if way.is_loop:
        numbers = [number for number, row in enumerate(rows) if row.band == source.band]
        above = source.row + target.row <= numbers[0] + numbers[-1]
        return [Channel(source.band, 2) if above else Channel(source.band + 1, 0)]
    first = source.column + (source.row == target.row)
    crossed = range(first, target.column) if target.column > source.column + 1 else ()
    if not any((target.row, column) in filled for column in crossed):
        return []
    return [Channel(source.row if target.row >= source.row else source.row - 1)]


def _take_track(tracks, low, high):
    """The first track of a channel that is free from one gutter to another, now taken (int)."""
    for number, taken in enumerate(tracks):
        if all(end < low or start > high for start, end in taken):
            taken.append((low, high))
            return number
    tracks.append([(low, high)])
    return len(tracks) - 1


# --- where connections leave and enter


def set_labels(ways):
    """Breaks the words on the connections into lines."""
    for way in ways:
        text = way.connection.text
        way.label = lettering.block(one_line(text), 11, _LABEL) if text.strip() else ([], 0, 0)


def set_ports(places, ways):
    """Sets where connections leave and enter the steps, and how high the boxes must be for that.

    Leaving lines stand on whole steps of the grid and entering lines between, but for one that
    comes straight: so none lies in another.
    """
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
        way for way in entering if not way.tracks and way.source.row == place.row and way.out == 0
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
    if not way.tracks:
        return (other.row > place.row) - (other.row < place.row), other.row
    channel, _ = way.tracks[0 if place is way.source else -1]
    if not channel.is_corridor:
        return (1 if channel.number == place.row else -1), other.row
    return (1, inf) if channel.number > place.band else (-1, -1)

"""A process map as a grid: its steps in lanes and columns, the columns in rows as wide as a page.

Columns follow what leads to what. The columns of a long process stand in bands, one under the
other, as words stand in lines; each band has the lanes that act in it.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import NamedTuple

from see_the_system.diagrams.diagram import Card, one_line
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


WIDE, SLANT = 150, 12  # of a step's box; how far a decision's sides come in above and below


@dataclass(eq=False)
class StepPlace:
    """A step and its place: lane, column, band of columns, row of the whole map.

    ``y`` is the middle of its box.
    """

    step: object
    lane: int
    column: int = 0
    band: int = 0
    row: int = 0
    card: Card = None
    lost: Card = None
    high: float = 0.0
    y: float = 0.0
    left: float = 0.0

    def edge(self, y, right):
        """Where the border of the box is at a height (float): a decision's sides are slanted."""
        inward = 0
        if self.step.type == "decision":
            inward = SLANT * min(1, abs(y - self.y) / (self.high / 2))
        return self.left + (WIDE - inward if right else inward)


class Channel(NamedTuple):
    """A strip that lines run along: under a row, or in the corridor above a band.

    Of a corridor's three parts the first holds what loops back under the band above it, the second
    what goes from band to band, the third what loops back over the band below it.
    """

    number: int
    part: int | None = None

    @property
    def is_corridor(self):
        return self.part is not None


@dataclass(eq=False)
class Way:
    """A connection and its way: straight through a row, by a channel, or by two.

    It goes out at ``out`` from the middle of its source and in at ``into`` from the middle of its
    target. ``tracks`` are its channels with the number of its track in each, ``levels`` the heights
    of these; ``leaving`` and ``entering`` are where its verticals stand beside source and target.
    One that passes a band has a vertical at the right of all bands too: its track there, and where
    it stands.
    """

    connection: object
    source: StepPlace
    target: StepPlace
    label: tuple = ()
    tracks: list = field(default_factory=list)
    out: float = 0.0
    into: float = 0.0
    levels: list = field(default_factory=list)
    leaving: float = 0.0
    entering: float = 0.0
    margin_track: int | None = None
    margin: float = 0.0

    @property
    def is_loop(self):
        """Whether it leads back, or to the column that it comes from (bool)."""
        return self.target.column <= self.source.column

    @property
    def heights(self):
        """Where it leaves its source and where it enters its target (float, float)."""
        return self.source.y + self.out, self.target.y + self.into


class LaneRow(NamedTuple):
    """A row of steps: the band and the lane that it lies in."""

    band: int
    lane: int


def read_map(theory, process):
    """What stands in a process map, its steps already in columns.

    The lanes, the steps, and the connections (list of Lane, of StepPlace, of Way).
    """
    lanes = theory.under(process.id, "lane")
    numbers = {lane.id: number for number, lane in enumerate(lanes)}
    steps = [step for step in theory.steps if step.lane in numbers]
    places = {step.id: StepPlace(step, numbers[step.lane]) for step in steps}
    ways = [
        Way(connection, places[connection.source], places[connection.target])
        for connection in theory.connections
        if connection.source in places and connection.target in places
    ]
    places = list(places.values())
    _set_columns(places, ways)
    return lanes, places, ways


# --- bands and rows


def filled_bands(spans, room):
    """The columns at which bands begin when each holds what its room allows (list of int).

    spans: how much room each column takes. A column that is wider than the room stands alone.
    """
    starts, taken = [0], 0
    for column, span in enumerate(spans):
        if taken and taken + span > room:
            starts.append(column)
            taken = 0
        taken += span
    return starts


def even_bands(spans, room):
    """The same number of bands, as evenly filled as they can be (list of int)."""
    starts = filled_bands(spans, room)
    while len(starts) < len(spans):
        room -= 8
        tighter = filled_bands(spans, room)
        if len(tighter) > len(starts):
            break
        starts = tighter
    return starts


def set_rows(places, lane_count, band_count):
    """Puts steps of one lane and column below each other; gives the rows (list of LaneRow).

    A lane without any steps in the map stands in the first band.
    """
    acting = {place.lane for place in places}
    rows = []
    for band in range(band_count):
        for lane in range(lane_count):
            here = [place for place in places if (place.band, place.lane) == (band, lane)]
            filled = Counter()
            for place in here:
                place.row = len(rows) + filled[place.column]
                filled[place.column] += 1
            least = int(band == 0 and lane not in acting)
            rows += [LaneRow(band, lane)] * max(filled.values(), default=least)
    return rows


# --- columns


def _set_columns(places, ways):
    """Each step one column after the last of those that lead to it.

    What closes a circle is a loop, and does not count. A step without any connection stands after
    the one before it in the team's order.
    """
    before = {place: [] for place in places}
    for way in ways:
        if way.source is not way.target:
            before[way.target].append(way.source)
    connected = {place for way in ways for place in (way.source, way.target)}
    for previous, place in pairwise(places):
        if place not in connected:
            before[place] = [previous]
    placed, left = set(), list(places)
    while left:
        place = _next(left, before, placed)
        columns = [other.column for other in before[place] if other in placed]
        place.column = 1 + max(columns, default=-1)
        placed.add(place)
        left.remove(place)


def _next(left, before, placed):
    """The step to be placed next: one that waits for none, or one at which a circle is entered."""
    for place in left:
        if placed.issuperset(before[place]):
            return place
    for place in left:
        if place.step.type == "start" or placed.intersection(before[place]):
            return place
    return left[0]

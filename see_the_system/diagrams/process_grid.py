"""A process map as a grid: its steps in lanes and columns, the columns in rows as wide as a page.

Columns follow what leads to what. The columns of a long process stand in bands, one under the
other, as words stand in lines; each band has the lanes that act in it.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from see_the_system.diagrams.diagram import Card

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

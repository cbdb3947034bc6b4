"""A process map as a grid: its steps in lanes, rows and columns, and the connections between them.

Columns follow what leads to what.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from see_the_system.diagrams.diagram import Card

WIDE, SLANT = 156, 12  # of a step's box; how far a decision's sides come in above and below


@dataclass(eq=False)
class StepPlace:
    """A step and its place: lane, row of the whole map, column; ``y`` is the middle of its box."""

    step: object
    lane: int
    column: int = 0
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


@dataclass(eq=False)
class Way:
    """A connection and its way, by a channel or straight through a row.

    It goes out at ``out`` from the middle of its source and in at ``into`` from the middle of its
    target; ``channel`` is a channel's name and a track in it, ``level`` the height of that track,
    ``xs`` where its vertical stands in each gutter.
    """

    connection: object
    source: StepPlace
    target: StepPlace
    label: tuple = ()
    channel: tuple | None = None
    out: float = 0.0
    into: float = 0.0
    level: float = 0.0
    xs: dict = field(default_factory=dict)

    @property
    def is_loop(self):
        """Whether it leads back, or to the column that it comes from (bool)."""
        return self.target.column <= self.source.column

    @property
    def heights(self):
        """Where it leaves its source and where it enters its target (float, float)."""
        return self.source.y + self.out, self.target.y + self.into


def read_map(theory, process):
    """What stands in a process map, its steps already in rows and columns.

    The lanes, the steps, the connections, and the number of the lane that each row lies in (list of
    Lane, of StepPlace, of Way, of int).
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
    return lanes, places, ways, _set_rows(places, len(lanes))


def _set_rows(places, lane_count):
    """Puts steps of one lane and column below each other; gives the lane of each row (list)."""
    rows = []
    for lane in range(lane_count):
        filled = Counter()
        for place in places:
            if place.lane == lane:
                place.row = len(rows) + filled[place.column]
                filled[place.column] += 1
        rows += [lane] * max(filled.values(), default=1)
    return rows


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

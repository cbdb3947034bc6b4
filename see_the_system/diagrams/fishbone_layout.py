"""Where everything of a fishbone stands: columns, causes in them, ribs that meet the spine.

Columns are as wide as their texts need for ribs of one length, so that the whole has the shape of
letter paper on its side. On a screen, which is broader than high, the causes of a long rib may
stand in two ranks, before it and behind it.
"""

from collections import Counter
from functools import lru_cache
from itertools import accumulate
from math import ceil, inf
from typing import NamedTuple

from see_the_system.diagrams.shapes import Box
from see_the_system.messages import counted
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import INK, QUIET
from see_the_system.theory.evidence import GRADES, grades

SIZE, HEADING = 12, 13
INDENT, SIGN = 18, 16  # a cause under its cause, a text after its mark
GAP, PAD = 18, 20  # between blocks, at both ends of a rib
BADGE = Box(0, 0, 18, 16)  # the room of the mark of a cause that is about a part of the gap
_ROW = 8
_WIDTHS = (130, 150, 170, 190, 210, 240, 270, 310, 350, 400, 460)
_LONG = 6  # causes that meet a rib: of more, some may stand behind it
_LETTER = (970, 690)  # what letter paper on its side holds
NO_NAME, NO_WORDS = "No name yet", "No words yet"
TINT = "#e9eef3"  # behind what heads a fishbone's category or a chain of whys


class Look(NamedTuple):
    """The mark of a grade; dash, weight and colour of its line; the colour of its text."""

    sign: str
    dash: str
    weight: float
    stroke: str
    color: str


LOOKS = {
    "hunch": Look("open", "1.5 4", 1.5, QUIET, INK),
    "heard": Look("half", "7 4", 1.5, QUIET, INK),
    "seen in data": Look("full", "", 2, INK, INK),
    "ruled out": Look("cross", "", 0.75, QUIET, QUIET),
}


def count_grades(grades):
    """How many there are of each grade (text).

    >>> count_grades(["hunch", "heard", "hunch"])
    '2 hunches, 1 heard'
    """
    counts = Counter(grades)
    return ", ".join(
        counted(counts[grade], grade, "hunches" if grade == "hunch" else grade)
        for grade in GRADES
        if counts[grade]
    )


class Twig(NamedTuple):
    """One cause to be drawn, ``depth`` causes below one that meets its category's rib.

    ``dots``: how many it was given; ``note`` says them, and whether the team chose to act here;
    ``part`` is the letter of the part of the gap that it is about, where it is about one.
    """

    item: str
    text: str
    depth: int
    grade: str
    dots: int
    note: str
    part: str


class Bone(NamedTuple):
    """One category with the causes under it, a list of twigs for each cause that meets the rib."""

    item: str
    text: str
    blocks: list

    @property
    def twigs(self):
        """All its causes, from above (list of Twig)."""
        return [twig for block in self.blocks for twig in block]


def read_bones(theory, parts):
    """The categories of a theory with their causes (list of Bone).

    parts: the letter of the part of the gap that a cause is about, by cause id.
    """
    grade_of = grades(theory)
    votes = Counter()
    for vote in theory.votes:
        votes[vote.on] += vote.dots
    bones = []
    for category in theory.categories:
        blocks = []
        for cause, depth in causes_under(theory, category):
            dots = votes[cause.id]
            notes = [counted(dots, "dot")] if dots else []
            notes += ["place to act"] if cause.leverage else []
            note = " · ".join(notes)
            part = parts.get(cause.id, "")
            twig = Twig(cause.id, cause.text, depth, grade_of[cause.id], dots, note, part)
            if depth == 0:
                blocks.append([])
            blocks[-1].append(twig)
        bones.append(Bone(category.id, category.text, blocks))
    return bones


def causes_under(theory, category):
    """The causes under a category, each followed by those under it (generator of Cause, depth).

    A list of what is ahead, in place of calls within calls: a chain may be a thousand causes deep.
    """
    ahead = [(cause, 0) for cause in reversed(theory.under(category.id, "cause"))]
    while ahead:
        cause, depth = ahead.pop()
        yield cause, depth
        ahead += [(under, depth + 1) for under in reversed(theory.under(cause.id, "cause"))]


class PlacedTwig(NamedTuple):
    """One cause laid out from its block's top left.

    Where its text begins, the line under it, the right end of its text, the width to wrap it at.
    """

    twig: Twig
    top: float
    bottom: float
    right: float
    most: float


class PlacedBlock(NamedTuple):
    """A cause that meets the rib, with all under it, and the room that they take."""

    rows: list
    w: float
    h: float


class Column(NamedTuple):
    """One category laid out.

    Its heading's size and the width to wrap it at, its blocks in one rank before the rib or in two,
    the second behind it; the height they need.
    """

    bone: Bone
    heading: Box
    most: float
    ranks: list
    h: float


class Rib(NamedTuple):
    """A rib: where it meets the spine, and how far it leans for each unit of height."""

    base: float
    slope: float

    def at(self, y):
        """Where it is at a height above or below the spine (float)."""
        return self.base - self.slope * abs(y)


class HalfFishbone(NamedTuple):
    """The columns above the spine, or those below, their ribs, and how high the ribs are."""

    columns: list
    ribs: list
    h: float


class _Estimate(NamedTuple):
    """About how high a bone's causes stand at a width, in how many ranks, how far across."""

    w: float
    h: float
    ranks: int
    across: float


def lay_out(bones, width, lean):
    """The half above the spine and the half below it (two of HalfFishbone).

    width, lean: as ``plot_fishbone``. The last ribs of both halves meet the spine at one place; the
    shorter half is spread to the longer one.
    """
    columns = _columns(bones, width)
    halves = columns[0::2], columns[1::2]
    heights = [max((max(column.h, 90) for column in half), default=0) for half in halves]
    slope = lean * min(1, 300 / max(1, *heights))
    close = [_bases(half, slope, high) for half, high in zip(halves, heights, strict=True)]
    last = max([80.0, *(bases[-1] for bases in close if bases)])
    found = []
    for half, high, bases in zip(halves, heights, close, strict=True):
        apart = (last - bases[-1]) / len(bases) if bases else 0
        ribs = [Rib(base + apart * place, slope) for place, base in enumerate(bases, 1)]
        found.append(HalfFishbone(half, ribs, high))
    return found


def _bases(columns, slope, high):
    """Where the ribs of one half meet the spine when they stand close, from the left (list)."""
    bases = []
    base = slope * high
    for column in columns:
        blocks = [block.w + slope * block.h + 2 * GAP for block in column.ranks[0]]
        base += max([column.heading.w + GAP, *blocks])
        bases.append(base)
        base += reach_behind(column, slope)
    return bases


def reach_behind(column, slope):
    """How far behind its rib the causes of a column reach (float), 0 where none stands there."""
    behind = column.ranks[1] if len(column.ranks) > 1 else []
    return max((block.w + slope * block.h + GAP for block in behind), default=0)


# --- how wide the columns are


def _columns(bones, width):
    """Every bone laid out at the width that gives the whole the best shape (list of Column).

    For each height that a column could have, every column is as narrow as keeps to that height; of
    these ways, the one is taken that fits best.
    """
    if not bones:
        return []
    tables = [_estimates(sizes, on_screen=width is not None) for sizes in map(_sizes, bones)]
    heights = {estimate.h for table in tables for estimate in table}
    ways = [[_narrowest(table, high) for table in tables] for high in sorted(heights)]
    best = max(ways, key=lambda way: _fit(way, width))
    return [_column(bone, estimate) for bone, estimate in zip(bones, best, strict=True)]


def _sizes(bone):
    """Where each twig of a bone begins, how long its text is, and its line of notes (lists)."""
    # Lines are never filled to their end: about a sixteenth more than the text is long.
    return [
        [(_start(twig), 1.06 * _length(twig.text), bool(twig.note or twig.part)) for twig in block]
        for block in bone.blocks
    ]


def _estimates(sizes, on_screen):
    """The ways in which a bone could be laid out, from the narrowest to the lowest (list)."""
    if on_screen and not sizes:
        return [_Estimate(_WIDTHS[0], 40, 1, 130)]  # no more room than its name needs
    found = [_estimate(sizes, wide, 1) for wide in _WIDTHS]
    if not on_screen or len(sizes) <= _LONG:
        return found
    found += [_estimate(sizes, wide, 2) for wide in _WIDTHS]
    found.sort(key=lambda estimate: (estimate.across, estimate.h))
    lowest = accumulate((estimate.h for estimate in found), min, initial=inf)
    return [estimate for estimate, low in zip(found, lowest, strict=False) if estimate.h < low]


def _estimate(sizes, width, ranks):
    wide = max([width, *(start + 100 for block in sizes for start, _, _ in block)])
    blocks = []
    for block in sizes:
        lines = sum(max(1, ceil(long / (wide - start))) + note for start, long, note in block)
        blocks.append(lines * SIZE * lettering.LINE + len(block) * (_ROW + 3))
    high = max(map(_height, _in_ranks(blocks, blocks, ranks)))
    across = ranks * (wide + 2 * GAP + 0.2 * max(blocks, default=0))
    return _Estimate(wide, max(high, 40), ranks, across)


def _height(blocks):
    return sum(blocks) + GAP * (len(blocks) + 1)


def _in_ranks(blocks, heights, ranks):
    """Blocks in their order in so many ranks, as even as they get, the first no lower (lists)."""
    if ranks == 1:
        return [blocks]
    whole = sum(heights) + GAP * len(heights)
    so_far = accumulate(high + GAP for high in heights)
    first = next(number for number, high in enumerate(so_far, 1) if 2 * high >= whole)
    return [blocks[:first], blocks[first:]]


@lru_cache(maxsize=20_000)
def _length(text):
    """About how long a text is on one line; a line end in it costs room."""
    return lettering.width(text.replace("\n", " "), SIZE) + 60 * text.count("\n")


def _start(twig):
    """Where a cause's text begins in its column (int)."""
    return twig.depth * INDENT + SIGN


def _narrowest(table, high):
    return next((estimate for estimate in table if estimate.h <= high), table[-1])


def _fit(way, width):
    """How well columns fit the width or, where that is None, letter paper (tuple that sorts)."""
    halves = way[0::2], way[1::2]
    across = [sum(column.across for column in half) for half in halves]
    wide = 260 + max(across)  # with the head
    high = 90 + sum(max((column.h for column in half), default=0) for half in halves)
    if width is None:
        return min(_LETTER[0] / wide, _LETTER[1] / high), -high
    return min(width / wide, 1), -high


# --- what stands in a column


def _column(bone, estimate):
    most = min(estimate.w, 210)
    _, w, h = lettering.block(bone.text or NO_NAME, HEADING, most, bold=True)
    blocks = [_block(block, estimate.w) for block in bone.blocks]
    ranks = _in_ranks(blocks, [block.h for block in blocks], estimate.ranks)
    high = max(height_of(rank) for rank in ranks)
    return Column(bone, Box(0, 0, w + 20, h + 12), most, ranks, high)


def height_of(rank):
    """The height that the blocks of a rank need, with room at both ends (float)."""
    return sum(block.h for block in rank) + GAP * max(len(rank) - 1, 0) + 2 * PAD


def _block(twigs, width):
    rows = []
    top = broadest = 0
    for twig in twigs:
        x = _start(twig)
        _, w, h = lettering.block(twig.text or NO_WORDS, SIZE, width - x)
        if twig.note or twig.part:
            inset = BADGE.w + 6 if twig.part else 0
            w = max(w, inset + lettering.width(twig.note, SIZE, bold=True))
            h += SIZE * lettering.LINE
        bottom = top + h + 3
        rows.append(PlacedTwig(twig, top, bottom, x + w, width - x))
        broadest = max(broadest, x + w)
        top = bottom + _ROW
    return PlacedBlock(rows, broadest, top - _ROW)

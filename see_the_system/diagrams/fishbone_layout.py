"""Where everything of a fishbone stands: columns, causes in them, ribs that meet the spine.

Columns are as wide as their texts need for ribs of one length, so that the whole has the shape of
letter paper on its side.
"""

from functools import lru_cache
from math import ceil
from typing import NamedTuple

from see_the_system.diagrams.bones import Bone, Twig
from see_the_system.diagrams.shapes import Box
from see_the_system.pictures import lettering

SIZE, HEADING = 12, 13
INDENT, SIGN = 18, 16  # a cause under its cause, a text after its mark
GAP, PAD = 18, 20  # between blocks, at both ends of a rib
_ROW = 8
_WIDTHS = (190, 210, 240, 270, 310, 350, 400, 460)
_LETTER = (970, 690)  # what letter paper on its side holds
NO_NAME, NO_WORDS = "No name yet", "No words yet"


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

    Its heading's size and the width to wrap it at, its blocks, the height they need.
    """

    bone: Bone
    heading: Box
    most: float
    blocks: list
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
    """About how high a bone's causes stand at a width, and its highest block."""

    w: float
    h: float
    tallest: float


def lay_out(bones, width):
    """The half above the spine and the half below it (two of HalfFishbone).

    width: as ``plot_fishbone``. The last ribs of both halves meet the spine at one place; the
    shorter half is spread to the longer one.
    """
    columns = _columns(bones, width)
    halves = columns[0::2], columns[1::2]
    heights = [max((max(column.h, 90) for column in half), default=0) for half in halves]
    slope = min(0.3, 90 / max(1, *heights))
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
        blocks = [block.w + slope * block.h + 2 * GAP for block in column.blocks]
        base += max([column.heading.w + GAP, *blocks])
        bases.append(base)
    return bases


# --- how wide the columns are


def _columns(bones, width):
    """Every bone laid out at the width that gives the whole the best shape (list of Column).

    For each height that a column could have, every column is as narrow as keeps to that height; of
    these ways, the one is taken that fits best.
    """
    if not bones:
        return []
    tables = [[_estimate(bone, wide) for wide in _WIDTHS] for bone in bones]
    heights = {estimate.h for table in tables for estimate in table}
    ways = [[_narrowest(table, high) for table in tables] for high in sorted(heights)]
    best = max(ways, key=lambda way: _fit(way, width))
    return [_column(bone, estimate.w) for bone, estimate in zip(bones, best, strict=True)]


def _estimate(bone, width):
    wide = max([width, *(_start(twig) + 110 for twig in bone.twigs)])
    blocks = []
    for block in bone.blocks:
        lines = 0
        for twig in block:
            # Lines are never filled to their end: about a sixteenth more than the text is long.
            lines += max(1, ceil(_length(twig.text) * 1.06 / (wide - _start(twig))))
            lines += bool(twig.note)
        blocks.append(lines * SIZE * lettering.LINE + len(block) * (_ROW + 3))
    high = sum(blocks) + GAP * (len(blocks) + 1)
    return _Estimate(wide, max(high, 40), max(blocks, default=0))


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
    across = [sum(column.w + 2 * GAP + 0.2 * column.tallest for column in half) for half in halves]
    wide = 260 + max(across)  # with the head
    high = 90 + sum(max((column.h for column in half), default=0) for half in halves)
    if width is None:
        return min(_LETTER[0] / wide, _LETTER[1] / high), -high
    return min(width / wide, 1), -high


# --- what stands in a column


def _column(bone, width):
    most = min(width, 210)
    _, w, h = lettering.block(bone.text or NO_NAME, HEADING, most, bold=True)
    blocks = [_block(block, width) for block in bone.blocks]
    high = sum(block.h for block in blocks) + GAP * max(len(blocks) - 1, 0) + 2 * PAD
    return Column(bone, Box(0, 0, w + 20, h + 12), most, blocks, high)


def _block(twigs, width):
    rows = []
    top = broadest = 0
    for twig in twigs:
        x = _start(twig)
        _, w, h = lettering.block(twig.text or NO_WORDS, SIZE, width - x)
        if twig.note:
            _, noted, more = lettering.block(twig.note, SIZE, width - x, bold=True)
            w = max(w, noted)
            h += more
        bottom = top + h + 3
        rows.append(PlacedTwig(twig, top, bottom, x + w, width - x))
        broadest = max(broadest, x + w)
        top = bottom + _ROW
    return PlacedBlock(rows, broadest, top - _ROW)

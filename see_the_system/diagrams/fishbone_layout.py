"""Where everything of a fishbone stands: how wide each category's column is, how its causes are
stacked, where the ribs meet the spine.

Columns are as wide as their texts need for ribs of one length, so that the whole has the shape of
letter paper on its side.
"""

from math import ceil
from typing import NamedTuple

from see_the_system.diagrams.shapes import Box
from see_the_system.pictures import lettering
from see_the_system.theory.evidence import grades
from see_the_system.theory.kinds import Category, Cause

SIZE, HEADING = 12, 13
INDENT, SIGN, GAP, PAD = (
    18,
    16,
    18,
    20,
)  # a cause under its cause, a text after its mark, between blocks, at both ends of a rib
_ROW = 8
_WIDTHS = (190, 210, 240, 270, 310, 350, 400, 460)
_LETTER = (970, 690)
NO_NAME, NO_WORDS = "No name yet", "No words yet"


class Twig(NamedTuple):
    """One cause to be drawn: how deep it stands under its category, and its note of votes and
    share.
    """

    cause: Cause
    depth: int
    grade: str
    note: str
    long: float


class Bone(NamedTuple):
    """One category with the causes under it, a list of twigs for each cause that meets the rib."""

    category: Category
    blocks: list


class Placed(NamedTuple):
    """One block laid out: its rows (twig, top, line under it, right end, width to wrap at) from its
    own top left, its width and height.
    """

    rows: list
    w: float
    h: float


def bones_of(theory, shares):
    """The categories of a theory with their causes, each with its grade, votes and share (list of
    ``Bone``).
    """
    grade, votes = grades(theory), votes_of(theory)
    bones = []
    for category in theory.categories:
        blocks, ahead = [], [(cause, 0) for cause in theory.under(category.id, "cause")][::-1]
        while ahead:
            cause, depth = ahead.pop()
            blocks += [[]] if depth == 0 else []
            note = " · ".join(
                filter(
                    None,
                    [
                        many(votes.get(cause.id, 0), "vote", "votes") * (cause.id in votes),
                        shares.get(cause.id, ""),
                    ],
                )
            )
            long = lettering.width(cause.text.replace("\n", " "), SIZE) + 60 * cause.text.count(
                "\n"
            )
            blocks[-1].append(Twig(cause, depth, grade[cause.id], note, long))
            ahead += [(under, depth + 1) for under in reversed(theory.under(cause.id, "cause"))]
        bones.append(Bone(category, blocks))
    return bones


def votes_of(theory):
    """The dots that each thing got (dict by id)."""
    votes = {}
    for vote in theory.votes:
        votes[vote.on] = votes.get(vote.on, 0) + vote.dots
    return votes


def many(number, one, several):
    """A number with its noun (text)."""
    return f"{number} {one if number == 1 else several}"


class Column(NamedTuple):
    """One category laid out: its heading's size and the width to wrap it at, its blocks, the height
    they need.
    """

    bone: Bone
    heading: Box
    most: float
    blocks: list
    h: float


class Side(NamedTuple):
    """The columns above the spine, or those below, where their ribs meet it, and how high the ribs
    are.
    """

    columns: list
    bases: list
    h: float


def lay_out(bones, width):
    """The side above the spine and the side below it, and how far the ribs lean for each unit of
    height (``Side``, ``Side``, float).

    width: as ``plot_fishbone``; the last ribs of both sides meet the spine at one place, the
    shorter side is spread to the longer one.
    """
    columns = _columns(bones, width)
    halves = [
        (side, max((max(column.h, 90) for column in side), default=0))
        for side in (columns[0::2], columns[1::2])
    ]
    slope = min(0.3, 90 / max(1, *(h for _, h in halves)))
    ends = [_ribs(side, slope, h) for side, h in halves]
    last = max([80.0, *(bases[-1] for bases in ends if bases)])
    spread = [
        [base + (last - bases[-1]) / len(bases) * place for place, base in enumerate(bases, 1)]
        for bases in ends
    ]
    above, below = (Side(side, bases, h) for (side, h), bases in zip(halves, spread))
    return above, below, slope


def _columns(bones, width):
    """Every bone laid out at the width that gives the whole the best shape (list of Column)."""
    tables = [[_estimate(bone, w) for w in _WIDTHS] for bone in bones]
    best = None
    for goal in sorted({high for table in tables for high, _ in table}):
        picks = [
            next((n for n, (high, _) in enumerate(table) if high <= goal), len(_WIDTHS) - 1)
            for table in tables
        ]
        wide, high = 260.0, 90.0
        sides = [
            [
                (table[n], _least(bone, _WIDTHS[n]))
                for table, n, bone in list(zip(tables, picks, bones))[start::2]
            ]
            for start in (0, 1)
        ]
        wide += max(sum(w + 2 * GAP + 0.2 * tall for (_, tall), w in side) for side in sides)
        high += sum(max((high for (high, _), _ in side), default=0) for side in sides)
        fit = (
            (min(_LETTER[0] / wide, _LETTER[1] / high), -high)
            if width is None
            else (min(width / wide, 1), -high)
        )
        if best is None or fit > best[0]:
            best = (fit, picks)
    return [_column(bone, _WIDTHS[n]) for bone, n in zip(bones, best[1])] if best else []


def _least(bone, width):
    return max(
        [width, *(twig.depth * INDENT + SIGN + 110 for block in bone.blocks for twig in block)]
    )


def _estimate(bone, width):
    """About how high a bone's causes stand at a width, and its highest block (float, float)."""
    width, blocks = _least(bone, width), [0.0]
    for block in bone.blocks:
        lines = sum(
            max(1, ceil(twig.long * 1.06 / (width - twig.depth * INDENT - SIGN))) + bool(twig.note)
            for twig in block
        )
        blocks.append(lines * SIZE * lettering.LINE + len(block) * (_ROW + 3))
    return max(sum(blocks) + GAP * len(blocks), 40), max(blocks)


def _column(bone, width):
    width = _least(bone, width)
    most = min(width, 210)
    _, w, h = lettering.block(bone.category.text or NO_NAME, HEADING, most, bold=True)
    blocks = [_block(block, width) for block in bone.blocks]
    return Column(
        bone,
        Box(0, 0, w + 20, h + 12),
        most,
        blocks,
        sum(block.h for block in blocks) + GAP * max(len(blocks) - 1, 0) + 2 * PAD,
    )


def _block(twigs, width):
    rows, y, right = [], 0.0, 0.0
    for twig in twigs:
        x = twig.depth * INDENT + SIGN
        _, w, h = lettering.block(twig.cause.text or NO_WORDS, SIZE, width - x)
        if twig.note:
            _, noted, more = lettering.block(twig.note, SIZE, width - x, bold=True)
            w, h = max(w, noted), h + more
        rows.append((twig, y, y + h + 3, x + w, width - x))
        y, right = y + h + 3 + _ROW, max(right, x + w)
    return Placed(rows, right, y - _ROW)


def _ribs(columns, slope, high):
    """Where the ribs of one side meet the spine when they stand close, from left to right (list of
    float).
    """
    bases, base = [], slope * high
    for column in columns:
        base += max(
            [
                column.heading.w + GAP,
                *(block.w + slope * block.h + 2 * GAP for block in column.blocks),
            ]
        )
        bases.append(base)
    return bases

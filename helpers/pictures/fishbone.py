"""The fishbone: what may cause a problem, by category, every cause with its grade of evidence, its votes and its share of the gap.

Form after Ishikawa (1968): a spine to the problem, a rib for each category, causes that meet their rib, causes under causes on twigs of
their own. Columns are as wide as their texts need for ribs of one length, so that the whole has the shape of letter paper on its side.
"""

from math import ceil
from typing import NamedTuple

from helpers.pictures import lettering
from helpers.pictures.diagram import Box, Diagram
from helpers.pictures.drawing import FOCUS, INK, QUIET
from helpers.theory.evidence import GRADES, grades
from helpers.theory.kinds import Cause, Category

# How each grade is drawn: mark, line style, weight and colour of the line, colour of the text.
LOOKS = {
    "hunch": ("open", "1.5 4", 1.5, QUIET, INK),
    "heard": ("half", "7 4", 1.5, QUIET, INK),
    "seen in data": ("full", "", 2, INK, INK),
    "ruled out": ("cross", "", 0.75, QUIET, QUIET),
}
SIZE, HEADING, HEAD = 12, 13, 15
TINT = "#e9eef3"
_WIDTHS = (190, 210, 240, 270, 310, 350, 400, 460)
_INDENT, _SIGN, _ROW, _GAP, _PAD = 18, 16, 8, 18, 20
_LETTER = (970, 690)


class Twig(NamedTuple):
    """One cause to be drawn: how deep it stands under its category, and its note of votes and share."""

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
    """One block laid out: its rows (twig, top, line under it, right end, width to wrap at) from its own top left, its width and height."""

    rows: list
    w: float
    h: float


def plot_fishbone(theory, *, shares=None, width=None):
    """The fishbone of a theory (``Diagram``).

    shares: what part of the gap a cause is measured to make, in words by cause id, as ``{"cause-1": "38% of the gap"}``.
    width: the width to keep to where the text allows, in CSS pixels; letter paper on its side where None.
    """
    bones = _bones(theory, shares or {})
    diagram = Diagram(name=_name(theory), words=describe_fishbone(theory))
    _outline(diagram, theory, bones)
    sides = _sides(_columns(bones, width))
    slope = min(0.3, 90 / max(1, *(side.h for side in sides)))
    ends = [_ribs(side, slope) for side in sides]
    last = max([80.0 if bones else 330.0, *(side[-1] for side in ends if side)])
    for side, bases, up in zip(sides, ends, (True, False)):
        spread = (last - bases[-1]) / len(bases) if bases else 0
        for place, (column, base) in enumerate(zip(side.columns, bases), 1):
            _draw_bone(diagram, column, base + spread * place, side.h, slope, up)
    first = min([last, *(shape.points[-1][0] for shape in diagram.shapes if getattr(shape, "weight", 0) == 2.5)])
    if not bones:
        first = 60.0
        diagram.text(40, -28, "Categories and causes will stand along this line.", italic=True, color=QUIET)
    _draw_spine(diagram, first - 44, last + 34)
    _draw_head(diagram, theory, last + 34, sides)
    return diagram


def describe_fishbone(theory):
    """What the fishbone holds, in sentences: causes and categories, how many of each grade, the cause with most votes (text)."""
    shown = [twig for bone in _bones(theory, {}) for block in bone.blocks for twig in block]
    named = _many(len(theory.categories), "category", "categories")
    if not shown:
        return "No cause is named yet." if not theory.categories else f"{named} named, and no cause yet."
    count = {grade: sum(twig.grade == grade for twig in shown) for grade in GRADES}
    count = {("hunches" if grade == "hunch" and n > 1 else grade): n for grade, n in count.items() if n}
    words = f"{_many(len(shown), 'cause', 'causes')} in {named}: {', '.join(f'{n} {grade}' for grade, n in count.items())}."
    votes = _votes(theory)
    most = max(votes.values(), default=0)
    first = [_line(twig.cause.text) or "a cause without words" for twig in shown if votes.get(twig.cause.id) == most]
    if most:
        words += f" Most votes ({most}): “{'”, “'.join(first[:3])}”{' and others' if len(first) > 3 else ''}."
    return words


# --- what is to be drawn --------------------------------------------------------------------------------------------------------------


def _name(theory):
    return "Fishbone: " + (theory.charter.team or "causes of the problem")


def _votes(theory):
    votes = {}
    for vote in theory.votes:
        votes[vote.on] = votes.get(vote.on, 0) + vote.dots
    return votes


def _many(number, one, several):
    return f"{number} {one if number == 1 else several}"


def _line(text):
    return " ".join(text.split())


def _bones(theory, shares):
    grade, votes = grades(theory), _votes(theory)
    bones = []
    for category in theory.categories:
        blocks, ahead = [], [(cause, 0) for cause in theory.under(category.id, "cause")][::-1]
        while ahead:
            cause, depth = ahead.pop()
            blocks += [[]] if depth == 0 else []
            note = " · ".join(
                filter(None, [_many(votes.get(cause.id, 0), "vote", "votes") * (cause.id in votes), shares.get(cause.id, "")])
            )
            long = lettering.width(cause.text.replace("\n", " "), SIZE) + 60 * cause.text.count("\n")
            blocks[-1].append(Twig(cause, depth, grade[cause.id], note, long))
            ahead += [(under, depth + 1) for under in reversed(theory.under(cause.id, "cause"))]
        bones.append(Bone(category, blocks))
    return bones


def _outline(diagram, theory, bones):
    diagram.say(0, "Problem: " + (_line(theory.problem.text) or "not written yet"))
    for bone in bones:
        diagram.say(1, _line(bone.category.text) or "Category without a name")
        for twig in (twig for block in bone.blocks for twig in block):
            diagram.say(
                2 + twig.depth, f"{_line(twig.cause.text) or 'Cause without words'} ({'; '.join(filter(None, [twig.grade, twig.note]))})"
            )


# --- how wide and how long ------------------------------------------------------------------------------------------------------------


class Column(NamedTuple):
    """One category laid out: its heading's size and the width to wrap it at, its blocks, the height they need."""

    bone: Bone
    heading: Box
    most: float
    blocks: list
    h: float


class Side(NamedTuple):
    """The columns above the spine, or those below, and the length of their ribs in height."""

    columns: list
    h: float


def _columns(bones, width):
    """Every bone laid out at the width that gives the whole the best shape (list of Column)."""
    tables = [[_estimate(bone, w) for w in _WIDTHS] for bone in bones]
    best = None
    for goal in sorted({high for table in tables for high, _ in table}):
        picks = [next((n for n, (high, _) in enumerate(table) if high <= goal), len(_WIDTHS) - 1) for table in tables]
        wide, high = 260.0, 90.0
        sides = [[(table[n], _least(bone, _WIDTHS[n])) for table, n, bone in list(zip(tables, picks, bones))[start::2]] for start in (0, 1)]
        wide += max(sum(w + 2 * _GAP + 0.2 * tall for (_, tall), w in side) for side in sides)
        high += sum(max((high for (high, _), _ in side), default=0) for side in sides)
        fit = (min(_LETTER[0] / wide, _LETTER[1] / high), -high) if width is None else (min(width / wide, 1), -high)
        if best is None or fit > best[0]:
            best = (fit, picks)
    return [_column(bone, _WIDTHS[n]) for bone, n in zip(bones, best[1])] if best else []


def _least(bone, width):
    return max([width, *(twig.depth * _INDENT + _SIGN + 110 for block in bone.blocks for twig in block)])


def _estimate(bone, width):
    """About how high a bone's causes stand at a width, and its highest block (float, float)."""
    width, blocks = _least(bone, width), [0.0]
    for block in bone.blocks:
        lines = sum(max(1, ceil(twig.long * 1.06 / (width - twig.depth * _INDENT - _SIGN))) + bool(twig.note) for twig in block)
        blocks.append(lines * SIZE * lettering.LINE + len(block) * (_ROW + 3))
    return max(sum(blocks) + _GAP * len(blocks), 40), max(blocks)


def _column(bone, width):
    width = _least(bone, width)
    most = min(width, 210)
    _, w, h = lettering.block(bone.category.text or "No name yet", HEADING, most, bold=True)
    blocks = [_block(block, width) for block in bone.blocks]
    return Column(
        bone, Box(0, 0, w + 20, h + 12), most, blocks, sum(block.h for block in blocks) + _GAP * max(len(blocks) - 1, 0) + 2 * _PAD
    )


def _block(twigs, width):
    rows, y, right = [], 0.0, 0.0
    for twig in twigs:
        x = twig.depth * _INDENT + _SIGN
        _, w, h = lettering.block(twig.cause.text or "No words yet", SIZE, width - x)
        if twig.note:
            _, noted, more = lettering.block(twig.note, SIZE, width - x, bold=True)
            w, h = max(w, noted), h + more
        rows.append((twig, y, y + h + 3, x + w, width - x))
        y, right = y + h + 3 + _ROW, max(right, x + w)
    return Placed(rows, right, y - _ROW)


def _sides(columns):
    return [Side(side, max((max(column.h, 90) for column in side), default=0)) for side in (columns[0::2], columns[1::2])]


def _ribs(side, slope):
    """Where the ribs of one side meet the spine, from left to right (list of float)."""
    bases, base = [], slope * side.h
    for column in side.columns:
        base += max([column.heading.w + _GAP, *(block.w + slope * block.h + 2 * _GAP for block in column.blocks)])
        bases.append(base)
    return bases


# --- drawing --------------------------------------------------------------------------------------------------------------------------


def _draw_bone(diagram, column, base, high, slope, up):
    end = -high if up else high
    diagram.line((base - slope * high, end), (base, 0), weight=2.5)
    text, w, h = column.bone.category.text or "No name yet", column.heading.w, column.heading.h
    place = Box(base - slope * high + 26 - w, end - h if up else end, w, h)
    diagram.frame(place, fill=TINT, stroke=QUIET)
    diagram.text(
        place.x + w / 2, place.y + 6, text, most=column.most, size=HEADING, bold=True, anchor="middle", item=column.bone.category.id
    )
    loose = (high - column.h) / (len(column.blocks) + 1)
    y = (-high if up else 0) + _PAD + loose
    for block in column.blocks:
        x = base - slope * max(abs(y), abs(y + block.h)) - _GAP - block.w
        _draw_block(diagram, block, x, y, lambda at: base - slope * abs(at))
        y += block.h + _GAP + loose


def _draw_block(diagram, block, x, y, rib):
    stems = {}
    for twig, top, bottom, right, most in block.rows:
        sign, dash, weight, stroke, color = LOOKS[twig.grade]
        left = x + twig.depth * _INDENT
        diagram.mark(left + 5, y + top + SIZE * lettering.LINE / 2 + 0.5, sign, color=color)
        said = diagram.text(
            left + _SIGN, y + top, twig.cause.text or "No words yet", most=most, color=color if twig.cause.text else QUIET,
            italic=not twig.cause.text, item=twig.cause.id, struck=twig.grade == "ruled out",
        )  # fmt: skip
        if twig.note:
            diagram.text(left + _SIGN, said.bottom, twig.note, most=most, color=FOCUS["color"], bold=True, item=twig.cause.id)
        start = left if twig.depth == 0 else left - _INDENT + 5
        diagram.line(
            (start, y + bottom),
            (rib(y + bottom) if twig.depth == 0 else x + right, y + bottom),
            stroke=stroke,
            weight=weight if twig.depth == 0 else weight * 0.75,
            dash=dash,
        )
        stems[twig.depth] = y + bottom
        if twig.depth:
            diagram.line((start, stems[twig.depth - 1]), (start, y + bottom), stroke=QUIET, weight=1)


def _draw_spine(diagram, start, end):
    for side in (-1, 1):
        diagram.line((start - 14, side * 12), (start, 0), weight=2.5)
    diagram.line((start, 0), (end, 0), weight=4)


def _draw_head(diagram, theory, x, sides):
    text = theory.problem.text or "Problem not written yet"
    wide = next((w for w in (210, 250, 290, 340) if lettering.block(text, HEAD, w, bold=True)[2] <= w), 420)
    _, w, h = lettering.block(text, HEAD, wide, bold=True)
    place = diagram.frame(Box(x, -h / 2 - 14, w + 32, h + 28), stroke=INK, weight=2.5, radius=8)
    written = bool(theory.problem.text)
    diagram.text(place.x + 16, place.y + 14, text, most=wide, size=HEAD, bold=True, color=INK if written else QUIET, item="problem")
    used = {twig.grade for side in sides for column in side.columns for block in column.bone.blocks for twig in block}
    shown = [grade for grade in GRADES if grade in used]
    y = max(place.bottom + 28, sides[1].h - 22 * len(shown))
    for grade in shown:
        sign, dash, weight, stroke, color = LOOKS[grade]
        diagram.mark(x + 5, y + 8, sign, color=color)
        diagram.line((x + 18, y + 8), (x + 58, y + 8), stroke=stroke, weight=weight, dash=dash)
        diagram.text(x + 68, y, grade, color=color, struck=grade == "ruled out")
        y += 22

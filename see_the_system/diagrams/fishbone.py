"""The fishbone: what may cause a problem, by category, every cause with what speaks for it.

Ishikawa's form: a spine to the problem, a rib for each category, causes that meet their rib, causes
under causes on twigs of their own. Each cause shows its grade of evidence and its dots. A measured
part of the gap is said once, beside the picture: it tells where the gap is seen and not what makes
it, so the causes that are about it carry its letter and no number.
"""

from functools import partial
from itertools import chain
from typing import NamedTuple

from see_the_system.diagrams.cutting import letter
from see_the_system.diagrams.diagram import Diagram, one_line
from see_the_system.diagrams.fishbone_layout import (
    BADGE,
    GAP,
    HEADING,
    INDENT,
    LOOKS,
    NO_NAME,
    NO_WORDS,
    PAD,
    SIGN,
    SIZE,
    TINT,
    causes_under,
    count_grades,
    height_of,
    lay_out,
    reach_behind,
    read_bones,
)
from see_the_system.diagrams.shapes import Box
from see_the_system.messages import counted
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import FOCUS, INK, QUIET
from see_the_system.theory.model import theory_of

HEAD = 15
_SEEN = "Where the gap is seen, not why"
_ABOUT = (
    "A cause with this letter is about this part of the gap. How much of it comes from the cause, "
    "nobody has measured."
)
_STEEP = 0.12  # the lean of ribs where a page or a screen must hold them
_NOTHING = "Categories and causes will stand along this line."


def plot_fishbone(theory, *, shares=None, width=None, lean=0.3):
    """The fishbone of a theory (``Diagram``).

    shares: the part of the gap that a cause is about, in words by cause id, as ``{"cause-1": "38%
    of the gap stands between schools"}``. width: the width to keep to where the text allows, in CSS
    pixels; letter paper on its side where None. lean: how far ribs lean at most, for each unit of
    their height.
    """
    theory = theory_of(theory)
    parts = _parts_of(theory, shares or {})
    letters = {cause: mark for mark, part in parts.items() for cause in part.causes}
    bones = read_bones(theory, letters)
    name = "Fishbone: " + one_line(theory.charter.team, "causes of the problem")
    diagram = Diagram(name, " ".join([_describe(bones), *_describe_parts(parts)]))
    _outline(diagram, theory.problem.text, bones, parts)
    diagram.redraw = partial(plot_fishbone, theory, shares=shares, lean=_STEEP)
    above, below = lay_out(bones, width, lean)
    for half, up in ((above, True), (below, False)):
        for column, rib in zip(half.columns, half.ribs, strict=True):
            _draw_bone(diagram, column, rib, half.h, up)
    bases = [rib.base for rib in (*above.ribs, *below.ribs)] or [60.0, 330.0]
    if not bones:
        diagram.text(40, -28, _NOTHING, italic=True, color=QUIET)
    halves = (above, below) if bones else ()
    reaches = [
        rib.base + reach_behind(column, rib.slope)
        for half in halves
        for column, rib in zip(half.columns, half.ribs, strict=True)
    ]
    neck = max([*bases, *reaches]) + 34
    tail = min(bases) - 44
    _draw_spine(diagram, tail, neck)
    start = (tail - 24, 0) if bones else (22, -18)
    diagram.plus(*start, "category", "Add a category")
    head = _draw_head(diagram, theory.problem.text, neck)
    _draw_parts(diagram, parts, head, -above.h)
    used = {twig.grade for bone in bones for twig in bone.twigs}
    _draw_legend(diagram, head.x, max(head.bottom + 28, below.h - 22 * len(used)), used)
    if width and lean > _STEEP and diagram.extent().w > width:
        return plot_fishbone(theory, shares=shares, width=width, lean=_STEEP)
    return diagram


def describe_fishbone(theory):
    """What the fishbone holds, in sentences (text).

    Causes and categories, how many of each grade, the cause with most dots.
    """
    return _describe(read_bones(theory, {}))


def _describe(bones):
    twigs = [twig for bone in bones for twig in bone.twigs]
    categories = counted(len(bones), "category", "categories")
    if not bones:
        return "No cause is named yet."
    if not twigs:
        return f"{categories} named, and no cause yet."
    causes, graded = counted(len(twigs), "cause"), count_grades(twig.grade for twig in twigs)
    sentence = f"{causes} in {categories}: {graded}."
    most = max(twig.dots for twig in twigs)
    if not most:
        return sentence
    leading = [one_line(twig.text, "a cause without words") for twig in twigs if twig.dots == most]
    names = "”, “".join(leading[:3])
    others = " and others" if len(leading) > 3 else ""
    return f"{sentence} Most dots ({most}): “{names}”{others}."


def _outline(diagram, problem, bones, parts):
    diagram.say(0, "Problem: " + one_line(problem, "not written yet"), "problem")
    for bone in bones:
        diagram.say(1, one_line(bone.text, "Category without a name"), bone.item)
        for twig in bone.twigs:
            text = one_line(twig.text, "Cause without words")
            about = f"about part {twig.part} of the gap" if twig.part else ""
            support = "; ".join(filter(None, [twig.grade, twig.note, about]))
            diagram.say(2 + twig.depth, f"{text} ({support})", twig.item)
    _outline_parts(diagram, parts)


# --- drawing


def _draw_bone(diagram, column, rib, high, up):
    """A rib with the name of its category at its end and its causes along it."""
    end = -high if up else high
    tip = rib.at(end)
    diagram.line((tip, end), (rib.base, 0), weight=2.5)
    _, _, w, h = column.heading
    place = Box(tip + 26 - w, end - h if up else end, w, h)
    diagram.frame(place, fill=TINT, stroke=QUIET)
    x, _ = place.middle
    look = {"size": HEADING, "bold": True, "anchor": "middle", "item": column.bone.item}
    diagram.text(x, place.y + 6, column.bone.text or NO_NAME, most=column.most, **look)
    for rank, is_behind in zip(column.ranks, (False, True), strict=False):
        loose = (high - height_of(rank)) / (len(rank) + 1)
        y = min(end, 0) + PAD + loose
        for block in rank:
            ends = sorted((abs(y), abs(y + block.h)))
            x = rib.at(ends[0]) + GAP if is_behind else rib.at(ends[1]) - GAP - block.w
            _draw_block(diagram, block, x, y, rib)
            y += block.h + GAP + loose
    name = one_line(column.bone.text, "this category")
    y = max(end, 0) - 12
    x = rib.at(y) + (20 if len(column.ranks) > 1 else -20)  # where the next one would stand
    diagram.plus(x, y, "cause", f"Add a cause to {name}", parent=column.bone.item)


def _draw_block(diagram, block, x, y, rib):
    """A cause with all under it from its upper left corner, its line out to the rib."""
    lines_above = {}  # the height of the last line at each depth, where a stem may begin
    for row in block.rows:
        depth, look = row.twig.depth, LOOKS[row.twig.grade]
        left, bottom = x + depth * INDENT, y + row.bottom
        _draw_twig(diagram, row, left, y + row.top)
        if depth == 0:
            meets = rib.at(bottom)
            ends = ((left, bottom) if meets > left else (x + row.right, bottom), (meets, bottom))
            diagram.line(*ends, stroke=look.stroke, weight=look.weight, dash=look.dash)
        else:
            stem = left - INDENT + 5
            ends = ((stem, bottom), (x + row.right, bottom))
            diagram.line(*ends, stroke=look.stroke, weight=look.weight * 0.75, dash=look.dash)
            diagram.line((stem, lines_above[depth - 1]), (stem, bottom), stroke=QUIET, weight=1)
        lines_above[depth] = bottom


def _draw_twig(diagram, row, left, y):
    """The mark, the text and the note of a cause."""
    twig, look = row.twig, LOOKS[row.twig.grade]
    diagram.mark(left + 5, y + SIZE * lettering.LINE / 2 + 0.5, look.sign, color=look.color)
    place = diagram.text(
        left + SIGN,
        y,
        twig.text or NO_WORDS,
        most=row.most,
        color=look.color if twig.text else QUIET,
        italic=not twig.text,
        item=twig.item,
        struck=twig.grade == "ruled out",
    )
    x = left + SIGN
    if twig.part:
        x = _draw_badge(diagram, twig.part, x, place.bottom, twig.item).right + 6
    if twig.note:
        look = {"color": FOCUS["color"], "bold": True, "item": twig.item}
        diagram.text(x, place.bottom, twig.note, **look)


def _draw_spine(diagram, start, end):
    for side in (-1, 1):
        diagram.line((start - 14, side * 12), (start, 0), weight=2.5)
    diagram.line((start, 0), (end, 0), weight=4)


def _draw_head(diagram, problem, x):
    """The problem in its box, about as broad as it is high; gives its place (Box)."""
    text = problem or "Problem not written yet"
    for most in (210, 250, 290, 340, 420):
        _, w, h = lettering.block(text, HEAD, most, bold=True)
        if h <= most:
            break
    place = diagram.frame(Box(x, -h / 2 - 14, w + 32, h + 28), stroke=INK, weight=2.5, radius=8)
    look = {"size": HEAD, "bold": True, "color": INK if problem else QUIET, "item": "problem"}
    diagram.text(place.x + 16, place.y + 14, text, most=most, **look)
    return place


def _draw_legend(diagram, x, y, used):
    for grade, (sign, dash, weight, stroke, color) in LOOKS.items():
        if grade in used:
            diagram.mark(x + 5, y + 8, sign, color=color)
            diagram.line((x + 18, y + 8), (x + 58, y + 8), stroke=stroke, weight=weight, dash=dash)
            diagram.text(x + 68, y, grade, color=color, struck=grade == "ruled out")
            y += 22


# --- parts of the gap


class GapPart(NamedTuple):
    """A part of the gap that the data show: what it is, and the ids of the causes about it."""

    text: str
    causes: list


def _parts_of(theory, shares):
    """The parts of the gap that causes are about, each once, by letter (dict of GapPart).

    They are lettered in the order in which the causes are read.
    """
    found = {}
    causes = [causes_under(theory, category) for category in theory.categories]
    for cause, _ in chain.from_iterable(causes):
        text = one_line(shares.get(cause.id, ""), "")
        if text:
            found.setdefault(text, []).append(cause.id)
    # Small letters: the large ones join the pages of paper.
    return {letter(n).lower(): GapPart(*part) for n, part in enumerate(found.items())}


def _describe_parts(parts):
    """A sentence for each part of the gap (generator of text)."""
    for mark, part in parts.items():
        about = counted(len(part.causes), "cause is", "causes are")
        yield f"{part.text}: where it is seen, not why; {about} about this part ({mark})."


def _outline_parts(diagram, parts):
    """Adds the parts to the outline."""
    if parts:
        diagram.say(0, _SEEN)
    for mark, part in parts.items():
        diagram.say(1, f"Part {mark}: {part.text}")


def _draw_badge(diagram, mark, x, y, item=""):
    """The letter of a part of the gap in a small box; gives its place (Box)."""
    place = diagram.frame(Box(x, y + 1, BADGE.w, BADGE.h), stroke=QUIET, weight=1, radius=2)
    diagram.text(x + BADGE.w / 2, y + 0.5, mark, anchor="middle", item=item)
    return place


def _draw_parts(diagram, parts, head, top):
    """Says each part of the gap once, above the problem, and what a letter at a cause means."""
    if not parts:
        return
    most = max(head.w, 240)
    inset = BADGE.w + 8
    heights = [lettering.block(part.text, SIZE, most - inset)[2] + 4 for part in parts.values()]
    _, _, title = lettering.block(_SEEN, SIZE, most, bold=True)
    _, _, hint = lettering.block(_ABOUT, SIZE, most)
    y = min(top, head.y - 28 - title - sum(heights) - hint - 8)
    y = diagram.text(head.x, y, _SEEN, most=most, bold=True).bottom + 4
    for (mark, part), high in zip(parts.items(), heights, strict=True):
        _draw_badge(diagram, mark, head.x, y)
        diagram.text(head.x + inset, y, part.text, most=most - inset)
        y += high
    diagram.text(head.x, y + 4, _ABOUT, most=most, color=QUIET)

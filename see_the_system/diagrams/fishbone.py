"""The fishbone: what may cause a problem, by category, every cause with its grade of evidence, its
votes and its share of the gap.

Ishikawa's form: a spine to the problem, a rib for each category, causes that meet their rib, causes
under causes on twigs of their own.
"""

from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.fishbone_layout import (
    GAP,
    HEADING,
    INDENT,
    NO_NAME,
    NO_WORDS,
    PAD,
    SIGN,
    SIZE,
    bones_of,
    lay_out,
    many,
    votes_of,
)
from see_the_system.diagrams.shapes import Box
from see_the_system.pictures import lettering
from see_the_system.pictures.palette import FOCUS, INK, QUIET
from see_the_system.theory.evidence import GRADES

# How each grade is drawn: mark, line style, weight and colour of the line, colour of the text.
LOOKS = {
    "hunch": ("open", "1.5 4", 1.5, QUIET, INK),
    "heard": ("half", "7 4", 1.5, QUIET, INK),
    "seen in data": ("full", "", 2, INK, INK),
    "ruled out": ("cross", "", 0.75, QUIET, QUIET),
}
HEAD = 15
TINT = "#e9eef3"


def plot_fishbone(theory, *, shares=None, width=None):
    """The fishbone of a theory (``Diagram``).

    shares: what part of the gap a cause is measured to make, in words by cause id, as ``{"cause-1":
    "38% of the gap"}``. width: the width to keep to where the text allows, in CSS pixels; letter
    paper on its side where None.
    """
    bones = bones_of(theory, shares or {})
    diagram = Diagram(
        name="Fishbone: " + (_line(theory.charter.team) or "causes of the problem"),
        words=describe_fishbone(theory),
    )
    _outline(diagram, theory, bones)
    above, below, slope = lay_out(bones, width)
    for side, up in ((above, -1), (below, 1)):
        for column, base in zip(side.columns, side.bases):
            _draw_bone(diagram, column, base, side.h, slope, up)
    bases = [*above.bases, *below.bases] or [60.0, 330.0]
    if not bones:
        diagram.text(
            40, -28, "Categories and causes will stand along this line.", italic=True, color=QUIET
        )
    _draw_spine(diagram, min(bases) - 44, max(bases) + 34)
    place = _draw_head(diagram, theory.problem.text, max(bases) + 34)
    used = {twig.grade for bone in bones for block in bone.blocks for twig in block}
    _draw_legend(diagram, place.x, max(place.bottom + 28, below.h - 22 * len(used)), used)
    return diagram


def describe_fishbone(theory):
    """What the fishbone holds, in sentences: causes and categories, how many of each grade, the
    cause with most votes (text).
    """
    shown = [twig for bone in bones_of(theory, {}) for block in bone.blocks for twig in block]
    named = many(len(theory.categories), "category", "categories")
    if not shown:
        return (
            "No cause is named yet."
            if not theory.categories
            else f"{named} named, and no cause yet."
        )
    count = {grade: sum(twig.grade == grade for twig in shown) for grade in GRADES}
    count = {
        ("hunches" if grade == "hunch" and n > 1 else grade): n for grade, n in count.items() if n
    }
    words = (
        f"{many(len(shown), 'cause', 'causes')} in {named}: "
        f"{', '.join(f'{n} {grade}' for grade, n in count.items())}."
    )
    votes = votes_of(theory)
    most = max(votes.values(), default=0)
    first = [
        _line(twig.cause.text) or "a cause without words"
        for twig in shown
        if votes.get(twig.cause.id) == most
    ]
    if most:
        words += (
            f" Most votes ({most}): "
            f"“{'”, “'.join(first[:3])}”{' and others' if len(first) > 3 else ''}."
        )
    return words


def _line(text):
    return " ".join(text.split())


def _outline(diagram, theory, bones):
    diagram.say(0, "Problem: " + (_line(theory.problem.text) or "not written yet"))
    for bone in bones:
        diagram.say(1, _line(bone.category.text) or "Category without a name")
        for twig in (twig for block in bone.blocks for twig in block):
            diagram.say(
                2 + twig.depth,
                f"{_line(twig.cause.text) or 'Cause without words'} "
                f"({'; '.join(filter(None, [twig.grade, twig.note]))})",
            )


# --- drawing
# --------------------------------------------------------------------------------------------------------------------------


def _draw_bone(diagram, column, base, high, slope, up):
    end = up * high
    diagram.line((base - slope * high, end), (base, 0), weight=2.5)
    text, w, h = column.bone.category.text or NO_NAME, column.heading.w, column.heading.h
    place = Box(base - slope * high + 26 - w, end - h if up < 0 else end, w, h)
    diagram.frame(place, fill=TINT, stroke=QUIET)
    diagram.text(
        place.x + w / 2,
        place.y + 6,
        text,
        most=column.most,
        size=HEADING,
        bold=True,
        anchor="middle",
        item=column.bone.category.id,
    )
    loose = (high - column.h) / (len(column.blocks) + 1)
    y = min(end, 0) + PAD + loose
    for block in column.blocks:
        x = base - slope * max(abs(y), abs(y + block.h)) - GAP - block.w
        _draw_block(diagram, block, x, y, lambda at: base - slope * abs(at))
        y += block.h + GAP + loose


def _draw_block(diagram, block, x, y, rib):
    stems = {}
    for twig, top, bottom, right, most in block.rows:
        sign, dash, weight, stroke, color = LOOKS[twig.grade]
        left = x + twig.depth * INDENT
        diagram.mark(left + 5, y + top + SIZE * lettering.LINE / 2 + 0.5, sign, color=color)
        said = diagram.text(
            left + SIGN,
            y + top,
            twig.cause.text or NO_WORDS,
            most=most,
            color=color if twig.cause.text else QUIET,
            italic=not twig.cause.text,
            item=twig.cause.id,
            struck=twig.grade == "ruled out",
        )
        if twig.note:
            diagram.text(
                left + SIGN,
                said.bottom,
                twig.note,
                most=most,
                color=FOCUS["color"],
                bold=True,
                item=twig.cause.id,
            )
        start = left if twig.depth == 0 else left - INDENT + 5
        diagram.line(
            (start, y + bottom),
            (rib(y + bottom) if twig.depth == 0 else x + right, y + bottom),
            stroke=stroke,
            weight=weight if twig.depth == 0 else weight * 0.75,
            dash=dash,
        )
        stems[twig.depth] = y + bottom
        if twig.depth:
            diagram.line(
                (start, stems[twig.depth - 1]), (start, y + bottom), stroke=QUIET, weight=1
            )


def _draw_spine(diagram, start, end):
    for side in (-1, 1):
        diagram.line((start - 14, side * 12), (start, 0), weight=2.5)
    diagram.line((start, 0), (end, 0), weight=4)


def _draw_head(diagram, problem, x):
    text = problem or "Problem not written yet"
    wide = next(
        (w for w in (210, 250, 290, 340) if lettering.block(text, HEAD, w, bold=True)[2] <= w), 420
    )
    _, w, h = lettering.block(text, HEAD, wide, bold=True)
    place = diagram.frame(Box(x, -h / 2 - 14, w + 32, h + 28), stroke=INK, weight=2.5, radius=8)
    diagram.text(
        place.x + 16,
        place.y + 14,
        text,
        most=wide,
        size=HEAD,
        bold=True,
        color=INK if problem else QUIET,
        item="problem",
    )
    return place


def _draw_legend(diagram, x, y, used):
    for grade in (grade for grade in GRADES if grade in used):
        sign, dash, weight, stroke, color = LOOKS[grade]
        diagram.mark(x + 5, y + 8, sign, color=color)
        diagram.line((x + 18, y + 8), (x + 58, y + 8), stroke=stroke, weight=weight, dash=dash)
        diagram.text(x + 68, y, grade, color=color, struck=grade == "ruled out")
        y += 22

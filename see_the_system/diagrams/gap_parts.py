"""Parts of the gap in a fishbone: each is said once, and the causes about it carry its letter.

A measured part of the gap tells where the gap is seen, and not what makes it.
"""

from itertools import chain
from typing import NamedTuple

from see_the_system.diagrams.cutting import letter
from see_the_system.diagrams.diagram import one_line
from see_the_system.diagrams.fishbone_layout import BADGE, SIZE, causes_under
from see_the_system.diagrams.shapes import Box
from see_the_system.english import counted
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import QUIET

_SEEN = "Where the gap is seen, not why"
_ABOUT = (
    "A cause with this letter is about this part of the gap. How much of it comes from the cause, "
    "nobody has measured."
)


class GapPart(NamedTuple):
    """A part of the gap that the data show: what it is, and the ids of the causes about it."""

    text: str
    causes: list


def parts_of(theory, shares):
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


def describe_parts(parts):
    """A sentence for each part of the gap (generator of text)."""
    for mark, part in parts.items():
        about = counted(len(part.causes), "cause is", "causes are")
        yield f"{part.text}: where it is seen, not why; {about} about this part ({mark})."


def outline_parts(diagram, parts):
    """Adds the parts to the outline."""
    if parts:
        diagram.say(0, _SEEN)
    for mark, part in parts.items():
        diagram.say(1, f"Part {mark}: {part.text}")


def draw_badge(diagram, mark, x, y, item=""):
    """The letter of a part of the gap in a small box; gives its place (Box)."""
    place = diagram.frame(Box(x, y + 1, BADGE.w, BADGE.h), stroke=QUIET, weight=1, radius=2)
    diagram.text(x + BADGE.w / 2, y + 0.5, mark, anchor="middle", item=item)
    return place


def draw_parts(diagram, parts, head, top):
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
        draw_badge(diagram, mark, head.x, y)
        diagram.text(head.x + inset, y, part.text, most=most - inset)
        y += high
    diagram.text(head.x, y + 4, _ABOUT, most=most, color=QUIET)

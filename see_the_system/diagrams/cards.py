"""Words of several sizes that stand together in one box: measured first, then placed."""

from functools import lru_cache
from typing import NamedTuple

from see_the_system.pictures import lettering
from see_the_system.pictures.palette import INK, QUIET

PAD = 10
_GAP = 3
_measured = lru_cache(maxsize=20_000)(lettering.block)


class Part(NamedTuple):
    """One text of a card and how it looks."""

    text: str
    size: float = 12
    bold: bool = False
    italic: bool = False
    color: str = INK
    struck: bool = False
    item: str = ""


class Card(NamedTuple):
    """Parts with their lines broken, and the room that they take with a margin of PAD left and
    right, less above and below.

    ``texts`` are the same texts on one line each.
    """

    parts: tuple
    w: float
    h: float
    texts: tuple


def card(parts, most):
    """The card of some parts, no wider than ``most`` (Card)."""
    room, lines, wide, high = most - 2 * PAD, [], 0, 0
    for part in parts:
        broken, w, h = _measured(part.text, part.size, room, part.bold)
        lines.append((part._replace(text="\n".join(broken)), h))
        wide, high = max(wide, w), high + h
    return Card(
        tuple(lines),
        wide + 2 * PAD,
        high + _GAP * (len(lines) - 1) + 1.4 * PAD,
        tuple(part.text for part in parts),
    )


def place(diagram, card, x, y):
    """Writes a card whose upper left corner is at (x, y)."""
    y += 0.7 * PAD
    for part, high in card.parts:
        text, size, bold, italic, color, struck, item = part
        diagram.text(
            x + PAD,
            y,
            text,
            size=size,
            bold=bold,
            italic=italic,
            color=color,
            struck=struck,
            item=item,
        )
        y += high + _GAP


def flat(text):
    """A text on one line (text), or what stands in for it where there is none."""
    return " ".join(text.split()) or "no words yet"


def said(text, item=""):
    """What a person wrote, as the main part of a card (Part); quiet words stand in where there is
    nothing yet.
    """
    if text.strip():
        return Part(flat(text), item=item)
    return Part(flat(text), italic=True, color=QUIET, item=item)


def small(text, item=""):
    """A remark under the main part of a card (Part)."""
    return Part(flat(text), 11, color=QUIET, item=item)

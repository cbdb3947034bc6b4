"""Words of several sizes that stand together in one box: measured first, then written."""

from functools import lru_cache
from typing import NamedTuple

from see_the_system.english import counted
from see_the_system.pictures import lettering
from see_the_system.pictures.palette import INK, QUIET

PAD = 10
_GAP = 3
_measured = lru_cache(maxsize=20_000)(lettering.block)


class CardText(NamedTuple):
    """One text of a card and how it looks."""

    text: str
    size: float = 12
    bold: bool = False
    italic: bool = False
    color: str = INK
    struck: bool = False
    item: str = ""


class Card(NamedTuple):
    """Texts with their lines broken, each with its height, and the room that they take together.

    There is a margin of PAD left and right, less above and below. ``texts`` are the same texts on
    one line each.
    """

    parts: list
    w: float
    h: float
    texts: tuple


def card_of(card_texts, most):
    """The card of some texts, no wider than ``most`` (Card)."""
    parts = []
    wide = high = 0
    for part in card_texts:
        lines, w, h = _measured(part.text, part.size, most - 2 * PAD, part.bold)
        parts.append((part._replace(text="\n".join(lines)), h))
        wide = max(wide, w)
        high += h
    high += _GAP * (len(parts) - 1) + 1.4 * PAD
    return Card(parts, wide + 2 * PAD, high, tuple(part.text for part in card_texts))


def write_card(diagram, card, x, y):
    """Writes a card whose upper left corner is at (x, y)."""
    y += 0.7 * PAD
    for part, high in card.parts:
        diagram.text(x + PAD, y, **part._asdict())
        y += high + _GAP


def main_text(text, **look):
    """What a person wrote, as the main text of a card (CardText); quiet where there is nothing yet.

    look: fields of CardText that are not as usual.
    """
    quiet = {} if text.strip() else {"italic": True, "color": QUIET}
    return CardText(one_line(text), **quiet | look)


def remark(text, **look):
    """A remark under the main text of a card (CardText), ``look`` as for :func:`main_text`."""
    return CardText(one_line(text), 11, color=QUIET, **look)


def one_line(text, otherwise="no words yet"):
    """A text on one line (text), or what stands in for it where there is none."""
    return " ".join(text.split()) or otherwise


def how_many(number, thing):
    """A number of things (text), as "no steps", "1 step", "7 steps"."""
    return counted(number, thing) if number else f"no {thing}s"

"""A diagram as shapes with known places: drawn as SVG, as PNG, and as PDF pages of letter paper.

And its cards: a few texts under each other, measured before they have a place.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import NamedTuple

from see_the_system.diagrams import paper
from see_the_system.diagrams.shapes import (
    ANCHORS,
    PAPER,
    Box,
    Frame,
    Line,
    Mark,
    Words,
    drawn,
    element,
    short,
)
from see_the_system.messages import counted
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import INK, QUIET, RULE

PAD = 10
_GAP = 3
_measured = lru_cache(maxsize=20_000)(lettering.block)


class Said(NamedTuple):
    """A line of the outline; ``item`` is the id of what it says, "" for a heading or a remark."""

    depth: int
    text: str
    item: str


class Plus(NamedTuple):
    """Where the next thing of a kind would stand, and the fields that it would begin with."""

    x: float
    y: float
    kind: str
    fields: dict
    label: str


@dataclass
class Diagram:
    """A picture under construction, then finished.

    ``name`` and ``words`` title and describe it; ``outline`` says all its text in order, as
    ``Said``, for whoever cannot see it; ``pluses`` are drawn only where it is edited. Sizes are in
    CSS pixels, 96 to an inch; text of 12 is 9 points on paper. ``redraw`` draws the same for
    paper, at a ``width``, where it can.
    """

    name: str
    words: str = ""
    outline: list = field(default_factory=list)
    shapes: list = field(default_factory=list)
    pluses: list = field(default_factory=list)
    redraw: Callable | None = None

    def text(
        self,
        x,
        y,
        text,
        *,
        most=None,
        size=12,
        bold=False,
        italic=False,
        color=INK,
        anchor="start",
        item="",
        struck=False,
    ):
        """Writes a text whose first line begins at ``y``; gives the place it takes (Box).

        ``x`` is the left end, the middle or the right end, as ``anchor`` says: start, middle or
        end. The text is wrapped to the width ``most`` if that is given.
        """
        lines, wide, high = lettering.block(text, size, most or float("inf"), bold)
        box = Box(x - wide * ANCHORS[anchor], y, wide, high)
        self.shapes.append(
            Words(box, tuple(lines), size, bold, italic, color, anchor, item, struck)
        )
        return box

    def frame(self, box, *, fill=PAPER, stroke=RULE, dash="", weight=1, radius=4):
        """Draws a rectangle; gives it back (Box)."""
        self.shapes.append(Frame(box, fill, stroke, dash, weight, radius))
        return box

    def line(self, *points, stroke=QUIET, weight=1.5, dash="", arrow=False):
        """Draws a line through points (x, y); ``arrow`` puts a head at its end."""
        self.shapes.append(Line(points, stroke, weight, dash, arrow))

    def mark(self, x, y, sign, *, size=9, color=INK):
        """Draws a sign around a middle (x, y): open, half, full or cross; gives its place (Box)."""
        box = Box(x - size / 2, y - size / 2, size, size)
        self.shapes.append(Mark(box, sign, color))
        return box

    def say(self, depth, text, item=""):
        """Adds a line to the outline; ``item`` is the id of the thing that it says."""
        self.outline.append(Said(depth, text, item))

    def plus(self, x, y, kind, label, **fields):
        """Marks the middle of the place where the next thing of a kind would stand."""
        self.pluses.append(Plus(x, y, kind, fields, label))

    def extent(self, margin=16):
        """The place that everything takes, with a margin (Box)."""
        if not self.shapes:
            return Box(0, 0, 2 * margin, 2 * margin)
        return Box.around(shape.box for shape in self.shapes).grown(margin)

    def svg(self):
        """The picture as SVG with real text (text)."""
        box = self.extent()
        return self._sheet(box, "".join(self._heads(box)) + "\n".join(drawn(self.shapes)))

    def in_parts(self, layer):
        """The picture for an editor: the SVG with nothing in it (text), its parts (list of text).

        layer: SVG that lies over all of it. What looks as before is the same text as before.
        """
        pluses = [Box(plus.x, plus.y, 0, 0).grown(12) for plus in self.pluses]
        box = Box.around([self.extent(), *pluses])
        return self._sheet(box, ""), [*self._heads(box), *drawn(self.shapes), layer]

    def _label(self):
        # Pictures on one page must not share ids; the same picture has the same ones every time.
        number = zlib.crc32((self.name + self.words).encode())
        return f"d{number:08x}"

    def _heads(self, box):
        label = self._label()
        return [
            element("title", escape(self.name), id=f"{label}-name"),
            element("desc", escape(self.words), id=f"{label}-words"),
            element("rect", x=box.x, y=box.y, width=box.w, height=box.h, fill=PAPER),
        ]

    def _sheet(self, box, content):
        label = self._label()
        return element(
            "svg",
            content,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=" ".join(map(short, box)),
            width=box.w,
            height=box.h,
            style="max-width:100%;height:auto",
            font_family=lettering.FAMILY,
            role="img",
            aria_labelledby=f"{label}-name {label}-words",
        )

    def png(self, *, scale=2):
        """The picture as PNG (bytes), ``scale`` pixels to one of its units."""
        return paper.converter().svg_to_png(paper.printable(self).svg(), scale=scale)

    def pdf(self, *, one_page=False):
        """The picture as PDF on letter paper (bytes).

        One page where its text stays readable, otherwise several, with marks to join them.
        one_page: as :meth:`on_page`.
        """
        return self.on_page().pdf() if one_page else paper.pdf(self)

    def on_page(self, *, dated=""):
        """The picture on one page of letter or tabloid where one holds it at 8 points (OnPage).

        dated: what stands after its name, as the day on which it was printed.
        """
        return paper.on_page(self, dated=dated)

    def text_outline(self):
        """All the text of the picture in order, one thing a line (text)."""
        return "\n".join("  " * line.depth + line.text for line in self.outline)

    def _repr_mimebundle_(self, **_):
        texts = [self.name, self.words, self.text_outline()]
        return {"image/svg+xml": self.svg(), "text/plain": "\n".join(filter(None, texts))}


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
    return CardText(one_line(text), color=QUIET, **look)


def one_line(text, otherwise="no words yet"):
    """A text on one line (text), or what stands in for it where there is none."""
    return " ".join(text.split()) or otherwise


def how_many(number, thing):
    """A number of things (text), as "no steps", "1 step", "7 steps"."""
    return counted(number, thing) if number else f"no {thing}s"

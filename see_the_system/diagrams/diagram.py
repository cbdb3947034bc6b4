"""A diagram as shapes with known places: drawn as SVG, as PNG, and as PDF pages of letter paper
with marks to join them.
"""

import zlib
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from see_the_system.pictures import lettering
from see_the_system.pictures.palette import INK, QUIET, RULE

PAPER = "#ffffff"


class Box(NamedTuple):
    """A place in the picture, in its own units (96 to an inch): left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self):
        return self.x + self.w

    @property
    def bottom(self):
        return self.y + self.h

    def grown(self, by):
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


class Words(NamedTuple):
    """One block of text: its place, its lines, its size and look, and the id of what it says (""
    for headings and marks).
    """

    box: Box
    lines: tuple
    size: float
    bold: bool
    color: str
    anchor: str
    item: str
    struck: bool
    italic: bool

    def line_boxes(self):
        """The place of each line (list of Box); lines of scripts that run from right to left end at
        the right of a text that starts.
        """
        high = self.size * lettering.LINE
        boxes = []
        for place, line in enumerate(self.lines):
            w = lettering.width(line, self.size, self.bold)
            share = {
                "start": 1.0 if lettering.from_right(line) else 0.0,
                "middle": 0.5,
                "end": 1.0,
            }[self.anchor]
            boxes.append(
                Box(self.box.x + (self.box.w - w) * share, self.box.y + place * high, w, high)
            )
        return boxes


class Frame(NamedTuple):
    """A rectangle around text or behind it."""

    box: Box
    fill: str
    stroke: str
    dash: str
    weight: float
    radius: float


class Line(NamedTuple):
    """A line through points, with an arrow at its end or without."""

    points: tuple
    stroke: str
    weight: float
    dash: str
    arrow: bool


class Mark(NamedTuple):
    """A small sign of its own shape, told apart without colour: a circle open, half or full, or a
    cross.
    """

    box: Box
    shape: str
    color: str


@dataclass
class Diagram:
    """A picture under construction, then finished. ``name`` and ``words`` title and describe it;
    ``outline`` says all its text in order, as (depth, text), for whoever cannot see it. Sizes are
    in CSS pixels, 96 to an inch; text of 12 is 9 points on paper.
    """

    name: str
    words: str = ""
    outline: list = field(default_factory=list)
    shapes: list = field(default_factory=list)

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
        """Writes a text whose first line begins at ``y``, wrapped to ``most`` if given; gives the
        place it takes (Box).

        ``x`` is the left end, the middle or the right end, as ``anchor`` says: start, middle or
        end.
        """
        lines = lettering.wrap(text, size, most or float("inf"), bold)
        w = max(lettering.width(line, size, bold) for line in lines)
        box = Box(
            x - w * {"start": 0, "middle": 0.5, "end": 1}[anchor],
            y,
            w,
            len(lines) * size * lettering.LINE,
        )
        self.shapes.append(
            Words(box, tuple(lines), size, bold, color, anchor, item, struck, italic)
        )
        return box

    def frame(self, box, *, fill=PAPER, stroke=RULE, dash="", weight=1, radius=4):
        """Draws a rectangle; gives it back (Box)."""
        self.shapes.append(Frame(Box(*box), fill, stroke, dash, weight, radius))
        return Box(*box)

    def line(self, *points, stroke=QUIET, weight=1.5, dash="", arrow=False):
        """Draws a line through points (x, y); ``arrow`` puts a head at its end."""
        self.shapes.append(Line(tuple(points), stroke, weight, dash, arrow))

    def mark(self, x, y, shape, *, size=9, color=INK):
        """Draws a sign around a middle (x, y): open, half, full or cross; gives the place it takes
        (Box).
        """
        box = Box(x - size / 2, y - size / 2, size, size)
        self.shapes.append(Mark(box, shape, color))
        return box

    def say(self, depth, text):
        """Adds a line to the outline."""
        self.outline.append((depth, text))

    def extent(self, margin=16):
        """The place that everything takes, with a margin (Box)."""
        boxes = [shape.box for shape in self.shapes if not isinstance(shape, Line)]
        boxes += [
            Box(x, y, 0, 0)
            for shape in self.shapes
            if isinstance(shape, Line)
            for x, y in shape.points
        ]
        if not boxes:
            return Box(0, 0, 2 * margin, 2 * margin)
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        return Box(
            left,
            top,
            max(box.right for box in boxes) - left,
            max(box.bottom for box in boxes) - top,
        ).grown(margin)

    def svg(self):
        """The picture as SVG with real text (text)."""
        box = self.extent()
        key = "d" + format(zlib.crc32((self.name + self.words).encode()), "08x")
        size = (
            f'viewBox="{_n(box.x)} {_n(box.y)} {_n(box.w)} {_n(box.h)}" width="{_n(box.w)}" '
            f'height="{_n(box.h)}"'
        )
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
            f'style="max-width:100%;height:auto" font-family="{lettering.FAMILY}" role="img" '
            f'aria-labelledby="{key}-name {key}-words"><title '
            f'id="{key}-name">{escape(self.name)}</title>'
            f'<desc id="{key}-words">{escape(self.words)}</desc>'
            f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" height="{_n(box.h)}" '
            f'fill="{PAPER}"/>'
        )
        return head + drawn(self.shapes) + "</svg>"

    def png(self, *, scale=2):
        """The picture as PNG (bytes), ``scale`` pixels to one of its units."""
        return converter().svg_to_png(self.svg(), scale=scale)

    def pdf(self):
        """The picture as PDF on letter paper (bytes): one page where its text stays readable,
        otherwise several, with marks to join them.
        """
        from see_the_system.diagrams.paper import pdf

        return pdf(self)

    def text_outline(self):
        """All the text of the picture in order, one thing a line (text)."""
        return "\n".join("  " * depth + text for depth, text in self.outline)

    def _repr_mimebundle_(self, **_):
        return {
            "image/svg+xml": self.svg(),
            "text/plain": "\n".join(filter(None, [self.name, self.words, self.text_outline()])),
        }


def converter():
    """vl-convert with the fonts that the text was measured with."""
    import vl_convert

    vl_convert.register_font_directory(str(lettering.FONTS))
    return vl_convert


def drawn(shapes):
    """Shapes as SVG elements (text): boxes behind lines, lines behind marks and words."""
    order = {Frame: 0, Line: 1, Mark: 2, Words: 3}
    return "\n".join(
        _DRAW[type(shape)](shape) for shape in sorted(shapes, key=lambda shape: order[type(shape)])
    )


def _n(number):
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _draw_words(shape):
    size = shape.size
    look = (
        ' font-weight="bold"' * shape.bold
        + ' font-style="italic"' * shape.italic
        + ' text-decoration="line-through"' * shape.struck
    )
    look += f' data-item="{escape(shape.item)}"' if shape.item else ""
    lines = []
    for box, line in zip(shape.line_boxes(), shape.lines):
        # The length is stated, so that a browser with other fonts stays inside the place that was
        # measured.
        held = f' textLength="{_n(box.w)}" lengthAdjust="spacingAndGlyphs"' if box.w else ""
        x = {"start": box.x, "middle": box.x + box.w / 2, "end": box.right}[shape.anchor]
        if lettering.from_right(
            line
            # isolated in its own direction; from its middle, where "start" means the same to every
            # reader
        ):
            x, held, line = box.x + box.w / 2, held + ' text-anchor="middle"', f"\u2067{line}\u2069"
        lines.append(
            f'<text x="{_n(x)}" '
            f'y="{_n(box.y + size * (lettering.LINE / 2 + 0.35))}"{held}>{escape(line)}</text>'
        )
    return (
        f'<g font-size="{_n(size)}" fill="{shape.color}" '
        f'text-anchor="{shape.anchor}"{look}>{"".join(lines)}</g>'
    )


def _draw_frame(shape):
    box = shape.box
    dash = f' stroke-dasharray="{shape.dash}"' if shape.dash else ""
    return (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" height="{_n(box.h)}" '
        f'rx="{_n(shape.radius)}" fill="{shape.fill}" '
        f'stroke="{shape.stroke}" stroke-width="{_n(shape.weight)}"{dash}/>'
    )


def _draw_line(shape):
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
    dash = f' stroke-dasharray="{shape.dash}"' if shape.dash else ""
    drawn = (
        f'<polyline points="{points}" fill="none" stroke="{shape.stroke}" '
        f'stroke-width="{_n(shape.weight)}" stroke-linejoin="round"{dash}/>'
    )
    return drawn + (_arrow_head(shape) if shape.arrow else "")


def _arrow_head(shape, length=8, half=3.5):
    (x0, y0), (x1, y1) = shape.points[-2:]
    far = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
    ux, uy = (x1 - x0) / far, (y1 - y0) / far
    bx, by = x1 - ux * length, y1 - uy * length
    corners = ((x1, y1), (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half))
    return (
        f'<polygon points="{" ".join(f"{_n(x)},{_n(y)}" for x, y in corners)}" '
        f'fill="{shape.stroke}"/>'
    )


def _draw_mark(shape):
    x, y, r = shape.box.x + shape.box.w / 2, shape.box.y + shape.box.h / 2, shape.box.w / 2 - 0.75
    if shape.shape == "cross":
        r *= 0.8
        path = (
            f"M{_n(x - r)} {_n(y - r)}L{_n(x + r)} {_n(y + r)}M{_n(x - r)} "
            f"{_n(y + r)}L{_n(x + r)} {_n(y - r)}"
        )
        return (
            f'<path class="mark" d="{path}" stroke="{shape.color}" stroke-width="2" '
            'stroke-linecap="round"/>'
        )
    ring = (
        f'<circle class="mark" cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="{{}}" '
        f'stroke="{shape.color}" stroke-width="1.5"/>'
    )
    if shape.shape != "half":
        return ring.format(shape.color if shape.shape == "full" else PAPER)
    return (
        ring.format(PAPER)
        + f'<path d="M{_n(x)} {_n(y - r)}A{_n(r)} {_n(r)} 0 0 0 {_n(x)} {_n(y + r)}Z" '
        f'fill="{shape.color}"/>'
    )


_DRAW = {Words: _draw_words, Frame: _draw_frame, Line: _draw_line, Mark: _draw_mark}

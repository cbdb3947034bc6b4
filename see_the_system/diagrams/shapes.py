"""The shapes that a diagram is made of, each with its place, and how each is written as SVG."""

from functools import cache, lru_cache
from html import escape
from typing import NamedTuple

from see_the_system.pictures import lettering

PAPER = "#ffffff"
# How much of a text's width lies before the point that it is anchored at.
ANCHORS = {"start": 0, "middle": 0.5, "end": 1}
_HEAD_LONG, _HEAD_HALF = 8, 3.5  # an arrow's head, along its line and to each side of it


class Box(NamedTuple):
    """A place in the picture, in its own units (96 to an inch): left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @classmethod
    def around(cls, boxes):
        """The least place that holds all of some boxes (Box); there must be one."""
        boxes = list(boxes)
        left = min(box.x for box in boxes)
        top = min(box.y for box in boxes)
        right = max(box.right for box in boxes)
        bottom = max(box.bottom for box in boxes)
        return cls(left, top, right - left, bottom - top)

    @property
    def right(self):
        return self.x + self.w

    @property
    def bottom(self):
        return self.y + self.h

    @property
    def middle(self):
        """The point in its middle (x, y)."""
        return self.x + self.w / 2, self.y + self.h / 2

    def grown(self, by):
        """The box with a margin on every side (Box)."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


class Words(NamedTuple):
    """One block of text: its place, its lines and their look.

    ``item`` is the id of what it says, "" for headings and marks.
    """

    box: Box
    lines: tuple
    size: float
    bold: bool
    italic: bool
    color: str
    anchor: str
    item: str
    struck: bool

    layer = 3

    def line_boxes(self):
        """The place of each line (list of Box).

        Lines of scripts that run from right to left end at the right of a text that starts.
        """
        high = self.size * lettering.LINE
        boxes = []
        for place, line in enumerate(self.lines):
            wide = lettering.width(line, self.size, self.bold)
            share = ANCHORS[self.anchor]
            if self.anchor == "start" and lettering.from_right(line):
                share = 1
            left = self.box.x + (self.box.w - wide) * share
            boxes.append(Box(left, self.box.y + place * high, wide, high))
        return boxes

    def svg(self):
        """The text as SVG (text), each line an element of its own."""
        lines = map(self._line, self.line_boxes(), self.lines)
        return element(
            "g",
            "".join(lines),
            font_size=self.size,
            fill=self.color,
            text_anchor=self.anchor,
            font_weight="bold" * self.bold,
            font_style="italic" * self.italic,
            text_decoration="line-through" * self.struck,
            data_item=escape(self.item),
        )

    def _line(self, box, line):
        # The length is stated, so that a browser with other fonts stays inside the measured place.
        return self._text(box, line, box.x + box.w * ANCHORS[self.anchor])

    def _text(self, box, line, x, **look):
        """A line, or a part of one, as SVG (text): anchored at ``x`` in its place."""
        if lettering.from_right(line):
            # Isolated in its own direction, and drawn from its middle, where every reader puts it
            # in the same place; "start" is the right end to some and the left end to others.
            x, _ = box.middle
            look["text_anchor"] = "middle"
            line = f"\u2067{line}\u2069"
        return element(
            "text",
            escape(line),
            x=x,
            y=box.y + self.size * (lettering.LINE / 2 + 0.35),
            textLength=box.w or "",
            lengthAdjust="spacingAndGlyphs" if box.w else "",
            **look,
        )


class PrintedWords(Words):
    """A block of text for paper and PNG: each part of a line in a font that this machine has."""

    def _line(self, box, line):
        runs = lettering.printed_runs(line, self.bold, self.italic)
        if runs == [(line, "", self.bold, self.italic)]:
            return super()._line(box, line)
        widths = [lettering.width(run.text, self.size, run.bold) for run in runs]
        stretch = box.w / max(sum(widths), 1e-9)
        parts = list(zip(runs, widths, strict=True))
        backwards = lettering.from_right(line)
        drawn_runs, x = "", box.x
        for run, wide in reversed(parts) if backwards else parts:
            drawn_runs += self._run(run, box._replace(x=x, w=wide * stretch), backwards)
            x += wide * stretch
        return drawn_runs

    def _run(self, run, box, backwards):
        """A part of a line in its place, without the spaces around it."""
        text = run.text.strip()
        if not text:
            return ""
        before = len(run.text) - len(run.text.lstrip())
        after = len(run.text) - before - len(text)
        space = lettering.width(" ", self.size, run.bold)
        left = (after if backwards else before) * space
        place = box._replace(x=box.x + left, w=box.w - (before + after) * space)
        return self._text(
            place,
            text,
            place.x,
            text_anchor="start",
            font_family=f"'{run.family}'" if run.family else "",
            font_weight="bold" if run.bold else "normal",
            font_style="italic" if run.italic else "normal",
        )


class Frame(NamedTuple):
    """A rectangle around text or behind it."""

    box: Box
    fill: str
    stroke: str
    dash: str
    weight: float
    radius: float

    layer = 0

    def svg(self):
        """The rectangle as SVG (text)."""
        return element(
            "rect",
            x=self.box.x,
            y=self.box.y,
            width=self.box.w,
            height=self.box.h,
            rx=self.radius,
            fill=self.fill,
            stroke=self.stroke,
            stroke_width=self.weight,
            stroke_dasharray=self.dash,
        )


class Line(NamedTuple):
    """A line through points, with an arrow at its end or without."""

    points: tuple
    stroke: str
    weight: float
    dash: str
    arrow: bool

    layer = 1

    @property
    def box(self):
        """The place that it takes, without its own breadth (Box)."""
        return Box.around(Box(x, y, 0, 0) for x, y in self.points)

    def svg(self):
        """The line as SVG (text), its arrow's head as a triangle."""
        drawn_line = element(
            "polyline",
            points=_joined(self.points),
            fill="none",
            stroke=self.stroke,
            stroke_width=self.weight,
            stroke_linejoin="round",
            stroke_dasharray=self.dash,
        )
        if not self.arrow:
            return drawn_line
        return drawn_line + element("polygon", points=_joined(self._head()), fill=self.stroke)

    def _head(self):
        (x0, y0), (x1, y1) = self.points[-2:]
        far = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
        across, down = (x1 - x0) / far, (y1 - y0) / far
        x, y = x1 - across * _HEAD_LONG, y1 - down * _HEAD_LONG
        aside, below = down * _HEAD_HALF, across * _HEAD_HALF
        return (x1, y1), (x - aside, y + below), (x + aside, y - below)


class Mark(NamedTuple):
    """A small sign told apart without colour: a circle ("open", "half", "full"), or a "cross"."""

    box: Box
    sign: str
    color: str

    layer = 2

    def svg(self):
        """The sign as SVG (text)."""
        x, y = self.box.middle
        radius = self.box.w / 2 - 0.75  # half of the stroke stands outside of the circle
        if self.sign == "cross":
            return self._cross(x, y, radius * 0.8)
        ring = element(
            "circle",
            class_="mark",
            cx=x,
            cy=y,
            r=radius,
            fill=self.color if self.sign == "full" else PAPER,
            stroke=self.color,
            stroke_width=1.5,
        )
        if self.sign != "half":
            return ring
        middle, r = short(x), short(radius)
        top, bottom = short(y - radius), short(y + radius)
        left_half = f"M{middle} {top}A{r} {r} 0 0 0 {middle} {bottom}Z"
        return ring + element("path", d=left_half, fill=self.color)

    def _cross(self, x, y, arm):
        left, right = short(x - arm), short(x + arm)
        top, bottom = short(y - arm), short(y + arm)
        return element(
            "path",
            class_="mark",
            d=f"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}",
            stroke=self.color,
            stroke_width=2,
            stroke_linecap="round",
        )


def drawn(shapes):
    """Shapes as SVG (list of text): boxes behind lines, lines behind marks and words."""
    return [_written(shape) for shape in sorted(shapes, key=lambda shape: shape.layer)]


@lru_cache(maxsize=20_000, typed=True)  # from one edit to the next, most of a picture stays
def _written(shape):
    return shape.svg()


def element(name, content=None, **attributes):
    """One SVG element (text); attributes that are "" are left out, numbers are written short.

    ``content`` and attributes stand as they are given: whoever passes on what people wrote escapes
    it first. An underscore in an attribute's name stands for a hyphen.
    """
    start = name
    for attribute, value in attributes.items():
        if value != "":
            written = value if isinstance(value, str) else short(value)
            label = _hyphened(attribute)
            start += f' {label}="{written}"'
    return f"<{start}/>" if content is None else f"<{start}>{content}</{name}>"


@cache
def _hyphened(attribute):
    return attribute.rstrip("_").replace("_", "-")


def short(number):
    """A number with at most two decimals (text).

    >>> short(12), short(0.5), short(0.128)
    ('12', '0.5', '0.13')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _joined(points):
    return " ".join(short(x) + "," + short(y) for x, y in points)

"""Charts written as SVG: measured text, scales, marks, legends, and a picture laid out twice.

A chart is a function that draws on a ``Sheet``; ``picture`` calls it for the desk and for a phone.
"""

import math
import re
from hashlib import blake2b
from html import escape
from itertools import pairwise
from typing import NamedTuple

from see_the_system.pictures.lettering import FAMILY, INK, LINE, QUIET, RULE, width, wrap

TEXT, SMALL = 13, 12
WIDTHS = {"desk": 691, "phone": 340}
NAMES = 225  # the most that the names of rows take of the desk's width
NOTE = {"size": SMALL, "color": QUIET}
GRID = "#e9edf0"
# On a narrow screen the phone's layout stands in the desk's place. Where a notebook takes the style
# away, and on paper, the desk's is left: of the two, one alone is seen, and read aloud.
STYLE = (
    "<style>@media screen and (max-width:620px){.picture>.desk{display:none!important}"
    ".picture>.phone{display:block!important;width:100%;max-width:30rem}}</style>"
)


class Box(NamedTuple):
    """Where a text stands: its left, top, right and bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other):
        """Whether two boxes share a place (bool)."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Scale(NamedTuple):
    """From the numbers ``low`` to ``high`` to the places ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value):
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


class Sheet:
    """What is drawn of one layout, ``wide`` pixels wide and as ``high`` as its texts and bars go.

    What has one look stands together: areas under lines, under marks, under texts.
    """

    def __init__(self, layout, wide=None):
        self.layout = layout
        self.phone = layout == "phone"
        self.wide = wide or WIDTHS[layout]
        self.high = 0
        self._boxes = []
        self._areas, self._lines, self._marks, self._texts, self._patterns = {}, {}, {}, {}, {}

    def text(self, x, y, words, *, size=TEXT, anchor="start", stands="middle", **more):
        """Write words, by default in ink and one line for each of theirs; where they stand (Box).

        y: the "top", the "middle" or the "bottom" of the lines, as ``stands`` says. more:
        ``color``, ``bold``; ``most``, how wide a line may be; ``halo``, which keeps lines behind it
        off; ``if_free``, where nothing is written on another text or over the edge.
        """
        bold = more.get("bold", False)
        lines = wrap(words, size, more.get("most", 10_000), bold)
        long = max(width(line, size, bold) for line in lines)
        high = len(lines) * size * LINE
        top = y - {"top": 0, "middle": high / 2, "bottom": high}[stands]
        left = x - {"start": 0, "middle": long / 2, "end": long}[anchor]
        box = Box(left, top, left + long, top + high)
        if more.get("if_free") and not self._is_free(box):
            return box
        look = {
            "fill": more.get("color", INK),
            "font-size": size if size != TEXT else None,
            "font-weight": "bold" if bold else None,
            "text-anchor": anchor if anchor != "start" else None,
        }
        if more.get("halo"):
            look |= {"stroke": "#fff", "stroke-width": 3, "paint-order": "stroke"}
        written = self._texts.setdefault(_attributes(look), [])
        for place, line in enumerate(lines):
            foot = top + (place + 0.5) * size * LINE + 0.36 * size
            line = escape(line, quote=False)
            written.append(f'<text x="{short(x)}" y="{short(foot)}">{line}</text>')
        self._boxes.append(box)
        self.high = max(self.high, box.bottom)
        return box

    def _is_free(self, box):
        inside = box.left >= 0 and box.right <= self.wide and box.top >= 0
        return inside and not any(box.meets(other) for other in self._boxes)

    def between(self, x, y, words, *, low=0, high=None, **look):
        """Write words in the middle over a place, as far as they have room there (Box)."""
        half = max(width(line, look["size"]) for line in words.split("\n")) / 2
        x = max(low + half, min(x, (high or self.wide) - half))
        return self.text(x, y, words, anchor="middle", **look)

    def line(self, points, color=QUIET, weight=1.2, dash=None):
        """Draw a line through points [(x, y)]."""
        look = {"stroke": color, "stroke-width": weight, "stroke-dasharray": dash}
        self._lines.setdefault(_attributes({"fill": "none"} | look), []).append(_way(points))

    def area(self, points, color):
        """Fill what points [(x, y)] go around."""
        self._areas.setdefault(_attributes({"fill": color}), []).append(f"{_way(points)}z")

    def rect(self, x, y, wide, high, color, hatch=None, edge=None):
        """Fill a rectangle; ``hatch`` is the colour of slanting lines on it."""
        if hatch:
            place = f"url(#@hatch{len(self._patterns)})"
            color = self._patterns.setdefault((color, hatch), place)
        data = f"M{short(x)} {short(y)}h{short(wide)}v{short(high)}h{short(-wide)}z"
        self._areas.setdefault(_attributes({"fill": color, "stroke": edge}), []).append(data)
        self.high = max(self.high, y + high)

    def mark(self, x, y, shape, color, r=5):
        """Set a mark: "o" a disc, "s" a square, "D" a diamond, "^" and "v" triangles."""
        r, around, at = short(r), short(2 * r), f"M{short(x)} {short(y)}"
        drawn = {
            "o": f'<circle cx="{short(x)}" cy="{short(y)}" r="{r}"/>',
            "s": f"{at}m-{r}-{r}h{around}v{around}h-{around}z",
            "D": f"{at}m0-{r}l{r} {r}l-{r} {r}l-{r}-{r}z",
            "^": f"{at}m0-{r}l{r} {around}h-{around}z",
            "v": f"{at}m0 {r}l{r}-{around}h-{around}z",
        }[shape]
        look = _attributes({"fill": color, "stroke": "#fff"})
        # The kind of mark set last stands over the others, wherever a legend began.
        self._marks[look] = [*self._marks.pop(look, []), drawn]

    def svg(self, name, words, key):
        """The sheet as SVG (text); ``key`` begins every id in it."""
        patterns = "".join(
            f'<pattern id="@{place[6:-1]}" width="7" height="7" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><path d="M0 0h7v7h-7z" fill="{color}"/>'
            f'<path d="M3 0v7" stroke="{hatch}" stroke-width="2"/></pattern>'
            for (color, hatch), place in self._patterns.items()
        )
        layers = (self._areas, self._lines, self._marks)
        shapes = "".join(_group(look, drawn) for layer in layers for look, drawn in layer.items())
        texts = "".join(f"<g{look}>{''.join(all_)}</g>" for look, all_ in self._texts.items())
        hidden = "display:none;" if self.phone else ""
        high = math.ceil(self.high) + 2
        shapes = f"{patterns}{shapes}".replace("@", f"{key}-")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{self.layout}" role="img" '
            f'viewBox="0 0 {self.wide} {high}" width="{self.wide}" height="{high}" '
            f'font-family="{FAMILY}" font-size="{TEXT}" '
            f'style="{hidden}max-width:100%;height:auto;background:#fff" '
            f'aria-labelledby="{key}-name {key}-words">'
            f'<title id="{key}-name">{escape(name)}</title>'
            f'<desc id="{key}-words">{escape(words)}</desc>{shapes}{texts}</svg>'
        )


def picture(name, words, draw, *, desk=None):
    """A picture in both its layouts (HTML text), titled by ``name`` and described by ``words``.

    draw: a function that draws on a ``Sheet``; desk: the desk's width where it is another one.
    """
    sheets = [Sheet("desk", desk), Sheet("phone")]
    for sheet in sheets:
        draw(sheet)
    # Several pictures stand on one page, some of one name: what refers to what is theirs alone.
    drawn = "".join(sheet.svg(name, words, "") for sheet in sheets)
    slug = re.sub(r"\W+", "-", name.casefold()).strip("-")
    key = f"{slug}-{blake2b(drawn.encode(), digest_size=3).hexdigest()}"
    each = "".join(sheet.svg(name, words, f"{key}-{sheet.layout}") for sheet in sheets)
    return f'<div class="picture">{STYLE}{each}</div>'


def short(number):
    """A number in the fewest letters, with one digit after the point (text).

    >>> short(12.0), short(-0.04), short(3.26)
    ('12', '0', '3.3')
    """
    return f"{round(float(number), 1) + 0.0:.1f}".removesuffix(".0")


def _way(points):
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)


def _attributes(look):
    return "".join(f' {name}="{value}"' for name, value in look.items() if value is not None)


def _group(look, drawn):
    """What has one look: its ways as one path, and its discs (text)."""
    discs = "".join(each for each in drawn if each.startswith("<"))
    ways = "".join(each for each in drawn if not each.startswith("<"))
    ways = f'<path{look} d="{ways}"/>' if ways else ""
    return ways + (f"<g{look}>{discs}</g>" if discs else "")


def ticks(low, high, most, least=0.0):
    """Round numbers from ``low`` to ``high`` in even steps, at most so many (list).

    >>> ticks(0, 60, 4), ticks(-0.3, 0.9, 5)
    ([0.0, 20.0, 40.0, 60.0], [0.0, 0.5])
    """
    power = math.floor(math.log10(max(least, (high - low) / 100)))
    for step in (base * 10.0**tens for tens in range(power, power + 5) for base in (1, 2, 5)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if step >= least and last - first < most:
            return [round(place * step, 9) for place in range(first, last + 1)]
    return [low]


def along(sheet, scale, top, foot, choices, form):
    """An axis under a frame: the first of the choices of values whose labels do not touch."""
    for values in choices:
        texts = [form(value) for value in values]
        halves = [width(text, SMALL) / 2 for text in texts]
        middles = [
            min(max(scale(value), half), sheet.wide - half)
            for value, half in zip(values, halves, strict=True)
        ]
        labels = list(zip(middles, halves, strict=True))
        if all(
            here + half + other + 8 <= there for (here, half), (there, other) in pairwise(labels)
        ):
            break
    for value, middle, text in zip(values, middles, texts, strict=True):
        sheet.line([(scale(value), top), (scale(value), foot)], GRID, 1)
        sheet.text(middle, foot + 4, text, anchor="middle", stands="top", **NOTE)


def upward(sheet, scale, left, right, values, form):
    """An axis at the left of a frame, its labels before it and its lines across."""
    for value in values:
        line = [(left, scale(value)), (right, scale(value))]
        sheet.line(line, RULE if value == 0 else GRID, 1)
        sheet.text(left - 6, scale(value), form(value), anchor="end", **NOTE)


def legend(sheet, x, y, items, most):
    """Signs with their words in rows from a top left corner; the foot of the last row (number).

    items: what is drawn, words, more about the text. Drawn is a mark ("o", colour, size), an area
    ("area", colour) or a line ("line", dashes).
    """
    left, foot = x, y
    for (kind, *drawn), words, more in items:
        look = {"size": SMALL, "bold": False} | more
        wide = 22 + width(words, SMALL, look["bold"])
        if left > x and left + wide > x + most:
            left, y = x, foot + 3
        foot = max(
            foot, sheet.text(left + 22, y, words, stands="top", most=most - 22, **look).bottom
        )
        middle = y + SMALL * LINE / 2
        if kind == "area":
            sheet.rect(left, middle - 6, 17, 12, *drawn)
        elif kind == "line":
            sheet.line([(left, middle), (left + 17, middle)], dash=drawn[0])
        else:
            sheet.mark(left + 8, middle, kind, *drawn)
        left += wide + 12
    return foot


class Rows:
    """Names before their rows on the desk, over them on a phone.

    ``left``: where the rows begin; ``middles``: of each row; ``foot``: of the last. ``over``: room
    over the first row.
    """

    def __init__(self, sheet, names, *, high, top=0, over=0):
        blocks = [wrap(name, TEXT, sheet.wide if sheet.phone else NAMES) for name in names]
        longest = max(width(line, TEXT) for lines in blocks for line in lines)
        self.left = 0 if sheet.phone else longest + 12
        self.foot, self.middles = top, []
        for lines in blocks:
            tall, text = len(lines) * TEXT * LINE, "\n".join(lines)
            row = high if sheet.phone else max(high, tall + 8)
            if sheet.phone:
                self.foot = sheet.text(0, self.foot + 4, text, stands="top", halo=True).bottom
            self.middles.append(self.foot + over + row / 2)
            if not sheet.phone:
                sheet.text(self.left - 12, self.middles[-1], text, anchor="end")
            self.foot, over = self.foot + over + row, 0


def apart(wanted, sizes, low, high):
    """Middles as near to those wanted as they can stand without touching (list).

    They keep their order and stay between ``low`` and ``high`` where that has room for all.

    >>> apart([50, 52], [10, 10], 0, 100), apart([1, 60], [10, 10], 0, 62)
    ([46.0, 56.0], [5.0, 57.0])
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    before, starts, blocks = 0.0, {}, []
    for place in order:
        starts[place] = before
        blocks.append((wanted[place] - sizes[place] / 2 - before, 1))
        before += sizes[place]
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, many), (other, more) = blocks[-2:]
            blocks[-2:] = [((one * many + other * more) / (many + more), many + more)]
    shifts = [max(low, min(shift, high - before)) for shift, many in blocks for _ in range(many)]
    moved = dict(zip(order, shifts, strict=True))
    return [moved[place] + starts[place] + size / 2 for place, size in enumerate(sizes)]

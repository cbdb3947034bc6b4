"""Charts written as SVG: measured text, axes, marks, legends, and a picture laid out twice.

A chart is a function that draws on a ``Canvas``: once for the desk and once for a phone.
"""

import math
import re
from functools import wraps
from hashlib import blake2b
from html import escape
from itertools import pairwise
from typing import NamedTuple

from see_the_system.messages import with_minus
from see_the_system.pictures.lettering import FAMILY, INK, LINE, QUIET, RULE, width, wrap

TEXT, SMALL = 13, 12
WIDTHS = {"desk": 691, "phone": 340}
FEW_DISCS = 20
NAMES = 225  # the most that the names of rows take of the desk's width
NOTE = {"size": SMALL, "color": QUIET}
GRID = "#e9edf0"
percent = "{:.0f}%".format
# On a narrow screen the phone's layout stands in the desk's place. Where a notebook takes the style
# away, and on paper, the desk's is left: of the two, one alone is seen, and read aloud.
STYLE = (
    "<style>@media screen and (max-width:620px){.picture>.desk{display:none!important}"
    ".picture>.phone{display:block!important;width:100%;max-width:30rem}}</style>"
)


class Axis(NamedTuple):
    """From the numbers ``low`` to ``high`` to the places ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value):
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


class Canvas:
    """What is drawn of one layout, ``wide`` pixels wide and as ``high`` as its texts and bars go.

    What has one look stands together: areas under the grid, under lines, marks and texts.
    """

    def __init__(self, layout):
        self.layout = layout
        self.phone = layout == "phone"
        self.wide = WIDTHS[layout]
        self.high = 0
        self._boxes = []
        self._areas, self._lines, self._marks, self._texts, self._patterns = {}, {}, {}, {}, {}

    def text(self, x, y, words, *, size=TEXT, anchor="start", stands="middle", **more):
        """Write words, by default in ink and one line for each of theirs; the foot of the last
        (number).

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
        box = (left, top, left + long, top + high)
        if more.get("if_free") and not self._is_free(box):
            return box[3]
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
        self.high = max(self.high, box[3])
        return box[3]

    def title(self, words, left=0, top=0):
        """Write a title over what follows; its foot (number)."""
        return self.text(left, top, words, color=QUIET, stands="top")

    def _is_free(self, box):
        left, top, right, foot = box
        return (
            left >= 0
            and top >= 0
            and right <= self.wide
            and not any(
                left < other[2] and other[0] < right and top < other[3] and other[1] < foot
                for other in self._boxes
            )
        )

    def between(self, x, y, words, *, low=0, high=None, **look):
        """Write words in the middle over a place, as far as they have room there."""
        half = max(width(line, look["size"]) for line in words.split("\n")) / 2
        x = max(low + half, min(x, (high or self.wide) - half))
        self.text(x, y, words, anchor="middle", **look)

    def line(self, points, color=QUIET, weight=1.2, dash=None):
        """Draw a line through points [(x, y)]."""
        look = {"stroke": color, "stroke-width": weight, "stroke-dasharray": dash}
        self._lines.setdefault(_attributes({"fill": "none"} | look), []).append(_way(points))

    def whisker(self, start, end, color=QUIET, weight=1.6):
        """Draw the line of an interval between two points, where there is one."""
        if not any(map(math.isnan, (*start, *end))):
            self.line([start, end], color, weight)

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
            "o": (r, (x, y)),
            "s": f"{at}m-{r}-{r}h{around}v{around}h-{around}z",
            "D": f"{at}m0-{r}l{r} {r}l-{r} {r}l-{r}-{r}z",
            "^": f"{at}m0-{r}l{r} {around}h-{around}z",
            "v": f"{at}m0 {r}l{r}-{around}h-{around}z",
        }[shape]
        look = _attributes({"fill": color, "stroke": "#fff"})
        # The kind of mark set last stands over the others, wherever a legend began.
        self._marks[look] = [*self._marks.pop(look, []), drawn]

    def svg(self, name, words, key):
        """The canvas as SVG (text); ``key`` begins every id in it."""
        patterns = "".join(
            f'<pattern id="@{place[6:-1]}" width="7" height="7" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><path d="M0 0h7v7h-7z" fill="{color}"/>'
            f'<path d="M3 0v7" stroke="{hatch}" stroke-width="2"/></pattern>'
            for (color, hatch), place in self._patterns.items()
        )
        # The grid is known last, when all rows stand, and lies under every other line.
        lines = dict(sorted(self._lines.items(), key=lambda pair: GRID not in pair[0]))
        layers = (self._areas, lines, self._marks)
        groups = enumerate(pair for layer in layers for pair in layer.items())
        shapes = "".join(_group(look, drawn, f"@dot{place}") for place, (look, drawn) in groups)
        texts = "".join(f"<g{look}>{''.join(all_)}</g>" for look, all_ in self._texts.items())
        shown = "none" if self.phone else "block"
        high = math.ceil(self.high) + 2
        shapes = f"{patterns}{shapes}".replace("@", f"{key}-")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{self.layout}" role="img" '
            f'viewBox="0 0 {self.wide} {high}" width="{self.wide}" height="{high}" '
            f'font-family="{FAMILY}" font-size="{TEXT}" '
            f'style="display:{shown};max-width:100%;height:auto;background:#fff" '
            f'aria-labelledby="{key}-name {key}-words">'
            f'<title id="{key}-name">{escape(name)}</title>'
            f'<desc id="{key}-words">{escape(words)}</desc>{shapes}{texts}</svg>'
        )


def picture(draw):
    """What draws on a ``Canvas`` becomes what gives a picture in both its layouts (function).

    It is called with its data, and with ``name`` and ``words`` in place of the canvas: they title
    and describe the picture. It gives HTML text, "" where nothing was drawn.
    """

    @wraps(draw)
    def drawn(*data, name, words):
        canvass = [Canvas(layout) for layout in WIDTHS]
        for canvas in canvass:
            draw(canvas, *data)
        if not canvass[0].high:
            return ""
        # Several pictures stand on one page, some of one name: what refers to what is its own.
        every = "".join(canvas.svg(name, words, "") for canvas in canvass)
        slug = re.sub(r"\W+", "-", name.casefold()).strip("-")
        key = f"{slug}-{blake2b(every.encode(), digest_size=3).hexdigest()}"
        both = "".join(canvas.svg(name, words, f"{key}-{canvas.layout}") for canvas in canvass)
        return f'<div class="picture">{STYLE}{both}</div>'

    return drawn


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


def _group(look, drawn, name):
    """What has one look: its ways as one path, and its discs (text)."""
    ways = "".join(each for each in drawn if isinstance(each, str))
    discs = [each for each in drawn if not isinstance(each, str)]
    parts = [f'<path{look} d="{ways}"/>'] if ways else []
    for radius in dict.fromkeys(radius for radius, _ in discs):
        middles = [middle for r, middle in discs if r == radius]
        parts.append(_discs(look, radius, middles, f"{name}-{radius}"))
    return "".join(parts)


def _discs(look, radius, middles, name):
    """Discs around their middles [(x, y)]; many are one disc set along a way, a quarter as long.

    Of many, half a pixel is nothing that could be seen.
    """
    if len(middles) <= FEW_DISCS:
        each = (f'<circle cx="{short(x)}" cy="{short(y)}" r="{radius}"/>' for x, y in middles)
        return f"<g{look}>{''.join(each)}</g>"
    way = _way((round(x), round(y)) for x, y in middles)
    return (
        f'<marker id="{name}" markerUnits="userSpaceOnUse" overflow="visible">'
        f'<circle r="{radius}"{look}/></marker>'
        f'<path fill="none" style="marker:url(#{name})" d="{way}"/>'
    )


def span(values, least):
    """From the lowest to the highest of values and zero, no less than ``least`` (two floats)."""
    known = [value for value in values if not math.isnan(value)]
    low, high = min(0.0, *known), max(0.0, *known)
    return low, max(high, low + least)


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


def even(values, sign=""):
    """How evenly spaced values are written: with the digits that tell them apart (function)."""
    step = values[1] - values[0] if values[1:] else 1
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return lambda value: with_minus(f"{value:{sign if value else ''}.{digits}f}")


def panels(canvas, draw, each, left=0):
    """Draw panels side by side on the desk, one under the other on a phone."""
    wide = canvas.wide if canvas.phone else (canvas.wide - left - 36) / 2
    top = 0
    for panel in each:
        draw(canvas, left, left + wide, top, *panel)
        left, top = (0, canvas.high + 20) if canvas.phone else (left + wide + 36, 0)


def along(canvas, scale, top, foot, form=None, *, choices=(), least=0.0):
    """An axis under a frame: the first of the choices of values whose labels do not touch.

    Without choices they are round numbers, no closer than ``least``.
    """
    choices = choices or [
        ticks(scale.low, scale.high, most, least) for most in (8, 6, 5, 4, 3, 2, 1)
    ]
    form = form or even(choices[0])
    for values in choices:
        texts = [form(value) for value in values]
        halves = [width(text, SMALL) / 2 for text in texts]
        middles = [
            min(max(scale(value), half), canvas.wide - half)
            for value, half in zip(values, halves, strict=True)
        ]
        labels = list(zip(middles, halves, strict=True))
        if all(
            here + half + other + 8 <= there for (here, half), (there, other) in pairwise(labels)
        ):
            break
    for value, middle, text in zip(values, middles, texts, strict=True):
        canvas.line([(scale(value), top), (scale(value), foot)], GRID, 1)
        canvas.text(middle, foot + 4, text, anchor="middle", stands="top", **NOTE)


def upward(canvas, scale, left, right, form=None):
    """An axis at the left of a frame, its labels before it and its lines across."""
    values = ticks(scale.low, scale.high, 6)
    form = form or even(values)
    for value in values:
        line = [(left, scale(value)), (right, scale(value))]
        canvas.line(line, RULE if value == 0 else GRID, 1)
        canvas.text(left - 6, scale(value), form(value), anchor="end", **NOTE)


def legend(canvas, x, y, items, most):
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
        foot = max(foot, canvas.text(left + 22, y, words, stands="top", most=most - 22, **look))
        middle = y + SMALL * LINE / 2
        if kind == "area":
            canvas.rect(left, middle - 6, 17, 12, *drawn)
        elif kind == "line":
            canvas.line([(left, middle), (left + 17, middle)], dash=drawn[0])
        else:
            canvas.mark(left + 8, middle, kind, *drawn)
        left += wide + 12
    return foot


class Rows:
    """Names before their rows on the desk, over them on a phone.

    ``left``: where the rows begin; ``middles``: of each row; ``foot``: of the last. ``over``: room
    over the first row.
    """

    def __init__(self, canvas, names, *, high, top=0, over=0):
        blocks = [wrap(name, TEXT, canvas.wide if canvas.phone else NAMES) for name in names]
        longest = max(width(line, TEXT) for lines in blocks for line in lines)
        self.left = 0 if canvas.phone else longest + 12
        self.foot, self.middles = top, []
        for lines in blocks:
            tall, text = len(lines) * TEXT * LINE, "\n".join(lines)
            row = high if canvas.phone else max(high, tall + 8)
            if canvas.phone:
                self.foot = canvas.text(0, self.foot + 4, text, stands="top", halo=True)
            self.middles.append(self.foot + over + row / 2)
            if not canvas.phone:
                canvas.text(self.left - 12, self.middles[-1], text, anchor="end")
            self.foot, over = self.foot + over + row, 0

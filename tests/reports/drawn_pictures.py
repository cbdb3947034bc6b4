"""What a picture in two layouts has on it: its texts with their boxes, its lines and its marks."""

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from see_the_system.pictures.lettering import width

SVG = "{http://www.w3.org/2000/svg}"
INHERITED = ("font-size", "font-weight", "text-anchor", "fill", "stroke")


@dataclass(frozen=True)
class Written:
    """A text and the box of its letters; ``size`` is that of its letters."""

    words: str
    size: float
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other):
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0 and down > 0


class Layout:
    """One of a picture's two SVGs."""

    def __init__(self, svg):
        self.svg = svg
        self.wide, self.high = (float(svg.get(side)) for side in ("width", "height"))
        self.written = [
            _written(element, look)
            for element, look in _all(svg, {})
            if element.tag == f"{SVG}text"
        ]
        self.words = [text.words for text in self.written]

    def faults(self):
        """Texts that touch one another, leave the picture or are too small to read (list)."""
        touching = [
            (one.words, other.words)
            for one, other in combinations(self.written, 2)
            if one.touches(other)
        ]
        outside = [
            text
            for text in self.written
            if text.left < -0.5
            or text.top < -0.5
            or text.right > self.wide + 0.5
            or text.bottom > self.high + 0.5
        ]
        return touching + outside + [text for text in self.written if text.size < 11]

    def lines(self, color):
        """How many points each line of a colour has (list)."""
        ways = [e.get("d") for e, look in _all(self.svg, {}) if look.get("stroke") == color]
        return [way.count("L") + 1 for way in "".join(ways).split("M")[1:]]

    def marks(self, color):
        """How many marks of a colour there are (int); many discs are one, set along a way."""
        drawn = [e for e, look in _all(self.svg, {}) if look.get("fill") == color]
        ways = "".join(e.get("d", "") for e in drawn)
        along = [
            way.get("d").count("L")
            for marker in self.svg.iter(f"{SVG}marker")
            if marker[0].get("fill") == color
            for way in self.svg.iter(f"{SVG}path")
            if f"url(#{marker.get('id')})" in way.get("style", "")
        ]
        discs = sum(e.tag == f"{SVG}circle" for e in drawn) + sum(along)
        return discs + len(re.findall("M", ways))


def layouts(picture):
    """Both layouts of a picture, the desk's first (two Layout)."""
    svgs = ElementTree.fromstring(picture).findall(f"{SVG}svg")
    assert [svg.get("class") for svg in svgs] == ["desk", "phone"]
    return [Layout(svg) for svg in svgs]


def _all(element, look):
    look = look | {name: element.get(name) for name in INHERITED if element.get(name)}
    yield element, look
    for child in element:
        yield from _all(child, look)


def _written(element, look):
    size, bold = float(look["font-size"]), look.get("font-weight") == "bold"
    long = width(element.text or "", size, bold)
    x, foot = float(element.get("x")), float(element.get("y"))
    left = x - {"start": 0, "middle": long / 2, "end": long}[look.get("text-anchor", "start")]
    box = (left, foot - 0.76 * size, left + long, foot + 0.24 * size)
    return Written(element.text or "", size, *box)

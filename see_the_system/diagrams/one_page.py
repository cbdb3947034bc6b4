"""A diagram on one page, letter or tabloid, with letters that are read without a glass."""

from dataclasses import replace
from functools import cache
from itertools import product
from operator import itemgetter
from typing import NamedTuple

from see_the_system.diagrams import cutting, paper
from see_the_system.english import counted

PAPERS = {"letter": (paper.LONG, paper.SHORT), "tabloid": (1632, 1056)}
ONE_PAGE = 8  # points: no letter is smaller on a page that must hold all
_POINT = 4 / 3
_MARGIN = 30  # of such a page
_WIDTHS = range(640, 1800, 40)  # what is tried for a page, in a diagram's own units


class OnPage(NamedTuple):
    """A diagram as it is printed: what of it, on what paper, how small its smallest letters are.

    ``words`` says that in a sentence; ``sheets`` are its pages, each an SVG: one, or several where
    no page holds it. ``points`` is the size of the smallest letters.
    """

    diagram: object
    words: str
    paper: str
    points: float
    sheets: list

    def pngs(self, *, scale=2):
        """Each page as PNG (list of bytes), ``scale`` pixels to one of its 96 to an inch."""
        return [paper.converter().svg_to_png(sheet, scale=scale / 0.75) for sheet in self.sheets]

    def pdf(self):
        """The pages as one PDF with real text (bytes)."""
        return paper.joined(self.sheets, self.diagram, self.words)


def on_page(diagram, *, dated=""):
    """A diagram on one page with no letter under ONE_PAGE points, if any page holds it (OnPage).

    Letter before tabloid, and as it is before laid out anew. dated: what stands after its name.
    """
    if dated:
        anew_as = diagram.redraw
        redraw = anew_as and (lambda width: _dated(anew_as(width=width), dated))
        diagram = replace(_dated(diagram, dated), redraw=redraw)
    anew = cache(lambda: _anew(diagram))
    for name, size in PAPERS.items():
        for tried in (lambda: [paper.printable(diagram)], anew):
            sizes = product(tried(), (size, size[::-1]))
            found = [_whole(one, *sides) for one, sides in sizes]
            points, chosen, printed = max(found, key=itemgetter(0), default=(0, None, None))
            if points >= ONE_PAGE:
                words = f"On one {name} page, its smallest letters {points:.1f} points high."
                return OnPage(chosen, words, name, points, [paper.drawn_page(chosen, printed, 0)])
    return _on_several(paper.printable(diagram))


def _dated(diagram, dated):
    return replace(diagram, name=f"{diagram.name} · {dated}")


def _on_several(diagram):
    printed = paper.best_way(diagram)
    sheets = [paper.drawn_page(diagram, printed, number) for number in range(len(printed.sheets))]
    points = paper.smallest(diagram) * printed.scale / _POINT
    count = counted(len(sheets), "letter page")
    words = f"No page holds this with letters of {ONE_PAGE} points, so it is {count} to join."
    return OnPage(diagram, words, "letter", points, sheets)


def _anew(diagram):
    """A diagram laid out for each width that a page could have (list of Diagram)."""
    widths = _WIDTHS if diagram.redraw else ()
    return [paper.printable(diagram.redraw(width=width)) for width in widths]


def _whole(diagram, wide, high):
    """How small the letters of a diagram are on one page, in points; itself; its one sheet."""
    extent = diagram.extent(margin=6)
    across, down = wide - 2 * _MARGIN, high - 2 * _MARGIN - paper.LABEL
    scale = min(across / extent.w, down / extent.h, paper.MOST)
    sheet = cutting.Sheet(extent, (None,) * 4, diagram.shapes, [])
    printed = paper.Print(scale, wide, high, [sheet], margin=_MARGIN)
    return paper.smallest(diagram) * scale / _POINT, diagram, printed

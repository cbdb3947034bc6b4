"""A diagram on paper: one page where its text stays readable, otherwise several to join."""

import io
import unicodedata
from dataclasses import replace
from functools import cache
from html import escape
from itertools import product
from operator import itemgetter
from typing import NamedTuple

from see_the_system.diagrams import cutting
from see_the_system.diagrams.shapes import ANCHORS, PAPER, Box, PrintedWords, Words, drawn, element
from see_the_system.messages import counted
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import INK, QUIET

LONG, SHORT = 1056, 816  # US letter, 96 to an inch
LEAST = 10  # 7.5 points: no text is printed smaller
MARGIN, LABEL = 42, 22  # at every edge of a page, and for its title
MOST = 1.25  # no diagram is printed larger
_HINT = "Trim at the small marks; join letter to letter."
_HINT_ROOM = 310


class Print(NamedTuple):
    """One way to print a diagram: its scale, the paper's width and height, the sheets."""

    scale: float
    wide: int
    high: int
    sheets: list
    cuts_text: bool = False
    margin: int = MARGIN


def pages(diagram):
    """The pages of a diagram, each an SVG of a sheet of US letter paper (list of text).

    Landscape or portrait as fewer are needed. Every text, sign and box that fits on half a page is
    whole wherever it is drawn, and drawn on one page at least; neighbors show the same at their
    common edge, so that trimmed at the marks they lie letter on letter as one picture.
    """
    chosen = best_way(diagram)
    return [drawn_page(diagram, chosen, number) for number in range(len(chosen.sheets))]


def pdf(diagram):
    """The pages of a diagram as one PDF with real text (bytes)."""
    return joined(pages(printable(diagram)), diagram)


def smallest(diagram):
    """The size of the smallest letters of a diagram (float)."""
    return min((text.size for text in _texts(diagram)), default=12)


def joined(sheets, diagram, *remarks):
    """Pages as one PDF (bytes)."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for sheet in sheets:
        writer.append(PdfReader(io.BytesIO(converter().svg_to_pdf(sheet))))
    subject = " ".join(filter(None, [diagram.words, undrawn(diagram), *remarks]))
    writer.add_metadata({"/Title": diagram.name, "/Subject": subject})
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def undrawn(diagram):
    """Which letters this machine's fonts lack, in a sentence (text); "" where they have all."""
    texts = "".join(line for shape in _texts(diagram) for line in shape.lines)
    letters = lettering.undrawn(diagram.name + texts)
    if not letters:
        return ""
    names = [unicodedata.name(letter[0], f"U+{ord(letter[0]):04X}").lower() for letter in letters]
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    count = counted(len(letters), "letter")
    few = ", ".join(names[:4])
    return f"{count} could not be drawn with this machine's fonts ({lettering.BOX}): {few}{more}."


def printable(diagram):
    """The diagram for a printer that has this machine's fonts alone (Diagram).

    A letter that they lack is a box, and a line under the picture says so.
    """
    shapes = [PrintedWords(*one) if isinstance(one, Words) else one for one in diagram.shapes]
    printed = replace(diagram, shapes=shapes)
    note = undrawn(diagram)
    if note:
        extent = diagram.extent(margin=0)
        room = max(extent.w, 300)
        printed.text(extent.x, extent.bottom + 12, note, most=room, size=11, color=QUIET)
    return printed


def _texts(diagram):
    return [shape for shape in diagram.shapes if isinstance(shape, Words)]


def converter():
    """vl-convert with the fonts that the text was measured with.

    It is loaded here, when something is printed, because it takes longer than a diagram takes.
    """
    import vl_convert

    vl_convert.register_font_directory(str(lettering.FONTS))
    return vl_convert


def best_way(diagram):
    """The way to print a diagram that cuts no text, takes the fewest pages and is largest."""
    whole = cutting.units(diagram)
    ways = [*_ways(diagram, whole, LONG, SHORT), *_ways(diagram, whole, SHORT, LONG)]
    return min(ways, key=lambda way: (way.cuts_text, len(way.sheets), -way.scale))


def _ways(diagram, whole, wide, high):
    """The ways to print a diagram on paper of one width and height (list of Print)."""
    extent = diagram.extent(margin=6)
    texts = _texts(diagram)
    least = LEAST / smallest(diagram)
    longest = max((text.box.w + cutting.SIGN for text in texts), default=0)
    across = wide - 2 * MARGIN
    down = high - 2 * MARGIN - LABEL
    on_one_page = min(across / extent.w, down / extent.h, MOST)
    if on_one_page >= least:
        sheet = cutting.Sheet(extent, (None,) * 4, diagram.shapes, [])
        return [Print(on_one_page, wide, high, [sheet])]
    ways = []
    for scale in {max(share, least) for share in (1, 0.94, 0.88, least)}:
        sheets = cutting.sheets(diagram, whole, extent, (across / scale, down / scale))
        cuts_text = longest > cutting.WHOLE * across / scale
        ways.append(Print(scale, wide, high, sheets, cuts_text))
    return ways


# --- drawing


def drawn_page(diagram, printed, number):
    """One sheet as a page (SVG text): its part of the diagram, its title, its marks."""
    sheet = printed.sheets[number]
    count = len(printed.sheets)
    scale, wide, high, margin = printed.scale, printed.wide, printed.high, printed.margin
    across, down = sheet.view.w * scale, sheet.view.h * scale
    left, top = margin, margin + LABEL
    room = wide - 2 * margin
    if count == 1:
        left = (wide - across) / 2
        top += max(0, high - 2 * margin - LABEL - down) / 3
        label = diagram.name
        title = _title(label, room, 16, margin)
    else:
        label = f"Page {number + 1} of {count} · {diagram.name}"
        title = _title(label, room - _HINT_ROOM, 12, margin)
        title += _text(wide - margin, margin - 6, _HINT, anchor="end", color=QUIET)
    content = [
        element("title", escape(label)),
        element("rect", width=wide, height=high, fill=PAPER),
        _part(sheet, Box(left, top, across, down)),
        title,
        _cut_marks(sheet, left, top, scale),
        _letters(sheet, left, top, scale),
    ]
    return element(
        "svg",
        "".join(content),
        xmlns="http://www.w3.org/2000/svg",
        width=wide * 0.75,  # a PDF has 72 points to an inch
        height=high * 0.75,
        viewBox=f"0 0 {wide} {high}",
        font_family=lettering.FAMILY,
    )


def _part(sheet, place):
    """The part of the diagram on a sheet, in its place on the page (SVG text)."""
    x, y, width, height = map(_exact, place)
    return element(
        "svg",
        "\n".join(drawn(sheet.shapes)),
        x=x,
        y=y,
        width=width,
        height=height,
        viewBox=" ".join(map(_exact, sheet.view)),
        preserveAspectRatio="none",
        overflow="hidden",
    )


def _title(label, room, size, margin):
    """The title of a page, cut short where it is longer than its room (SVG text)."""
    line, *more = lettering.wrap(" ".join(label.split()), size, room - size, bold=True)
    if more:
        line += " …"
    return _text(margin, margin - 6, line, bold=True, size=size)


def _cut_marks(sheet, left, top, scale):
    """Short lines in the margins at the ends of every cut (SVG text)."""
    view = sheet.view
    right = left + view.w * scale
    bottom = top + view.h * scale
    strokes = ""
    for edge, cut in enumerate(sheet.cuts):
        if cut is None:
            continue
        if edge % 2 == 0:  # the left and the right edge
            x = left + (cut - view.x) * scale
            strokes += f"M{x:.2f} {top - 9:.2f}V{top - 1:.2f}"
            strokes += f"M{x:.2f} {bottom + 1:.2f}V{bottom + 9:.2f}"
        else:
            y = top + (cut - view.y) * scale
            strokes += f"M{left - 9:.2f} {y:.2f}H{left - 1:.2f}"
            strokes += f"M{right + 1:.2f} {y:.2f}H{right + 9:.2f}"
    return element("path", d=strokes, stroke=INK, stroke_width=1) if strokes else ""


def _letters(sheet, left, top, scale):
    """The letters that join a sheet to its neighbors, in circles in the margins (SVG text)."""
    view = sheet.view
    drawing = ""
    for letter, edge, at in sheet.marks:
        x = {"left": left - 21, "right": left + view.w * scale + 21}.get(edge)
        y = {"top": top - 13, "bottom": top + view.h * scale + 21}.get(edge)
        if x is None:
            x = left + (at - view.x) * scale
        else:
            y = top + (at - view.y) * scale
        look = {"r": 11, "fill": PAPER, "stroke": INK, "stroke_width": 1.2}
        drawing += element("circle", cx=_exact(x), cy=_exact(y), **look)
        drawing += _text(x, y + 4.2, letter, bold=True, anchor="middle")
    return drawing


def _text(x, y, text, *, bold=False, anchor="start", color=INK, size=12):
    wide = lettering.width(text, size, bold)
    box = Box(x - wide * ANCHORS[anchor], y - size * (lettering.LINE / 2 + 0.35), wide, 0)
    return PrintedWords(box, (text,), size, bold, False, color, anchor, "", False).svg()


def _exact(number):
    return f"{number:.2f}"


PAPERS = {"letter": (LONG, SHORT), "tabloid": (1632, 1056)}
ONE_PAGE = 8  # points: no letter is smaller on a page that must hold all
_POINT = 4 / 3
_ONE_PAGE_MARGIN = 30  # of such a page
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
        return [converter().svg_to_png(sheet, scale=scale / 0.75) for sheet in self.sheets]

    def pdf(self):
        """The pages as one PDF with real text (bytes)."""
        return joined(self.sheets, self.diagram, self.words)


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
        for tried in (lambda: [printable(diagram)], anew):
            sizes = product(tried(), (size, size[::-1]))
            found = [_whole(one, *sides) for one, sides in sizes]
            points, chosen, printed = max(found, key=itemgetter(0), default=(0, None, None))
            if points >= ONE_PAGE:
                words = f"On one {name} page, its smallest letters {points:.1f} points high."
                return OnPage(chosen, words, name, points, [drawn_page(chosen, printed, 0)])
    return _on_several(printable(diagram))


def _dated(diagram, dated):
    return replace(diagram, name=f"{diagram.name} · {dated}")


def _on_several(diagram):
    printed = best_way(diagram)
    sheets = [drawn_page(diagram, printed, number) for number in range(len(printed.sheets))]
    points = smallest(diagram) * printed.scale / _POINT
    count = counted(len(sheets), "letter page")
    words = f"No page holds this with letters of {ONE_PAGE} points, so it is {count} to join."
    return OnPage(diagram, words, "letter", points, sheets)


def _anew(diagram):
    """A diagram laid out for each width that a page could have (list of Diagram)."""
    widths = _WIDTHS if diagram.redraw else ()
    return [printable(diagram.redraw(width=width)) for width in widths]


def _whole(diagram, wide, high):
    """How small the letters of a diagram are on one page, in points; itself; its one sheet."""
    extent = diagram.extent(margin=6)
    across, down = wide - 2 * _ONE_PAGE_MARGIN, high - 2 * _ONE_PAGE_MARGIN - LABEL
    scale = min(across / extent.w, down / extent.h, MOST)
    sheet = cutting.Sheet(extent, (None,) * 4, diagram.shapes, [])
    printed = Print(scale, wide, high, [sheet], margin=_ONE_PAGE_MARGIN)
    return smallest(diagram) * scale / _POINT, diagram, printed

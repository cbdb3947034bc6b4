"""A diagram on letter paper: one page where its text stays readable, otherwise several to join."""

import io
from html import escape
from typing import NamedTuple

from see_the_system.diagrams import cutting
from see_the_system.diagrams.shapes import PAPER, Words, drawn
from see_the_system.pictures import lettering
from see_the_system.pictures.palette import INK, QUIET

LONG, SHORT = 1056, 816  # US letter, 96 to an inch
LEAST = 10  # 7.5 points: no text is printed smaller
_MARGIN, _LABEL = 42, 22  # at every edge of a page, and for its title
_MOST = 1.25  # no diagram is printed larger
_HINT = "Trim at the small marks; join letter to letter."
_HINT_ROOM = 310


class _Print(NamedTuple):
    """One way to print a diagram: its scale, the paper's width and height, the sheets."""

    scale: float
    wide: int
    high: int
    sheets: list
    cuts_text: bool = False


def pages(diagram):
    """The pages of a diagram, each an SVG of a sheet of US letter paper (list of text).

    Landscape or portrait as fewer are needed. Every text, sign and box that fits on half a page is
    whole wherever it is drawn, and drawn on one page at least; neighbors show the same at their
    common edge, so that trimmed at the marks they lie letter on letter as one picture.
    """
    chosen = _best(diagram)
    return [_page(diagram, chosen, number) for number in range(len(chosen.sheets))]


def pdf(diagram):
    """The pages of a diagram as one PDF with real text (bytes)."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for page in pages(diagram):
        writer.append(PdfReader(io.BytesIO(converter().svg_to_pdf(page))))
    writer.add_metadata({"/Title": diagram.name, "/Subject": diagram.words})
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def converter():
    """vl-convert with the fonts that the text was measured with.

    It is loaded here, when something is printed, because it takes longer than a diagram takes.
    """
    import vl_convert

    vl_convert.register_font_directory(str(lettering.FONTS))
    return vl_convert


def _best(diagram):
    """The way to print a diagram that cuts no text, takes the fewest pages and is largest."""
    whole = cutting.units(diagram)
    ways = [*_ways(diagram, whole, LONG, SHORT), *_ways(diagram, whole, SHORT, LONG)]
    return min(ways, key=lambda way: (way.cuts_text, len(way.sheets), -way.scale))


def _ways(diagram, whole, wide, high):
    """The ways to print a diagram on paper of one width and height (list of _Print)."""
    extent = diagram.extent(margin=6)
    texts = [shape for shape in diagram.shapes if isinstance(shape, Words)]
    least = LEAST / min((text.size for text in texts), default=12)
    longest = max((text.box.w + cutting.SIGN for text in texts), default=0)
    across = wide - 2 * _MARGIN
    down = high - 2 * _MARGIN - _LABEL
    on_one_page = min(across / extent.w, down / extent.h, _MOST)
    if on_one_page >= least:
        sheet = cutting.Sheet(extent, (None,) * 4, diagram.shapes, [])
        return [_Print(on_one_page, wide, high, [sheet])]
    ways = []
    for scale in {max(share, least) for share in (1, 0.94, 0.88, least)}:
        sheets = cutting.sheets(diagram, whole, extent, (across / scale, down / scale))
        cuts_text = longest > cutting.WHOLE * across / scale
        ways.append(_Print(scale, wide, high, sheets, cuts_text))
    return ways


# --- drawing


def _page(diagram, printed, number):
    """One sheet as a page (SVG text): its part of the diagram, its title, its marks."""
    sheet = printed.sheets[number]
    count = len(printed.sheets)
    wide, high = printed.wide, printed.high
    view = sheet.view
    across, down = view.w * printed.scale, view.h * printed.scale
    left, top = _MARGIN, _MARGIN + _LABEL
    room = wide - 2 * _MARGIN
    if count == 1:
        left = (wide - across) / 2
        top += max(0, high - 2 * _MARGIN - _LABEL - down) / 3
        label = diagram.name
        title = _title(label, room, 16)
    else:
        label = f"Page {number + 1} of {count} · {diagram.name}"
        title = _title(label, room - _HINT_ROOM, 12)
        title += _text(wide - _MARGIN, _MARGIN - 6, _HINT, anchor="end", color=QUIET)
    points = f'width="{wide * 0.75:g}" height="{high * 0.75:g}"'  # 72 to an inch
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {points} viewBox="0 0 {wide} {high}" '
        f'font-family="{lettering.FAMILY}"><title>{escape(label)}</title>'
        f'<rect width="{wide}" height="{high}" fill="{PAPER}"/>'
        f'<svg x="{left:.2f}" y="{top:.2f}" width="{across:.2f}" height="{down:.2f}" '
        f'viewBox="{view.x:.2f} {view.y:.2f} {view.w:.2f} {view.h:.2f}" '
        f'preserveAspectRatio="none" overflow="hidden">{drawn(sheet.shapes)}</svg>'
        f"{title}{_cut_marks(sheet, left, top, printed.scale)}"
        f"{_letters(sheet, left, top, printed.scale)}</svg>"
    )


def _title(label, room, size):
    """The title of a page, cut short where it is longer than its room (SVG text)."""
    line, *more = lettering.wrap(" ".join(label.split()), size, room - size, bold=True)
    if more:
        line += " …"
    return _text(_MARGIN, _MARGIN - 6, line, bold=True, size=size)


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
    return f'<path d="{strokes}" stroke="{INK}" stroke-width="1"/>' if strokes else ""


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
        drawing += f'<circle cx="{x:.2f}" cy="{y:.2f}" r="11" fill="{PAPER}" '
        drawing += f'stroke="{INK}" stroke-width="1.2"/>'
        drawing += _text(x, y + 4.2, letter, bold=True, anchor="middle")
    return drawing


def _text(x, y, text, *, bold=False, anchor="start", color=INK, size=12):
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" fill="{color}" '
        f'text-anchor="{anchor}"{weight}>{escape(text)}</text>'
    )

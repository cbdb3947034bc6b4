"""A diagram on letter paper: one page where its text stays readable, otherwise several, with marks
and letters to join them.
"""

import io
from html import escape
from typing import NamedTuple

import numpy as np

from see_the_system.diagrams.diagram import Box, Frame, Line, Words, converter, drawn
from see_the_system.pictures import lettering
from see_the_system.pictures.palette import INK, QUIET

LONG, SHORT = 1056, 816  # US letter, 96 to an inch
LEAST = 10  # 7.5 points: no text is printed smaller
_MARGIN, _LABEL, _OVERLAP = 42, 22, 12
_MOST = 1.25
_SIGN, _HIGH, _WHOLE = 14, 140, 0.48


class Sheet(NamedTuple):
    """One page: the part of the diagram on it, where its neighbors begin (left, top, right, bottom;
    None at an outer edge), the shapes seen on it, and its marks as (letter, edge, place along the
    edge); all in the diagram's units."""

    view: Box
    cuts: tuple
    shapes: list
    marks: list


def pages(diagram):
    """The pages of a diagram, each an SVG of a sheet of US letter paper, landscape or portrait as
    fewer are needed (list of text).

    Every text, sign and box that fits on half a page is whole wherever it is drawn, and drawn on
    one page at least; neighbors show the same at their common edge, so that trimmed at the marks
    they lie letter on letter as one picture.
    """
    scale, wide, high, sheets = _best(diagram)
    return [
        _page(diagram, sheet, place, len(sheets), scale, (wide, high))
        for place, sheet in enumerate(sheets, 1)
    ]


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


def _best(diagram):
    """The scale, the paper's width and height, and the sheets that print the diagram on the fewest
    pages, then largest.
    """
    extent, units = diagram.extent(margin=6), _units(diagram)
    least = LEAST / min(
        (shape.size for shape in diagram.shapes if isinstance(shape, Words)), default=12
    )
    found = []
    for wide, high in ((LONG, SHORT), (SHORT, LONG)):
        room = (wide - 2 * _MARGIN, high - 2 * _MARGIN - _LABEL)
        whole = min(room[0] / extent.w, room[1] / extent.h, _MOST)
        if whole >= least:
            found.append(
                (False, 1, -whole, wide, high, [Sheet(extent, (None,) * 4, diagram.shapes, [])])
            )
            continue
        longest = max(
            (shape.box.w + _SIGN for shape in diagram.shapes if isinstance(shape, Words)), default=0
        )
        for share in {1, 0.94, 0.88, least}:
            scale = max(share, least)
            sheets = _sheets(diagram, units, extent, (room[0] / scale, room[1] / scale))
            cuts_text = longest > _WHOLE * room[0] / scale
            found.append((cuts_text, len(sheets), -scale, wide, high, sheets))
    _, _, scale, wide, high, sheets = min(found, key=lambda each: each[:3])
    return -scale, wide, high, sheets


# --- where to cut
# ---------------------------------------------------------------------------------------------------------------------


def _units(diagram):
    """What should be whole on a page: a text with the sign before it, and boxes (array, a row of
    left, top, right, bottom each).
    """
    boxes = [box for shape in diagram.shapes if isinstance(shape, Words) for box in _parts(shape)]
    boxes = [Box(box.x - _SIGN, box.y, box.w + _SIGN, box.h) for box in boxes]
    boxes += [shape.box for shape in diagram.shapes if isinstance(shape, Frame)]
    return np.array([(box.x, box.y, box.right, box.bottom) for box in boxes]).reshape(-1, 4)


def _parts(words):
    """A text as one, or its lines where it is high."""
    return [words.box] if words.box.h < _HIGH else words.line_boxes()


def _sheets(diagram, units, extent, size):
    """The diagram cut into bands from top to bottom, and each band from left to right (list of
    ``Sheet``); nothing for empty paper.
    """
    bands = []
    for top, bottom, above, below in _cut(units[:, [1, 3]], extent.y, extent.bottom, size[1]):
        inside = units[(units[:, 3] > top) & (units[:, 1] < bottom)]
        band = []
        for left, right, before, after in _cut(inside[:, [0, 2]], extent.x, extent.right, size[0]):
            view = Box(left, top, right - left, bottom - top)
            shapes = list(_seen(diagram, units, view, size))
            band += [Sheet(view, (before, above, after, below), shapes, [])] if shapes else []
        bands.append(band)
    _join(bands)
    return [sheet for band in bands for sheet in band]


def _cut(spans, start, end, size):
    """Where pages begin and end along one side (list of begin, end, cut before, cut after).

    What a cut crosses is shown whole on both of its sides; of all cuts the one that lets the next
    page begin farthest on is taken.
    """
    found, before = [], None
    spans = spans[spans[:, 1] - spans[:, 0] <= _WHOLE * size]
    while end - start > size:
        tries = np.unique(np.concatenate([spans.ravel(), [start + size - _OVERLAP]]))
        tries = tries[(tries > start + 0.3 * size) & (tries <= start + size - _OVERLAP + 0.01)]
        crossed = (spans[None, :, 0] < tries[:, None] - 0.01) & (
            spans[None, :, 1] > tries[:, None] + 0.01
        )
        begins = (
            np.minimum(
                np.where(crossed, spans[None, :, 0], np.inf).min(axis=1, initial=np.inf), tries
            )
            - _OVERLAP
        )
        ends = (
            np.maximum(
                np.where(crossed, spans[None, :, 1], -np.inf).max(axis=1, initial=-np.inf), tries
            )
            + _OVERLAP
        )
        begins[ends > start + size + 0.01] = -np.inf
        if begins.max() < start + 0.02 * size:  # a line too long for any page is cut
            begins, ends = tries - _OVERLAP, tries + _OVERLAP
        # A cut through nothing is worth some paper.
        best = int(np.argmax(begins + 0.15 * size * ~crossed.any(axis=1)))
        found.append((start, float(ends[best]), before, float(tries[best])))
        start, before = float(begins[best]), float(tries[best])
    return [*found, (start, end, before, None)]


def _join(bands):
    """Gives every common edge of two sheets a letter of its own, noted on both."""
    number = 0
    for place, band in enumerate(bands):
        for left, right in zip(band, band[1:]):
            at = left.view.y + left.view.h / 2
            left.marks.append((_letter(number), "right", at))
            right.marks.append((_letter(number), "left", at))
            number += 1
        for upper in band:
            for lower in bands[place + 1] if place + 1 < len(bands) else ():
                begin, end = (
                    edge(_core(upper)[side], _core(lower)[side])
                    for edge, side in ((max, 0), (min, 1))
                )
                if end - begin > 40:
                    upper.marks.append((_letter(number), "bottom", (begin + end) / 2))
                    lower.marks.append((_letter(number), "top", (begin + end) / 2))
                    number += 1


def _core(sheet):
    left, _, right, _ = sheet.cuts
    return (sheet.view.x if left is None else left, sheet.view.right if right is None else right)


def _letter(number):
    return ("" if number < 26 else _letter(number // 26 - 1)) + chr(ord("A") + number % 26)


# --- drawing
# --------------------------------------------------------------------------------------------------------------------------


def _page(diagram, sheet, place, count, scale, size):
    wide, high = size
    view = sheet.view
    room = (view.w * scale, view.h * scale)
    left = (wide - room[0]) / 2 if count == 1 else _MARGIN
    top = (
        _MARGIN + _LABEL + (max(0, high - 2 * _MARGIN - _LABEL - room[1]) / 3 if count == 1 else 0)
    )
    label = diagram.name if count == 1 else f"Page {place} of {count} · {diagram.name}"
    large = 16 if count == 1 else 12
    hint = "" if count == 1 else "Trim at the small marks; join letter to letter."
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide * 0.75:g}" '
        f'height="{high * 0.75:g}" viewBox="0 0 {wide} {high}" '
        f'font-family="{lettering.FAMILY}"><title>{escape(label)}</title><rect '
        f'width="{wide}" height="{high}" fill="#ffffff"/>'
    )
    part = (
        f'<svg x="{left:.2f}" y="{top:.2f}" width="{room[0]:.2f}" height="{room[1]:.2f}" '
        f'viewBox="{view.x:.2f} {view.y:.2f} {view.w:.2f} '
        f'{view.h:.2f}" preserveAspectRatio="none" overflow="hidden">{drawn(sheet.shapes)}</svg>'
    )
    titled = _text(
        _MARGIN,
        _MARGIN - 6,
        _shortened(label, wide - 2 * _MARGIN - (310 if hint else 0), large),
        bold=True,
        size=large,
    )
    titled += _text(wide - _MARGIN, _MARGIN - 6, hint, anchor="end", color=QUIET) if hint else ""
    return head + part + titled + _marks(sheet, left, top, scale) + "</svg>"


def _seen(diagram, units, view, size):
    """The shapes of a part of the diagram: what should be whole and is not, is left to the page
    where it is.
    """
    broken = units[~_within(units, view, size)]
    for shape in diagram.shapes:
        if isinstance(shape, Words):
            parts = _parts(shape)
            whole = [_fits(box, view, size) and _reaches(box, view) for box in parts]
            if all(whole):
                yield shape
            elif len(parts) > 1:
                yield from (
                    shape._replace(box=box, lines=(line,))
                    for box, line, seen in zip(parts, shape.lines, whole)
                    if seen
                )
        elif isinstance(shape, Line):
            (left, top), (right, bottom) = (
                [edge(point[axis] for point in shape.points) for axis in (0, 1)]
                for edge in (min, max)
            )
            if _reaches(Box(left, top, right - left, bottom - top).grown(4), view):
                yield shape
        elif _reaches(shape.box, view) and _fits(shape.box, view, size):
            x, y = shape.box.x + shape.box.w / 2, shape.box.y + shape.box.h / 2
            inside = (
                (broken[:, 0] < x) & (x < broken[:, 2]) & (broken[:, 1] < y) & (y < broken[:, 3])
            )
            if isinstance(shape, Frame) or not inside.any():
                yield shape


def _reaches(box, view):
    return box.x < view.right and box.right > view.x and box.y < view.bottom and box.bottom > view.y


def _fits(box, view, size):
    return bool(_within(np.array([[box.x, box.y, box.right, box.bottom]]), view, size)[0])


def _within(units, view, size):
    """Which units lie in a view along each side, or are too long there to be whole on any page
    (array of bool).
    """
    across = (units[:, 0] >= view.x - 0.1) & (units[:, 2] <= view.right + 0.1)
    down = (units[:, 1] >= view.y - 0.1) & (units[:, 3] <= view.bottom + 0.1)
    long, high = (units[:, 2 + axis] - units[:, axis] > _WHOLE * size[axis] for axis in (0, 1))
    return (across | long) & (down | high)


def _marks(sheet, left, top, scale):
    """Short lines in the margins at the ends of every cut, and the letters of the neighbors in
    circles.
    """
    view = sheet.view
    right, bottom = left + view.w * scale, top + view.h * scale
    parts = []
    for place, cut in enumerate(sheet.cuts):
        if cut is not None and place % 2 == 0:
            x = left + (cut - view.x) * scale
            parts += [
                f"M{x:.2f} {top - 9:.2f}V{top - 1:.2f}M{x:.2f} {bottom + 1:.2f}V{bottom + 9:.2f}"
            ]
        elif cut is not None:
            y = top + (cut - view.y) * scale
            parts += [
                f"M{left - 9:.2f} {y:.2f}H{left - 1:.2f}M{right + 1:.2f} {y:.2f}H{right + 9:.2f}"
            ]
    drawing = f'<path d="{"".join(parts)}" stroke="{INK}" stroke-width="1"/>' if parts else ""
    for letter, edge, at in sheet.marks:
        x = {"left": left - 21, "right": right + 21}.get(edge, left + (at - view.x) * scale)
        y = {"top": top - 13, "bottom": bottom + 21}.get(edge, top + (at - view.y) * scale)
        drawing += (
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="11" fill="#ffffff" stroke="{INK}" '
            'stroke-width="1.2"/>'
        )
        drawing += _text(x, y + 4.2, letter, bold=True, anchor="middle")
    return drawing


def _text(x, y, text, *, bold=False, anchor="start", color=INK, size=12):
    weight = ' font-weight="bold"' * bold
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" fill="{color}" '
        f'text-anchor="{anchor}"{weight}>{escape(text)}</text>'
    )


def _shortened(text, most, size):
    first = lettering.wrap(" ".join(text.split()), size, most - size, bold=True)
    return first[0] + " …" if len(first) > 1 else first[0]

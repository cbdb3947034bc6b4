"""A diagram cut into sheets that lie letter on letter: where to cut, and what each sheet shows.

What should be whole is whole wherever it is drawn; neighbors show the same at their common edge.
"""

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise, product
from typing import NamedTuple

from see_the_system.diagrams.shapes import Box, Frame, Line, Mark, Words

SIGN = 14  # the room before a text in which a sign of its own may stand
WHOLE = 0.48  # what takes a greater part of a page may be cut
_OVERLAP = 12  # what both neighbors show on either side of a cut
_HIGH = 140  # a text higher than this may be cut between its lines
_SLACK = 0.01  # a cut may run along the edge of a thing
_SHORTEST = 0.3  # of a page: no cut comes sooner
_FREE = 0.15  # of a page: the paper that a cut through nothing is worth


class Sheet(NamedTuple):
    """One page, all in the diagram's units.

    The part of the diagram on it; where its neighbors begin (left, top, right, bottom; None at an
    outer edge); the shapes seen on it; its marks as (letter, edge, place along the edge).
    """

    view: Box
    cuts: tuple
    shapes: list
    marks: list


class _Stretch(NamedTuple):
    """A page along one side of the diagram: where it begins and ends, where the neighbors do."""

    start: float
    end: float
    before: float | None
    after: float | None


def units(diagram):
    """What should be whole on a page: texts with the sign before them, and boxes (list of Box)."""
    found = []
    for shape in diagram.shapes:
        if isinstance(shape, Words):
            parts = _parts(shape)
            found += [Box(box.x - SIGN, box.y, box.w + SIGN, box.h) for box in parts]
        elif isinstance(shape, Frame):
            found.append(shape.box)
    return found


def _parts(words):
    """A text as one, or its lines where it is high (list of Box)."""
    return [words.box] if words.box.h < _HIGH else words.line_boxes()


def sheets(diagram, whole, extent, size):
    """The diagram cut into bands from above, and each band from the left (list of Sheet).

    ``whole`` is what :func:`units` gives, ``size`` the most that a sheet shows (width, height).
    There is no sheet for empty paper.
    """
    wide, high = size
    bands = []
    heights = [(box.y, box.bottom) for box in whole]
    for down in _cut(heights, extent.y, extent.bottom, high):
        inside = [
            (box.x, box.right) for box in whole if box.bottom > down.start and box.y < down.end
        ]
        band = []
        for across in _cut(inside, extent.x, extent.right, wide):
            view = Box(across.start, down.start, across.end - across.start, down.end - down.start)
            shapes = _seen(diagram, whole, view, size)
            if shapes:
                cuts = (across.before, down.before, across.after, down.after)
                band.append(Sheet(view, cuts, shapes, []))
        bands.append(band)
    _join(bands)
    return [sheet for band in bands for sheet in band]


# --- where to cut


def _cut(spans, start, end, size):
    """Where pages begin and end along one side (list of _Stretch).

    What a cut crosses is shown whole on both of its sides; of all cuts the one that lets the next
    page begin farthest on is taken.
    """
    spans = [(low, high) for low, high in spans if high - low <= WHOLE * size]
    crossed_by = _crossing(spans)
    edges = {edge for span in spans for edge in span}
    found = []
    before = None
    while end - start > size:
        last = start + size - _OVERLAP
        soonest = start + _SHORTEST * size
        tries = sorted(edge for edge in {*edges, last} if soonest < edge <= last + _SLACK)
        next_start, page_end, cut = _best_cut(tries, crossed_by, start, size)
        found.append(_Stretch(start, page_end, before, cut))
        start = next_start
        before = cut
    return [*found, _Stretch(start, end, before, None)]


def _best_cut(tries, crossed_by, start, size):
    """Where the next page begins, where this one ends, and the cut between them (three float)."""
    cuts = []
    for cut in tries:
        crossed = crossed_by(cut)
        low, high = crossed or (cut, cut)
        begin = min(low, cut) - _OVERLAP
        end = max(high, cut) + _OVERLAP
        if end <= start + size + _SLACK:
            cuts.append((begin, end, cut, not crossed))
    if max((begin for begin, *_ in cuts), default=start) < start + 0.02 * size:
        # No page can show all that any cut crosses, so what is crossed is cut.
        cuts = [(cut - _OVERLAP, cut + _OVERLAP, cut, not crossed_by(cut)) for cut in tries]
    begin, end, cut, _ = max(cuts, key=lambda each: each[0] + _FREE * size * each[3])
    return begin, end, cut


def _crossing(spans):
    """A function that gives the ends of all that a cut crosses (low and high, or None).

    Sorted once, because every edge of every thing is tried as a cut: the farthest end of all that
    begin before the cut and the nearest start of all that end behind it are those of what it
    crosses, where it crosses anything.
    """
    by_low = sorted(spans)
    by_high = sorted(spans, key=lambda span: span[1])
    lows = [low for low, _ in by_low]
    highs = [high for _, high in by_high]
    farthest = list(accumulate((high for _, high in by_low), max))
    nearest = list(accumulate((low for low, _ in reversed(by_high)), min))[::-1]

    def crossed_by(cut):
        begun = bisect_left(lows, cut - _SLACK)
        ended = bisect_right(highs, cut + _SLACK)
        if not begun or farthest[begun - 1] <= cut + _SLACK:
            return None
        return nearest[ended], farthest[begun - 1]

    return crossed_by


def _join(bands):
    """Gives every common edge of two sheets a letter of its own, noted on both."""
    number = 0
    for place, band in enumerate(bands):
        for left, right in pairwise(band):
            _, height = left.view.middle
            left.marks.append((letter(number), "right", height))
            right.marks.append((letter(number), "left", height))
            number += 1
        below = bands[place + 1] if place + 1 < len(bands) else []
        for upper, lower in product(band, below):
            start = max(_left(upper), _left(lower))
            end = min(_right(upper), _right(lower))
            if end - start > 40:
                upper.marks.append((letter(number), "bottom", (start + end) / 2))
                lower.marks.append((letter(number), "top", (start + end) / 2))
                number += 1


def _left(sheet):
    return sheet.view.x if sheet.cuts[0] is None else sheet.cuts[0]


def _right(sheet):
    return sheet.view.right if sheet.cuts[2] is None else sheet.cuts[2]


def letter(number):
    """A, B ... Z, AA, AB ... (text)."""
    before = "" if number < 26 else letter(number // 26 - 1)
    return before + chr(ord("A") + number % 26)


# --- what a sheet shows


def _seen(diagram, whole, view, size):
    """The shapes of a part of the diagram (list).

    What should be whole and is not, is left to the page where it is, and its sign with it.
    """
    broken = [box for box in whole if not _within(box, view, size)]
    seen = []
    for shape in diagram.shapes:
        if isinstance(shape, Words):
            seen += _seen_words(shape, view, size)
        elif isinstance(shape, Line):
            seen += [shape] if _reaches(shape.box.grown(4), view) else []
        elif _reaches(shape.box, view) and _within(shape.box, view, size):
            left_out = isinstance(shape, Mark) and _in_any(shape.box.middle, broken)
            seen += [] if left_out else [shape]
    return seen


def _seen_words(words, view, size):
    """A text as far as a view shows it: whole, some of its lines, or nothing (list of Words)."""
    parts = _parts(words)
    shown = [_within(box, view, size) and _reaches(box, view) for box in parts]
    if all(shown):
        return [words]
    if len(parts) == 1:
        return []
    lines = zip(parts, words.lines, shown, strict=True)
    return [words._replace(box=box, lines=(line,)) for box, line, is_shown in lines if is_shown]


def _in_any(point, boxes):
    x, y = point
    return any(box.x < x < box.right and box.y < y < box.bottom for box in boxes)


def _reaches(box, view):
    return box.x < view.right and box.right > view.x and box.y < view.bottom and box.bottom > view.y


def _within(box, view, size):
    """Whether a box lies in a view along each side, or is too long there for any page (bool)."""
    wide, high = size
    across = box.x >= view.x - 0.1 and box.right <= view.right + 0.1
    down = box.y >= view.y - 0.1 and box.bottom <= view.bottom + 0.1
    too_wide = box.right - box.x > WHOLE * wide
    too_high = box.bottom - box.y > WHOLE * high
    return (across or too_wide) and (down or too_high)

"""What stands around and in a chart over time: its title, numbered flags and their texts, brackets
with words, breaks, labels.
"""

from typing import NamedTuple

import numpy as np

from see_the_system.charts.panels import SMALL, TITLE, apart
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import INK, QUIET, RULE

_FLAG = 17  # how wide and how high a flag stands
_LINE = SMALL * lettering.LINE


def head(panel, title, notes, *, gap=5):
    """The title above all that is there, and what it is counted in under it."""
    notes = " · ".join(filter(None, notes))
    if notes:
        panel.write_above(notes, color=QUIET, gap=gap)
        gap = 0
    if title:
        panel.write_above(title, size=TITLE, bold=True, gap=gap)


def flags(panel, x, y):
    """Numbered flags above the axes, from 1, each joined to its point.

    x and y are places in points, in order.
    """
    if not len(x):
        return
    # Where there are more than fit side by side, they stand in several rows, turn by turn.
    rows = int(np.ceil(len(x) * _FLAG / panel.wide))
    places = apart(x, [_FLAG / rows] * len(x), 0, panel.wide)
    for i, place in enumerate(places):
        base = panel.high + panel.above + 16 + _FLAG * (i % rows)
        panel.draw(
            [place, x[i], x[i]],
            [base - 7, panel.high, y[i] + 5],
            color="#8a97a5",
            linewidth=0.7,
            zorder=1.5,
        )
        panel.draw(
            place,
            base,
            marker="o",
            markersize=14,
            markerfacecolor="white",
            markeredgecolor=INK,
            zorder=3,
        )
        size = 8.5 if i < 9 else 7.5
        panel.write(place, base - 3.2, str(i + 1), size=size, anchor="center", bold=True, zorder=4)
    panel.above += 24 + _FLAG * (rows - 1)


def numbered(panel, texts):
    """The texts of the flags under all that is there, each after its number."""
    panel.below += 5 if texts else 0
    for number, text in enumerate(texts, 1):
        baseline = -panel.below - 4 - SMALL
        panel.write(14 - panel.left, baseline, str(number), bold=True, anchor="right")
        panel.write_below(text, x=20 - panel.left)


_PLAIN = {"color": QUIET, "marker": ""}


class Span(NamedTuple):
    """Stretches of the time axis (pairs of places in points) that one line of words is about.

    ``look``: how its points are drawn, as matplotlib's ``Line2D`` takes it; a span without points
    has no marker.
    """

    stretches: list
    text: str
    look: dict = _PLAIN


def lanes(panel, spans):
    """Each span as brackets under the axes with its words beneath.

    They stand beside others where there is room.
    """
    rows = []
    for span in spans:
        indent = _indent(span)
        lines, wide, _ = lettering.block(span.text, SMALL, panel.left + panel.end - indent)
        wide += indent
        start, end = span.stretches[0][0], span.stretches[-1][1]
        x = np.clip(start, -panel.left, panel.end - wide)
        lane = (min(x, start) - 12, max(x + wide, end), x, lines, span)
        with_room = (row for row in rows if not any(_meet(lane, other) for other in row))
        row = next(with_room, None)
        if row is None:
            rows.append([lane])
        else:
            row.append(lane)
    for row in rows:
        for *_, x, lines, span in row:
            _lane(panel, span, lines, x)
        panel.below += 12 + max(len(lines) for *_, lines, _ in row) * _LINE


def _indent(span):
    """How much room the shape of its points takes before the words, in points (float)."""
    return 13 if span.look["marker"] else 0


def _meet(lane, other):
    return lane[0] <= other[1] and lane[1] >= other[0]


def _lane(panel, span, lines, x):
    y = -panel.below - 8
    for start, end in _joined(span.stretches):
        middle = (start + end) / 2
        half = max(end - start, 6) / 2
        left, right = middle - half, middle + half
        bracket = [y + 3, y, y, y + 3]
        panel.draw([left, left, right, right], bracket, color=span.look["color"], linewidth=1.6)
    if span.look["marker"]:
        draw_shape(panel, x + 5, y - 3, span.look)
    for place, line in enumerate(lines):
        panel.write(x + _indent(span), y - 3 - SMALL - place * _LINE, line)


def draw_shape(panel, x, top, look):
    """One shape in a line of words whose upper edge is at ``top``."""
    panel.draw(x, top - 0.65 * SMALL, markeredgecolor="white", **look)


def _joined(stretches):
    """Stretches so close that their brackets would touch, as one (list of pairs)."""
    found = []
    for start, end in sorted(stretches):
        if found and start - found[-1][1] < 9:
            start, other_end = found.pop()
            end = max(end, other_end)
        found.append((start, end))
    return found


def breaks(panel, at, after):
    """Quiet bands between the points where ``after`` says that one comes after a break.

    With the word where it fits.
    """
    x = panel.x(at)
    for i in np.flatnonzero(after):
        start, end = x[i - 1] + 5, x[i] - 5
        if end > start:
            panel.fill([start, end], 0, panel.high, color="#f3f3f3", linewidth=0, zorder=0.7)
        if end - start > lettering.width("break", SMALL):
            panel.write((start + end) / 2, 4, "break", anchor="center", color=QUIET)


def hatched(panel, start, end):
    """A hatched band where something is hidden, between two places in points."""
    panel.fill(
        [max(start, 0), min(end, panel.wide)],
        0,
        panel.high,
        facecolor="#f0f2f4",
        hatch="////",
        edgecolor=RULE,
        linewidth=0,
        zorder=0.8,
    )


def label_in_axes(panel, text, spots, obstacles, taken):
    """A label where it stands freest in the axes.

    ``spots``: places of its middle, best first, in points. ``obstacles``: places of what it should
    not cover (array of x, y). ``taken``: boxes of other texts, which it must not meet, and to which
    its own is added.
    """
    size = np.array([lettering.width(text, SMALL), 1.05 * SMALL])
    room = np.array([panel.wide - 1, panel.high - 2]) - size
    best_cost, best = np.inf, None
    for order, spot in enumerate(spots):
        corner = np.clip(spot - size / 2, [1, 2], room)
        covered = np.abs(obstacles - corner - size / 2) < size / 2 + 3
        meets = sum(_overlap(corner, corner + size, *box) for box in taken)
        cost = 10_000 * meets + 10 * covered.all(axis=1).sum() + order
        if cost < best_cost:
            best_cost, best = cost, corner
    taken.append((best, best + size))
    panel.write(
        best[0],
        best[1] + 1.5,
        text,
        zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8},
    )


def _overlap(corner, end, other_corner, other_end):
    """Whether two boxes come closer than 3 points across and 1 point down (bool)."""
    gap = [3, 1]
    return bool((corner < other_end + gap).all() and (other_corner < end + gap).all())


def traced(x, y):
    """Places along a line, every fourth point of length (array of x, y)."""
    far = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    along = np.arange(0, far[-1] + 4, 4)
    return np.column_stack([np.interp(along, far, x), np.interp(along, far, y)])


def label_right(panel, labels):
    """Labels beside the axes, each (value, text, color), moved apart where they would overlap.

    The text may have several lines.
    """
    labels = sorted(labels, key=lambda label: label[0])
    heights = panel.y([value for value, *_ in labels])
    sizes = [SMALL * (0.1 + 1.2 * text.count("\n") + 1.1) for _, text, _ in labels]
    places = apart(heights, sizes, -4, panel.high + 4)
    for (_, text, color), height, y in zip(labels, heights, places, strict=True):
        panel.draw([panel.wide, panel.wide + 8], [height, y], color=RULE, linewidth=0.8)
        for place, line in enumerate(text.split("\n")):
            lower = 0.6 * text.count("\n") - 1.2 * place - 0.36
            panel.write(panel.wide + 10, y + SMALL * lower, line, color=color)

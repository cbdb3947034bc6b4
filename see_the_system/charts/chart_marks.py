"""What stands around and in a chart over time: its title, numbered flags and their texts, brackets
with words, breaks, labels.
"""

from dataclasses import dataclass

import numpy as np

from see_the_system.charts.panels import SMALL, TITLE, apart
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import INK, QUIET, RULE

_FLAG = 17


def head(panel, title, notes, *, gap=5, most=None):
    """The title above all that is there, and what it is counted in and which way is better under
    it.
    """
    held, panel.right = panel.right, panel.right if most is None else most - panel.left - panel.wide
    if notes := " · ".join(filter(None, notes)):
        panel.over(notes, color=QUIET, gap=gap)
    if title:
        panel.over(title, size=TITLE, bold=True, gap=0 if notes else gap)
    panel.right = held


def flags(panel, x, y):
    """Numbered flags above the axes, from 1, each joined to its point.

    x and y are places in points, in order.
    """
    if not len(x):
        return
    rows = int(np.ceil(len(x) * _FLAG / panel.wide))
    level = np.arange(len(x)) % rows
    places = apart(x, [_FLAG / rows] * len(x), 0, panel.wide)
    for number, (place, px, py, row) in enumerate(zip(places, x, y, level, strict=False), 1):
        base = panel.high + panel.above + 16 + _FLAG * row
        panel.draw(
            [place, px, px],
            [base - 7, panel.high, py + 5],
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
        panel.say(
            place,
            base - 3.2,
            str(number),
            size=8.5 if number < 10 else 7.5,
            anchor="center",
            bold=True,
            zorder=4,
        )
    panel.above += 24 + _FLAG * (rows - 1)


def numbered(panel, texts):
    """The texts of the flags under all that is there, each after its number."""
    panel.below += 5 if texts else 0
    for number, text in enumerate(texts, 1):
        top = panel.below + 4 + SMALL
        panel.say(-panel.left + 14, -top, str(number), bold=True, anchor="right")
        panel.under(text, x=-panel.left + 20)


@dataclass(frozen=True)
class Span:
    """Stretches of the time axis (pairs of places in points) that one line of words is about;
    ``marker``: the shape of its points.
    """

    stretches: tuple
    text: str
    color: str = QUIET
    marker: str = ""
    size: float = 8


def lanes(panel, spans):
    """Each span as brackets under the axes with its words beneath, beside others where there is
    room.
    """
    rows = []
    for span in spans:
        indent = 13 if span.marker else 0
        lines, wide, _ = lettering.block(
            span.text, SMALL, panel.left + panel.wide + panel.right - indent
        )
        x = np.clip(span.stretches[0][0], -panel.left, panel.wide + panel.right - wide - indent)
        extent = (min(x, span.stretches[0][0]) - 12, max(x + wide + indent, span.stretches[-1][1]))
        row = next(
            (
                row
                for row in rows
                if all(extent[0] > end or extent[1] < start for *_, (start, end) in row)
            ),
            None,
        )
        rows += [[]] if row is None else []
        (rows[-1] if row is None else row).append((span, lines, x, indent, extent))
    for row in rows:
        for span, lines, x, indent, _ in row:
            _lane(panel, span, lines, x, indent)
        panel.below += 12 + max(len(lines) for _, lines, *_ in row) * SMALL * lettering.LINE


def _lane(panel, span, lines, x, indent):
    y = -panel.below - 8
    for start, end in _joined(span.stretches):
        middle, half = (start + end) / 2, max(end - start, 6) / 2
        panel.draw(
            [middle - half, middle - half, middle + half, middle + half],
            [y + 3, y, y, y + 3],
            color=span.color,
            linewidth=1.6,
        )
    if span.marker:
        panel.draw(
            x + 5,
            y - 3 - 0.65 * SMALL,
            marker=span.marker,
            color=span.color,
            markersize=span.size,
            markeredgecolor="white",
        )
    for place, line in enumerate(lines):
        panel.say(x + indent, y - 3 - SMALL - place * SMALL * lettering.LINE, line)


def _joined(stretches):
    """Stretches so close that their brackets would touch, as one (list of pairs)."""
    found = []
    for start, end in sorted(stretches):
        if found and start - found[-1][1] < 9:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def breaks(panel, at, after):
    """Quiet bands between the points where ``after`` says that one comes after a break, with the
    word where it fits.
    """
    x = panel.x(at)
    for i in np.flatnonzero(after):
        start, end = x[i - 1] + 5, x[i] - 5
        if end > start:
            panel.fill([start, end], 0, panel.high, color="#f3f3f3", linewidth=0, zorder=0.7)
        if end - start > lettering.width("break", SMALL):
            panel.say((start + end) / 2, 4, "break", anchor="center", color=QUIET)


def hatched(panel, start, end):
    """A hatched band where something is hidden, between two places in points."""
    start, end = max(start, 0), min(end, panel.wide)
    panel.fill(
        [start, end],
        0,
        panel.high,
        facecolor="#f0f2f4",
        hatch="////",
        edgecolor=RULE,
        linewidth=0,
        zorder=0.8,
    )


def place_label(panel, text, spots, obstacles, taken):
    """Where in the axes a label stands freest: (x, y) of its lower left corner; ``spots``: places
    of its middle, best first, in points.

    obstacles: places of what it should not cover (array of x, y); taken: boxes of other texts,
    which it must not meet, and to which its own is added.
    """
    wide, tall = lettering.width(text, SMALL), 1.05 * SMALL
    best = None
    for order, (x, y) in enumerate(spots):
        box = (
            np.clip(x - wide / 2, 1, panel.wide - wide - 1),
            np.clip(y - tall / 2, 2, panel.high - tall - 2),
        )
        covered = (
            (
                np.abs(obstacles - (box[0] + wide / 2, box[1] + tall / 2))
                < (wide / 2 + 3, tall / 2 + 3)
            )
            .all(axis=1)
            .sum()
        )
        meets = sum(
            box[0] < b[2] + 3
            and b[0] < box[0] + wide + 3
            and box[1] < b[3] + 1
            and b[1] < box[1] + tall + 1
            for b in taken
        )
        cost = 10_000 * meets + 10 * covered + order
        if best is None or cost < best[0]:
            best = cost, box
    taken.append((*best[1], best[1][0] + wide, best[1][1] + tall))
    return best[1]


def traced(x, y, *, step=4):
    """Places along a line, every ``step`` points (array of x, y)."""
    far = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    along = np.arange(0, far[-1] + step, step)
    return np.column_stack([np.interp(along, far, x), np.interp(along, far, y)])


def label_right(panel, labels):
    """Labels beside the axes, each (value, text, color), the text in lines, moved apart where they
    would overlap.
    """
    labels = sorted(labels, key=lambda label: label[0])
    sizes = [SMALL * (0.1 + 1.2 * text.count("\n") + 1.1) for _, text, _ in labels]
    places = apart([panel.y(value) for value, *_ in labels], sizes, -4, panel.high + 4)
    for (value, text, color), y in zip(labels, places, strict=False):
        panel.draw([panel.wide, panel.wide + 8], [panel.y(value), y], color=RULE, linewidth=0.8)
        for place, line in enumerate(text.split("\n")):
            panel.say(
                panel.wide + 10,
                y + SMALL * (0.6 * text.count("\n") - 1.2 * place - 0.36),
                line,
                color=color,
            )

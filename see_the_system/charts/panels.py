"""Axes of a known size in points, and text around them that is measured before it is placed: none
overlaps, none leaves the picture.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.dates import date2num
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D
from scipy.optimize import isotonic_regression

from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import INK, QUIET

SMALL, TITLE = 9.5, 11.5


@dataclass
class Panel:
    """Axes of ``wide`` by ``high`` points with margins to the left and right; what stands above and
    below them reaches as far as said.
    """

    ax: object
    wide: float
    high: float
    left: float = 0.0
    right: float = 0.0
    above: float = 0.0
    below: float = 0.0
    corner: Affine2D = field(default_factory=Affine2D)

    @property
    def points(self):
        return self.corner + Affine2D().scale(1 / 72) + self.ax.figure.dpi_scale_trans

    def x(self, values):
        """Where times stand, in points from the left edge of the axes (array)."""
        first, last = self.ax.get_xlim()
        return (date2num(values) - first) / (last - first) * self.wide

    def y(self, values):
        """Where values stand, in points from the lower edge of the axes (array)."""
        low, high = self.ax.get_ylim()
        return (np.asarray(values, float) - low) / (high - low) * self.high

    def say(self, x, y, text, *, size=SMALL, color=INK, anchor="left", bold=False, **more):
        """One line of text, its baseline at a place in points; a dollar sign in it begins no
        formula.
        """
        weight = "bold" if bold else "normal"
        self.ax.text(
            x,
            y,
            text,
            transform=self.points,
            fontsize=size,
            color=color,
            ha=anchor,
            va="baseline",
            weight=weight,
            parse_math=False,
            clip_on=False,
            **more,
        )

    def draw(self, x, y, **style):
        """A line or marks at places in points."""
        self.ax.add_artist(
            Line2D(
                np.atleast_1d(x), np.atleast_1d(y), transform=self.points, clip_on=False, **style
            )
        )

    def fill(self, x, low, high, **style):
        """An area between two lines at places in points."""
        self.ax.fill_between(x, low, high, transform=self.points, clip_on=False, **style)

    def under(self, text, *, x=None, gap=4, size=SMALL, bold=False, **style):
        """Text below all that is there, wrapped to the width of the picture."""
        x = -self.left if x is None else x
        self.below += gap
        for line in lettering.wrap(text, size, self.wide + self.right - x, bold):
            self.below += size * lettering.LINE
            self.say(x, -self.below + 0.3 * size, line, size=size, bold=bold, **style)

    def over(self, text, *, gap=4, size=SMALL, bold=False, **style):
        """Text above all that is there, wrapped to the width of the picture."""
        self.above += gap
        for line in lettering.wrap(text, size, self.left + self.wide + self.right, bold)[::-1]:
            self.say(
                -self.left, self.high + self.above + 0.3 * size, line, size=size, bold=bold, **style
            )
            self.above += size * lettering.LINE


def seat(rows, *, edge=6):
    """Puts rows of panels under each other on a figure that is as large as they are; ``edge`` in
    points around all.
    """
    figure = rows[0][0].ax.figure
    figure.set_layout_engine("none")
    tall = [
        max(p.above for p in row) + max(p.high for p in row) + max(p.below for p in row)
        for row in rows
    ]
    wide, high = (
        max(sum(p.left + p.wide + p.right for p in row) for row in rows) + 2 * edge,
        sum(tall) + 2 * edge,
    )
    figure.set_size_inches(wide / 72, high / 72)
    top = high - edge
    for row, down in zip(rows, tall, strict=False):
        x, base = edge, top - max(p.above for p in row) - max(p.high for p in row)
        for panel in row:
            x += panel.left
            panel.ax.set_position((x / wide, base / high, panel.wide / wide, panel.high / high))
            panel.corner.clear().translate(x, base)
            x += panel.wide + panel.right
        top -= down


def seated(panel):
    """Holds a panel to axes that have their place already."""
    box = panel.ax.get_window_extent()
    panel.corner.clear().translate(*(edge * 72 / panel.ax.figure.dpi for edge in (box.x0, box.y0)))


def size_of(ax):
    """Width and height of axes in points as their figure lays them out, which is then kept (two
    floats).
    """
    ax.figure.draw_without_rendering()
    ax.figure.set_layout_engine("none")
    box = ax.get_window_extent()
    return box.width * 72 / ax.figure.dpi, box.height * 72 / ax.figure.dpi


def apart(places, sizes, low, high):
    """Places moved as little as need be so that things of those sizes, in that order, do not
    overlap and stay inside (array).

    >>> apart([10.0, 12.0], [8, 8], 0, 100).tolist()
    [7.0, 15.0]
    """
    sizes = np.asarray(sizes, float)
    if not len(sizes):
        return sizes
    offsets = np.concatenate([[0], np.cumsum((sizes[1:] + sizes[:-1]) / 2)])
    free = isotonic_regression(np.asarray(places, float) - offsets).x
    return (
        np.clip(
            free, low + sizes[0] / 2, max(high - sizes[-1] / 2 - offsets[-1], low + sizes[0] / 2)
        )
        + offsets
    )


def value_range(values, *, high, percent=False, least=None):
    """Limits of an axis of ``high`` points on which no value touches an edge, its ticks and their
    labels (two floats, array, list of text).

    least: the smallest stretch of values that is shown, so that what hardly moves looks like that;
    ``least_stretch`` unless given.
    """
    values = np.asarray(values, float)
    low, top = np.nanmin(values), np.nanmax(values)
    least = least or least_stretch(values, percent)
    if top - low < least:
        middle = (low + top) / 2
        middle = max(middle, least / 2) if low >= 0 else middle
        middle = min(middle, 100 - least / 2) if percent and top <= 100 else middle
        low, top = min(low, middle - least / 2), max(top, middle + least / 2)
    unit = (top - low) / (high - 28)
    ticks = MaxNLocator(nbins=max(2, int(high // 34)), steps=[1, 2, 2.5, 5, 10]).tick_values(
        low, top
    )
    floor, ceiling = (0 if np.nanmin(values) >= 0 else -np.inf), (100 if percent else np.inf)
    ticks = ticks[(ticks >= max(floor, low - 17 * unit)) & (ticks <= min(ceiling, top + 11 * unit))]
    return (
        low - 17 * unit,
        top + 11 * unit,
        ticks,
        [f"{tick:,.10g}{'%' if percent else ''}".replace("-", "−") for tick in ticks],
    )


def least_stretch(values, percent):
    """The smallest stretch that an axis shows (float): 20 points for percents, a fifth of the
    largest value for anything else.
    """
    return 20 if percent else 0.2 * np.nanmax(np.abs(values)) or 1


def value_axis(panel, scale, *, labels=True):
    """Sets the vertical axis as ``value_range`` found it."""
    low, top, ticks, said = scale
    panel.ax.set_ylim(low, top)
    panel.ax.set_yticks(ticks, said if labels else [""] * len(ticks), fontsize=SMALL)
    panel.ax.tick_params(axis="y", length=3, pad=3, colors=QUIET)


def label_room(scale):
    """How much room the labels of the vertical axis take, in points (float)."""
    return 9 + max((lettering.width(label, SMALL) for label in scale[3]), default=0)


def time_axis(panel, at, *, labels=True):
    """Sets the horizontal axis to these times: a mark for each, and a date under as many as there
    is room for.
    """
    days = date2num(at)
    span = max(days[-1] - days[0], 1) * panel.wide / (panel.wide - 24)
    panel.ax.set_xlim((days[0] + days[-1] - span) / 2, (days[0] + days[-1] + span) / 2)
    x = panel.x(at)
    chosen = _with_room(x, at) if labels else []
    panel.ax.set_xticks(days[chosen], [""] * len(chosen))
    panel.ax.set_xticks(days, [""] * len(days), minor=True)
    panel.ax.tick_params(axis="x", which="both", length=5 if labels else 0)
    panel.ax.tick_params(axis="x", which="minor", length=2 if len(days) <= 60 and labels else 0)
    if not labels:
        return
    panel.below += 7 + SMALL
    year = None
    for i in chosen:
        panel.say(x[i], -panel.below, day(at.iloc[i]), anchor="center", color=QUIET)
        if at.iloc[i].year != year:
            panel.say(
                x[i],
                -panel.below - SMALL * lettering.LINE,
                str(at.iloc[i].year),
                anchor="center",
                color=QUIET,
            )
        year = at.iloc[i].year
    panel.below += SMALL * (lettering.LINE + 0.3)


def day(at):
    """A date as it is read under a chart (text), as "Sep 8"."""
    at = pd.Timestamp(at)
    return f"{at:%b} {at.day}"


def _with_room(x, at):
    """The points under which a date has room, from the first on (list of int)."""
    chosen, end, before = [], -np.inf, ""
    for i, place in enumerate(x):
        label = day(at.iloc[i])
        half = max(lettering.width(label, SMALL), lettering.width("2025", SMALL)) / 2
        if place - half >= end and label != before:
            chosen.append(i)
            end, before = place + half + 8, label
    return chosen

"""Axes of a known size in points, and text around them that is measured before it is placed: none
overlaps, none leaves the picture. What every chart of matplotlib shares: a quiet style, and a
figure as SVG that reads, prints, is read out.
"""

import html
import io
import re
import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D
from scipy.optimize import isotonic_regression

from see_the_system.messages import with_minus
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import FAMILY, INK, QUIET, RULE

SMALL, LARGE, TITLE = 9.5, 10, 11.5
# Between the axis and its labels; and how far values keep from the lower and the upper edge.
_LABEL_GAP, _LOW_EDGE, _HIGH_EDGE = 9, 17, 11
_PIXELS = 4 / 3  # in a point
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


@dataclass
class Panel:
    """Axes of ``wide`` by ``high`` points, with margins to the ``left`` and ``right``.

    What stands ``above`` and ``below`` them takes as much room as is written there. Its text may
    reach ``beyond`` the right margin where other panels stand beside this one.
    """

    ax: object
    wide: float
    high: float
    left: float = 0.0
    right: float = 0.0
    above: float = 0.0
    below: float = 0.0
    beyond: float = 0.0
    corner: Affine2D = field(default_factory=Affine2D)

    @property
    def in_points(self):
        """From places in points, counted from the lower left corner of the axes, to the figure."""
        return self.corner + Affine2D().scale(1 / 72) + self.ax.figure.dpi_scale_trans

    def x(self, values):
        """Where times stand, in points from the left edge of the axes (array)."""
        first, last = self.ax.get_xlim()
        return (date2num(values) - first) / (last - first) * self.wide

    def y(self, values):
        """Where values stand, in points from the lower edge of the axes (array)."""
        low, high = self.ax.get_ylim()
        return (np.asarray(values, float) - low) / (high - low) * self.high

    @property
    def end(self):
        """How far to the right text may reach, from the left edge of the axes (float)."""
        return self.wide + self.right + self.beyond

    def write(self, x, y, text, *, size=SMALL, color=INK, anchor="left", bold=False, **style):
        """One line of text, its baseline at a place; a dollar sign in it begins no formula."""
        self.ax.text(
            x,
            y,
            text,
            transform=self.in_points,
            fontsize=size,
            color=color,
            ha=anchor,
            va="baseline",
            weight="bold" if bold else "normal",
            parse_math=False,
            clip_on=False,
            **style,
        )

    def draw(self, x, y, **style):
        """A line or marks at places; a single x or y stands for all of them."""
        x, y = np.broadcast_arrays(np.atleast_1d(x), np.atleast_1d(y))
        line = Line2D(x, y, transform=self.in_points, clip_on=False, **style)
        self.ax.add_artist(line)

    def fill(self, x, low, high, **style):
        """An area between two lines."""
        self.ax.fill_between(x, low, high, transform=self.in_points, clip_on=False, **style)

    def write_below(self, text, *, x=None, gap=4, **style):
        """Text below all that is there, wrapped to the width of the picture."""
        x = -self.left if x is None else x
        self.below += gap
        for line in lettering.wrap(text, SMALL, self.end - x):
            self.below += SMALL * lettering.LINE
            self.write(x, 0.3 * SMALL - self.below, line, **style)

    def write_above(self, text, *, gap=4, size=SMALL, bold=False, **style):
        """Text above all that is there, wrapped to the width of the picture."""
        self.above += gap
        lines = lettering.wrap(text, size, self.left + self.end, bold)
        for line in reversed(lines):
            y = self.high + self.above + 0.3 * size
            self.write(-self.left, y, line, size=size, bold=bold, **style)
            self.above += size * lettering.LINE


def seat(rows):
    """Puts rows of panels under each other on a figure that is as large as they are."""
    edge = 6  # around all
    figure = rows[0][0].ax.figure
    figure.set_layout_engine("none")
    wide = 2 * edge + max(sum(p.left + p.wide + p.right for p in row) for row in rows)
    # Of each row: down to the foot of its axes, and what hangs below them.
    axes = [max(p.above for p in row) + max(p.high for p in row) for row in rows]
    below = [max(p.below for p in row) for row in rows]
    high = 2 * edge + sum(axes) + sum(below)
    figure.set_size_inches(wide / 72, high / 72)
    top = high - edge
    for row, down, hanging in zip(rows, axes, below, strict=True):
        x = edge
        base = top - down
        for panel in row:
            x += panel.left
            panel.ax.set_position((x / wide, base / high, panel.wide / wide, panel.high / high))
            panel.corner.clear().translate(x, base)
            x += panel.wide + panel.right
        top = base - hanging


def apart(places, sizes, low, high):
    """Places moved as little as need be so that things do not overlap and stay inside (array).

    Things of those ``sizes``, in that order, between ``low`` and ``high``.

    >>> apart([10.0, 12.0], [8, 8], 0, 100).tolist()
    [7.0, 15.0]
    """
    sizes = np.asarray(sizes, float)
    if not len(sizes):
        return sizes
    # With what must lie between them taken out, the places need only stay in order.
    offsets = np.concatenate([[0], np.cumsum((sizes[1:] + sizes[:-1]) / 2)])
    free = isotonic_regression(np.asarray(places, float) - offsets).x
    lowest = low + sizes[0] / 2
    highest = high - sizes[-1] / 2 - offsets[-1]
    return np.clip(free, lowest, max(highest, lowest)) + offsets


class Scale(NamedTuple):
    """A vertical axis: its ends, its ticks and their labels."""

    low: float
    top: float
    ticks: np.ndarray
    labels: list


def value_range(values, *, high, least, percent=False):
    """An axis of ``high`` points on which no value touches an edge (``Scale``).

    least: the smallest stretch of values that is shown, so that what hardly moves looks like that.
    """
    values = np.asarray(values, float)
    low, top = np.nanmin(values), np.nanmax(values)
    floor = 0 if low >= 0 else -np.inf
    ceiling = 100 if percent else np.inf
    if top - low < least:
        middle = (low + top) / 2
        if low >= 0:
            middle = max(middle, least / 2)
        if percent and top <= 100:
            middle = min(middle, 100 - least / 2)
        low, top = min(low, middle - least / 2), max(top, middle + least / 2)
    unit = (top - low) / (high - _LOW_EDGE - _HIGH_EDGE)
    low_edge, high_edge = low - _LOW_EDGE * unit, top + _HIGH_EDGE * unit
    locator = MaxNLocator(nbins=max(2, int(high // 34)), steps=[1, 2, 2.5, 5, 10])
    ticks = locator.tick_values(low, top)
    ticks = ticks[(ticks >= max(floor, low_edge)) & (ticks <= min(ceiling, high_edge))]
    sign = "%" if percent else ""
    labels = [with_minus(f"{tick:,.10g}{sign}") for tick in ticks]
    return Scale(low_edge, high_edge, ticks, labels)


def value_axis(panel, scale):
    """Sets the vertical axis as ``value_range`` found it."""
    panel.ax.set_ylim(scale.low, scale.top)
    panel.ax.set_yticks(scale.ticks, scale.labels, fontsize=SMALL)
    panel.ax.tick_params(axis="y", length=3, pad=3, colors=QUIET)


def label_room(scale):
    """How much room the labels of the vertical axis take, in points (float)."""
    return _LABEL_GAP + max((lettering.width(label, SMALL) for label in scale.labels), default=0)


def time_axis(panel, at, *, labels=True):
    """Sets the horizontal axis to these times: a mark for each, a date where there is room."""
    days = date2num(at)
    span = max(days[-1] - days[0], 1) * panel.wide / (panel.wide - 24)
    panel.ax.set_xlim((days[0] + days[-1] - span) / 2, (days[0] + days[-1] + span) / 2)
    x = panel.x(at)
    chosen = _with_room(x, at) if labels else []
    panel.ax.set_xticks(days[chosen], [""] * len(chosen))
    panel.ax.set_xticks(days, [""] * len(days), minor=True)
    panel.ax.tick_params(axis="x", which="both", length=5 if labels else 0)
    panel.ax.tick_params(axis="x", which="minor", length=2 if len(days) <= 60 and labels else 0)
    if labels:
        _dates(panel, x[chosen], at.iloc[chosen])


def _dates(panel, x, at):
    """Dates under the axes at these places, and each year under its first."""
    quiet = {"anchor": "center", "color": QUIET}
    panel.below += 7 + SMALL
    year = None
    for place, time in zip(x, at, strict=True):
        panel.write(place, -panel.below, day(time), **quiet)
        if time.year != year:
            panel.write(place, -panel.below - SMALL * lettering.LINE, str(time.year), **quiet)
        year = time.year
    panel.below += SMALL * (lettering.LINE + 0.3)


def day(at):
    """A date as it is read under a chart (text), as "Sep 8"."""
    at = pd.Timestamp(at)
    return f"{at:%b} {at.day}"


def _with_room(x, at):
    """The points under which a date has room, from the first on (list of int)."""
    chosen = []
    end, before = -np.inf, ""
    for i, place in enumerate(x):
        label = day(at.iloc[i])
        half = max(lettering.width(label, SMALL), lettering.width("2025", SMALL)) / 2
        if place - half >= end and label != before:
            chosen.append(i)
            end, before = place + half + 8, label
    return chosen


@cache
def _style():
    """seaborn's quiet style and ours, as matplotlib settings (dict)."""
    # Loaded when something is drawn, because it takes longer to load than a chart takes to draw.
    import seaborn as sns

    return {
        **sns.axes_style("ticks"),
        "font.family": "DejaVu Sans",
        "font.size": 11,
        "axes.edgecolor": RULE,
        "axes.labelcolor": QUIET,
        "text.color": INK,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "svg.fonttype": "none",
        "svg.hashsalt": "see-the-system",
        "figure.facecolor": "white",
        "legend.frameon": False,
    }


def new_axes(*, height=3.2, columns=1):
    """Empty axes in the house style: one, or a row of ``columns`` (Axes, or array of Axes).

    height: in inches.
    """
    with matplotlib.rc_context(_style()):
        figure = Figure(figsize=(7.2, height), layout="constrained")
        return figure.subplots(1, columns)


def svg(axes, *, name, words):
    """The figure of the axes as inline SVG (text).

    Titled by ``name`` and described by ``words`` for whoever cannot see it. Coordinates are rounded
    to a hundredth of a point, so that the same numbers give the same bytes on every machine; what
    is written stays.
    """
    text = _drawn(axes.figure)
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", _rounded, text)
    text = re.sub(r"\n\s*", "\n", text).replace("\n</g>", "</g>")
    text = re.sub(r"font: ([^;\"]*?)'DejaVu Sans'[^;\"]*", rf"font: \1{FAMILY}", text)
    # Several pictures stand on one page: what each refers to has its name before it.
    prefix = re.sub(r"\W+", "-", name.casefold()).strip("-")
    text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{prefix}-", text)
    opening, inside = text.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', opening).group()
    width, height = (
        float(re.search(rf'{side}="([\d.]+)pt"', opening).group(1)) * _PIXELS
        for side in ("width", "height")
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{box} width="{width:.0f}" height="{height:.0f}" '
        f'style="max-width:100%;height:auto;font-family:{FAMILY}" '
        f'role="img" aria-labelledby="{prefix}-name {prefix}-words">'
        f'<title id="{prefix}-name">{html.escape(name)}</title>'
        f'<desc id="{prefix}-words">{html.escape(words)}</desc>{inside.strip()}'
    )


def _drawn(figure):
    """A figure as matplotlib's SVG, from its first element on (text)."""
    out = io.StringIO()
    with matplotlib.rc_context(_style()), warnings.catch_warnings():
        # The browser has the letters that this font lacks: text stays text.
        warnings.filterwarnings("ignore", message="Glyph")
        figure.savefig(out, format="svg", metadata=_NO_METADATA)
    text = out.getvalue()
    return text[text.index("<svg") :]


def _rounded(tag):
    return re.sub(r"-?\d+\.\d{2,}", _two_places, tag.group())


def _two_places(number):
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")

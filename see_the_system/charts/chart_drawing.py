"""How a run chart is drawn in a panel: points and lines, and the signals and notes around them."""

import re

import numpy as np

from see_the_system.charts.chart_marks import (
    Span,
    breaks,
    draw_shape,
    flags,
    lanes,
    numbered,
)
from see_the_system.charts.chart_words import digits
from see_the_system.charts.panels import (
    SMALL,
    Panel,
    day,
    label_room,
    new_axes,
    value_axis,
    value_range,
)
from see_the_system.charts.rules import WHOLE_CHART
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import COMPARISON, FOCUS, INK, QUIET, RULE

MARKS = {
    "improvement": {"color": FOCUS["color"], "marker": "*", "markersize": 12},
    "concern": COMPARISON | {"markersize": 7.5},
    "": {"color": INK, "marker": "D", "markersize": 6.5},
}
_MEANINGS = {"improvement": "signal of improvement", "concern": "signal of concern", "": "signal"}
_DIRECTIONS = {"higher": "↑ higher is better", "lower": "↓ lower is better", "": ""}
_CENTRES = {"run": "median", "g": "median", "t": "center"}
BAND, TARGET = "#e2ebf3", "#00664a"
_SHORT_DASH, _LONG_DASH, _DOTS = (0, (4, 2)), (0, (5, 2)), (0, (1, 2))


def scale_of(charts, high):
    """A vertical axis of ``high`` points for everything of these charts, as of ``value_range``.

    What hardly moves looks like that, except beside limits: they say what chance does, and each
    chart's take a quarter of the axis or more.
    """
    values, widths = [], []
    for chart in charts:
        frame = chart.frame
        values += [frame[name] for name in ("value", "centre", "lower", "upper")]
        if chart.target is not None:
            values.append([chart.target])
        widths.append(frame["upper"] - frame["lower"])
    values, widths = np.concatenate(values).astype(float), np.concatenate(widths)
    percent = charts[0].unit == "percent"
    # A chart without limits has a width of NaN.
    narrowest = min(widths[widths > 0], default=np.inf)
    stretch = 20 if percent else 0.2 * np.nanmax(np.abs(values)) or 1
    least = min(stretch, 4 * narrowest)
    return value_range(values, percent=percent, high=high, least=least)


def panel_beside(scale, wide, high, labels):
    """A panel that takes ``wide`` points with the labels on its left and right (``Panel``).

    labels: as of ``label_right``.
    """
    lines = [line for _, text, _ in labels for line in text.split("\n")]
    right = max([24, *(12 + lettering.width(line, SMALL) for line in lines)])
    left = label_room(scale)
    panel = Panel(new_axes(), wide - left - right - 12, high, left, right)
    value_axis(panel, scale)
    return panel


def centre_name(chart):
    """What the centre line is called beside it (text)."""
    return _CENTRES.get(chart.kind, "average")


def short_number(value, chart):
    """A value as the words say it (text), its unit left to the title unless it is percent."""
    sign = "%" if chart.unit == "percent" else ""
    return digits(value, chart).removesuffix(".0") + sign


def direction(chart):
    """Which way is better, as an arrow and in words (text), "" where it is not said."""
    return _DIRECTIONS[chart.better]


def signal_points(chart):
    """The points drawn as signals, and for what (dict from position to concern).

    A signal of the whole chart has no points of its own.
    """
    points = set()
    for signal in chart.signals:
        if signal.rule not in WHOLE_CHART:
            points.update(signal.points)
    return {point: chart.frame["concern"].iloc[point] for point in sorted(points)}


def draw_chart(panel, chart, *, gaps=True):
    """The series itself: breaks, limits, centre, target, points and those with a signal."""
    frame = chart.frame
    if gaps:
        breaks(panel, frame["at"], frame["gap_before"])
    for _, part in frame.groupby("phase"):
        _draw_limits(panel, part)
        _draw_centre(panel, part)
    if chart.target is not None:
        panel.draw(
            [0, panel.wide],
            panel.y(chart.target),
            color=TARGET,
            linewidth=1.3,
            linestyle=_DOTS,
            zorder=1.6,
        )
    x, y = panel.x(frame["at"]), panel.y(frame["value"])
    for _, stretch in frame.groupby(frame["gap_before"].cumsum()):
        places = stretch.index
        panel.draw(x[places], y[places], color=QUIET, linewidth=1.1, zorder=2)
    size = float(np.clip(0.6 * panel.wide / len(frame), 2.6, 5))  # fewer points are drawn larger
    found = signal_points(chart)
    plain = [point for point in range(len(frame)) if point not in found]
    dot = {"color": QUIET, "marker": "o", "markersize": size}
    panel.draw(x[plain], y[plain], linestyle="none", markeredgewidth=0, zorder=2.5, **dot)
    for concern, look in MARKS.items():
        points = [point for point, meaning in found.items() if meaning == concern]
        mark = look | {"markersize": look["markersize"] * max(0.7, size / 5)}
        mark["markeredgecolor"] = "white"
        panel.draw(x[points], y[points], linestyle="none", zorder=3, **mark)
    panel.ax.spines["bottom"].set_color(RULE)


def _steps(panel, part):
    """Where the step of each point of a phase begins and ends (array, one longer than points)."""
    x = panel.x(part["at"])
    middle = (x[1:] + x[:-1]) / 2
    half = np.median(np.diff(x)) / 2
    return np.concatenate([[max(x[0] - half, 0)], middle, [min(x[-1] + half, panel.wide)]])


def _draw_limits(panel, part):
    if part["upper"].isna().all():
        return
    x = np.repeat(_steps(panel, part), 2)[1:-1]
    low, high = (np.repeat(panel.y(part[name]), 2) for name in ("lower", "upper"))
    panel.fill(x, low, high, color=BAND, linewidth=0, zorder=0.5)
    for line in (low, high):
        panel.draw(x, line, color=QUIET, linewidth=0.8, linestyle=_SHORT_DASH, zorder=1)


def _draw_centre(panel, part):
    """The centre line, solid over the points that set it and dashed over those held against it."""
    x = _steps(panel, part)
    level = panel.y(part["centre"].iloc[0])
    last = int(np.flatnonzero(part["in_baseline"])[-1]) + 1
    line = {"color": INK, "linewidth": 1.3, "zorder": 1.5}
    panel.draw([x[0], x[last]], level, **line)
    panel.draw([x[last], x[-1]], level, linestyle=_LONG_DASH, **line)
    if part["phase"].iloc[0]:
        panel.draw(x[0], [0, panel.high], color=RULE, linewidth=1, zorder=1)


def mark_chart(panel, chart):
    """What stands around a chart: the baselines and the signals below it, the flags above."""
    frame = chart.frame
    x = panel.x(frame["at"])
    lanes(panel, [*_baseline_spans(chart, x), *_signal_spans(chart, x)])
    points = [note.point for note in chart.annotations]
    flags(panel, x[points], panel.y(frame["value"].iloc[points]))


def _baseline_spans(chart, x):
    """The frozen baselines as ``Span``, those of phases that say the same as one (list)."""
    alike = {}
    for number, first in enumerate(chart.frozen):
        if not first:
            continue
        base = chart.frame[chart.frame["phase"] == number].index[:first]
        text = f"baseline: the first {first} points"
        if len(chart.frozen) > 1:
            text += " of the phase"
        left_out = int((~chart.frame["in_baseline"][base]).sum())
        if left_out:
            text += f", {left_out} left out"
        alike.setdefault(text, []).append((x[base[0]], x[base[-1]]))
    return [Span(stretches, text) for text, stretches in alike.items()]


def _signal_spans(chart, x):
    """The signals as ``Span``, those that say the same as one (list)."""
    alike = {}
    for signal in chart.signals:
        concern = chart.frame["concern"].iloc[signal.points[0]] if signal.side else ""
        saying = (_without_place(signal), concern, signal.rule in WHOLE_CHART)
        alike.setdefault(saying, []).append((x[signal.points[0]], x[signal.points[-1]]))
    spans = []
    for (text, concern, whole), stretches in alike.items():
        look = MARKS[concern]
        text = f"{text} ({concern})" if concern else text
        look = look | {"marker": ""} if whole else look
        spans.append(Span(stretches, text, look))
    return spans


def _without_place(signal):
    """What a signal says without its place, which the picture shows (text)."""
    return re.sub(r"^Points? \d+(?: to \d+)?(?:: | lies )", "", signal.words).rstrip(".")


def numbered_notes(panel, chart):
    """What happened when, under all that is there, each with the number of its flag."""
    texts = []
    for note in chart.annotations:
        when = ", ".join(filter(None, [day(note.at), note.cycle]))
        texts.append(": ".join(filter(None, [when, note.text.strip()])))
    numbered(panel, texts)


def explain_shapes(panel, charts):
    """What the shapes of the signals in these charts mean, in a line below."""
    there = {concern for chart in charts for concern in signal_points(chart).values()}
    x = -panel.left
    panel.below += 6
    for concern, look in MARKS.items():
        if concern not in there:
            continue
        meaning = _MEANINGS[concern]
        wide = lettering.width(meaning, SMALL)
        if x + 16 + wide > panel.end:
            x = -panel.left
            panel.below += 14
        draw_shape(panel, x + 5, -panel.below, look)
        panel.write(x + 14, -panel.below - SMALL, meaning)
        x += wide + 32
    panel.below += SMALL * lettering.LINE

"""The pictures of run charts and control charts; their words are in ``chart_words``."""

import re

import numpy as np
import pandas as pd

from see_the_system.charts.chart_marks import (
    Span,
    breaks,
    flags,
    head,
    label_right,
    lanes,
    numbered,
    place_label,
    traced,
)
from see_the_system.charts.chart_words import number, percent
from see_the_system.charts.panels import (
    SMALL,
    Panel,
    day,
    label_room,
    least_stretch,
    seat,
    seated,
    size_of,
    time_axis,
    value_axis,
    value_range,
)
from see_the_system.charts.rules import RULE_SETS
from see_the_system.pictures import lettering
from see_the_system.pictures.figures import new_axes
from see_the_system.pictures.lettering import COMPARISON, FOCUS, INK, QUIET, RULE

MARKS = {
    "improvement": (FOCUS["color"], "*", 12),
    "concern": (COMPARISON["color"], "s", 7.5),
    "": (INK, "D", 6.5),
}
WHOLE_CHART = ("few crossings", "number of runs")
CENTRES = {"run": "median", "g": "median", "t": "center"}
BAND, _TARGET = "#e2ebf3", "#00664a"


def plot_run_chart(chart, *, width=7.2, ax=None):
    """A chart over time with its centre, limits, target, signals and what happened when (Axes);
    ``RunChart`` in, width in inches.

    Stars are points with a signal of improvement, squares of concern, diamonds where neither is
    said; each kind of signal has its brackets and words below. Flags are numbered and listed below.
    Axes that are given keep their size; the words around them need room there.
    """
    own, ax = ax is None, new_axes() if ax is None else ax
    high = 200 if own else size_of(ax)[1]
    scale = scale_of([chart], high)
    beside = _beside(chart, " " if width > 5 or not own else "\n")
    left, right = (
        label_room(scale),
        max(
            24,
            12
            + max(
                lettering.width(line, SMALL) for _, text, _ in beside for line in text.split("\n")
            ),
        ),
    )
    panel = Panel(ax, width * 72 - left - right - 12 if own else size_of(ax)[0], high, left, right)
    value_axis(panel, scale)
    time_axis(panel, chart.frame["at"])
    draw_chart(panel, chart)
    label_right(panel, beside)
    _label_phases(panel, chart)
    mark_chart(panel, chart)
    if chart.cannot_signal:
        panel.under(chart.cannot_signal, gap=8)
    numbered_notes(panel, chart)
    head(panel, chart.measure, [chart.group, chart.unit, direction(chart)])
    seat([[panel]]) if own else seated(panel)
    return ax


def plot_rules_side_by_side(charts, *, width=7.2):
    """One series under several rule sets, one over the other, each with its signals and its
    false-alarm rate (array of Axes).

    charts: ``compare_rules``' dict, or ``RunChart`` of the same points.
    """
    charts = list(charts.values()) if isinstance(charts, dict) else list(charts)
    axes, high = np.atleast_1d(new_axes(columns=len(charts))), 78
    scale = scale_of(charts, high)
    left = label_room(scale)
    panels = [Panel(ax, width * 72 - left - 20, high, left, 8) for ax in axes]
    for panel, chart in zip(panels, charts, strict=False):
        value_axis(panel, scale)
        time_axis(panel, chart.frame["at"], labels=panel is panels[-1])
        draw_chart(panel, chart)
        panel.over(_told(chart), color=QUIET)
        panel.over(
            f"{RULE_SETS[chart.rules].title}: false alarms in {percent(chart.false_alarm.rate)} of "
            "such charts",
            size=10.5,
            bold=True,
            gap=0,
        )
        panel.below += 6
    key(panels[-1], {concern for chart in charts for concern in marked(chart).values()})
    head(
        panels[0], charts[0].measure, [charts[0].group, charts[0].unit, direction(charts[0])], gap=8
    )
    seat([[panel] for panel in panels])
    return axes


def scale_of(charts, high):
    """A vertical axis of ``high`` points for everything of these charts, as ``value_range`` gives
    it.

    What hardly moves looks like that, except beside limits: they say what chance does, and each
    chart's take a quarter of the axis or more.
    """
    values = [
        chart.frame[name] for chart in charts for name in ("value", "centre", "lower", "upper")
    ]
    values = np.concatenate(
        [*values, [chart.target for chart in charts if chart.target is not None]]
    ).astype(float)
    percent = charts[0].unit == "percent"
    widths = np.concatenate([chart.frame["upper"] - chart.frame["lower"] for chart in charts])
    widths = widths[widths > 0]
    least = least_stretch(values, percent)
    return value_range(
        values,
        percent=percent,
        high=high,
        least=min(least, 4 * widths.min()) if len(widths) else least,
    )


def said(value, chart):
    """A value as the words of the chart say it, the unit left to the title unless it is percent
    (text).
    """
    text = number(value, chart)
    text = (
        text.removesuffix("%")
        if chart.unit == "percent"
        else text.removesuffix(chart.unit).rstrip()
    )
    return text.removesuffix(".0").replace("-", "−") + ("%" if chart.unit == "percent" else "")


def draw_chart(panel, chart, *, gaps=True):
    """The series itself: breaks, limits, centre, target, the joined points, and those with a signal
    in a shape of their own.
    """
    frame, ax = chart.frame, panel.ax
    if gaps:
        breaks(panel, frame["at"], frame["gap_before"])
    for _, part in frame.groupby("phase"):
        _draw_limits(panel, part)
        _draw_centre(panel, part)
    if chart.target is not None:
        panel.draw(
            [0, panel.wide],
            [panel.y(chart.target)] * 2,
            color=_TARGET,
            linewidth=1.3,
            linestyle=(0, (1, 2)),
            zorder=1.6,
        )
    x, y, marks = panel.x(frame["at"]), panel.y(frame["value"]), marked(chart)
    for _, run in frame.groupby(frame["gap_before"].cumsum()):
        panel.draw(x[run.index], y[run.index], color=QUIET, linewidth=1.1, zorder=2)
    plain = [i for i in range(len(frame)) if i not in marks]
    panel.draw(
        x[plain],
        y[plain],
        color=QUIET,
        linestyle="none",
        marker="o",
        markersize=_size(panel, frame),
        markeredgewidth=0,
        zorder=2.5,
    )
    for concern, (color, marker, size) in MARKS.items():
        points, size = (
            [i for i, one in marks.items() if one == concern],
            size * max(0.7, _size(panel, frame) / 5),
        )
        panel.draw(
            x[points],
            y[points],
            color=color,
            linestyle="none",
            marker=marker,
            markersize=size,
            markeredgecolor="white",
            zorder=3,
        )
    ax.spines["bottom"].set_color(RULE)


def marked(chart):
    """The points drawn as signals, and for what (dict from position to concern); a signal of the
    whole chart has no points of its own.
    """
    points = {
        point
        for signal in chart.signals
        if signal.rule not in WHOLE_CHART
        for point in signal.points
    }
    return {int(point): chart.frame["concern"].iloc[point] for point in sorted(points)}


def mark_chart(panel, chart, *, spans=()):
    """What stands around a chart: the baseline, other ``spans`` and the signals below it, the flags
    above.
    """
    frame, x = chart.frame, panel.x(chart.frame["at"])
    spans = list(spans)
    if chart.baseline and chart.baseline < (frame["phase"] == 0).sum():
        left_out = f", {len(chart.excluded)} left out" if chart.excluded else ""
        spans.append(
            Span(
                ((x[0], x[chart.baseline - 1]),),
                f"baseline: the first {chart.baseline} points{left_out}",
            )
        )
    grouped = {}
    for signal in chart.signals:
        concern = frame["concern"].iloc[signal.points[0]] if signal.side else ""
        grouped.setdefault((short_words(signal), concern, signal.rule in WHOLE_CHART), []).append(
            (x[signal.points[0]], x[signal.points[-1]])
        )
    for (text, concern, whole), stretches in grouped.items():
        color, marker, size = MARKS[concern]
        spans.append(
            Span(
                tuple(stretches),
                f"{text} ({concern})" if concern else text,
                color,
                "" if whole else marker,
                size,
            )
        )
    lanes(panel, spans)
    points = [note.point for note in chart.annotations]
    flags(panel, x[points], panel.y(frame["value"].iloc[points]))


def numbered_notes(panel, chart):
    """What happened when, under all that is there, each with the number of its flag."""
    numbered(
        panel,
        [
            ": ".join(
                filter(
                    None, [", ".join(filter(None, [day(note.at), note.cycle])), note.text.strip()]
                )
            )
            for note in chart.annotations
        ],
    )


def key(panel, concerns):
    """What the shapes of the signals mean, in a line below."""
    names = {"improvement": "signal of improvement", "concern": "signal of concern", "": "signal"}
    x = -panel.left
    panel.below += 6
    for concern in (one for one in MARKS if one in concerns):
        color, marker, size = MARKS[concern]
        wide = lettering.width(names[concern], SMALL)
        if x + 16 + wide > panel.wide + panel.right:
            x, panel.below = -panel.left, panel.below + 14
        panel.draw(
            x + 5,
            -panel.below - 0.65 * SMALL,
            marker=marker,
            color=color,
            markersize=size,
            markeredgecolor="white",
        )
        panel.say(x + 14, -panel.below - SMALL, names[concern])
        x += wide + 32
    panel.below += SMALL * lettering.LINE


def direction(chart):
    """Which way is better, as an arrow and in words (text), "" where it is not said."""
    return {"higher": "↑ higher is better", "lower": "↓ lower is better", "": ""}[chart.better]


def short_words(signal):
    """What a signal says without its place, which the picture shows (text)."""
    return re.sub(r"^Points? \d+(?: to \d+)?(?:: | lies )", "", signal.words).rstrip(".")


def _beside(chart, space):
    last = chart.frame.iloc[-1]
    limits = (
        []
        if np.isnan(last["upper"])
        else [
            (last[name], f"{name} limit{space}{said(last[name], chart)}", QUIET)
            for name in ("lower", "upper")
        ]
    )
    labels = [
        *limits[:1],
        (
            last["centre"],
            f"{CENTRES.get(chart.kind, 'average')}{space}{said(last['centre'], chart)}",
            INK,
        ),
        *limits[1:],
    ]
    if chart.target is not None:
        labels.append((chart.target, f"target{space}{said(chart.target, chart)}", _TARGET))
    return labels


def _label_phases(panel, chart):
    """The centre of each phase but the last, which has its label on the right, where it covers
    least.
    """
    frame = chart.frame
    x, y = panel.x(frame["at"]), panel.y(frame["value"])
    obstacles, taken = (
        traced(x, y),
        [(x[i - 1], 2, x[i], 4 + SMALL) for i in np.flatnonzero(frame["gap_before"])],
    )
    for _, part in list(frame.groupby("phase"))[:-1]:
        start, end, level = (
            x[part.index[0]],
            x[part.index[-1]],
            float(panel.y(part["centre"].iloc[0])),
        )
        text = said(part["centre"].iloc[0], chart)
        spots = [
            (place, level + way * off)
            for off in (8, 16, 26, 38, 52)
            for place in ((start + end) / 2, start + 8, end - 8)
            for way in (1, -1)
        ]
        place = place_label(panel, text, spots, obstacles, taken)
        panel.say(
            place[0],
            place[1] + 1.5,
            text,
            zorder=4,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8},
        )


def _edges(panel, part):
    """Where the step of each point of a phase begins and ends (array, one longer than points)."""
    x = panel.x(part["at"])
    middle = (x[1:] + x[:-1]) / 2
    reach = np.median(np.diff(x)) / 2
    return np.concatenate([[max(x[0] - reach, 0)], middle, [min(x[-1] + reach, panel.wide)]])


def _draw_limits(panel, part):
    if part["upper"].isna().all():
        return
    x = np.repeat(_edges(panel, part), 2)[1:-1]
    low, high = (np.repeat(panel.y(part[name]), 2) for name in ("lower", "upper"))
    panel.fill(x, low, high, color=BAND, linewidth=0, zorder=0.5)
    for line in (low, high):
        panel.draw(x, line, color=QUIET, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)


def _draw_centre(panel, part):
    """The centre line, solid over the points that set it and dashed over those that are held
    against it.
    """
    x, level = _edges(panel, part), float(panel.y(part["centre"].iloc[0]))
    last = int(np.flatnonzero(part["in_baseline"])[-1]) + 1
    panel.draw([x[0], x[last]], [level] * 2, color=INK, linewidth=1.3, zorder=1.5)
    panel.draw(
        [x[last], x[-1]], [level] * 2, color=INK, linewidth=1.3, linestyle=(0, (5, 2)), zorder=1.5
    )
    if part["phase"].iloc[0]:
        panel.draw([x[0]] * 2, [0, panel.high], color=RULE, linewidth=1, zorder=1)


def _size(panel, frame):
    """How large an ordinary point is drawn, in points (float)."""
    return float(np.clip(0.6 * panel.wide / len(frame), 2.6, 5))


def _told(chart):
    if not chart.signals:
        return chart.cannot_signal or "no signal"
    counts = pd.Series([signal.rule for signal in chart.signals]).value_counts(sort=False)
    rules = []
    for rule, count in counts.items():
        times = f", {count} times" if count > 1 else ""
        whole = " (the whole chart)" if rule in WHOLE_CHART else ""
        rules.append(f"{rule}{times}{whole}")
    return (
        f"{len(chart.signals)} signal{'' if len(chart.signals) == 1 else 's'}: {'; '.join(rules)}"
    )

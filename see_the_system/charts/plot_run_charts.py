"""The pictures of run charts and control charts; their words are in ``chart_words``."""

import numpy as np
import pandas as pd

from see_the_system.charts.chart_drawing import (
    TARGET,
    centre_name,
    direction,
    draw_chart,
    explain_shapes,
    mark_chart,
    numbered_notes,
    panel_beside,
    scale_of,
    short_number,
)
from see_the_system.charts.chart_marks import head, label_in_axes, label_right, traced
from see_the_system.charts.chart_words import percent
from see_the_system.charts.panels import (
    SMALL,
    Panel,
    hold_to_its_axes,
    label_room,
    seat,
    size_of,
    time_axis,
    value_axis,
)
from see_the_system.charts.rules import RULE_SETS, WHOLE_CHART
from see_the_system.english import counted
from see_the_system.pictures.figures import new_axes
from see_the_system.pictures.lettering import INK, QUIET


def plot_run_chart(chart, *, width=7.2, ax=None):
    """A chart over time with its centre, limits, target, signals and what happened when (Axes).

    ``RunChart`` in, width in inches. Stars are points with a signal of improvement, squares of
    concern, diamonds where neither is said; each kind of signal has its brackets and words below.
    Flags are numbered and listed below. Axes that are given keep their size; the words around them
    need room there.
    """
    own = ax is None
    ax = new_axes() if own else ax
    wide, high = (width * 72, 200) if own else size_of(ax)
    scale = scale_of([chart], high)
    beside = _beside(chart, "\n" if own and width <= 5 else " ")
    panel = panel_beside(ax, scale, wide, high, beside)
    if not own:
        panel.wide = wide
    value_axis(panel, scale)
    time_axis(panel, chart.frame["at"])
    draw_chart(panel, chart)
    label_right(panel, beside)
    _label_phases(panel, chart)
    mark_chart(panel, chart)
    if chart.cannot_signal:
        panel.write_below(chart.cannot_signal, gap=8)
    numbered_notes(panel, chart)
    head(panel, chart.measure, [chart.group, chart.unit, direction(chart)])
    if own:
        seat([[panel]])
    else:
        hold_to_its_axes(panel)
    return ax


def plot_rules_side_by_side(charts, *, width=7.2):
    """One series under several rule sets, one over the other (array of Axes).

    Each with its signals and its false-alarm rate. charts: ``compare_rules``' dict, or ``RunChart``
    of the same points.
    """
    charts = list(charts.values()) if isinstance(charts, dict) else list(charts)
    axes = np.atleast_1d(new_axes(columns=len(charts)))
    high = 78
    scale = scale_of(charts, high)
    left = label_room(scale)
    panels = [Panel(ax, width * 72 - left - 20, high, left, 8) for ax in axes]
    for panel, chart in zip(panels, charts, strict=True):
        value_axis(panel, scale)
        time_axis(panel, chart.frame["at"], labels=panel is panels[-1])
        draw_chart(panel, chart)
        panel.write_above(_counted_signals(chart), color=QUIET)
        title = RULE_SETS[chart.rules].title
        rate = percent(chart.false_alarm.rate)
        words = f"{title}: false alarms in {rate} of such charts"
        panel.write_above(words, size=10.5, bold=True, gap=0)
        panel.below += 6
    explain_shapes(panels[-1], charts)
    chart = charts[0]
    head(panels[0], chart.measure, [chart.group, chart.unit, direction(chart)], gap=8)
    seat([[panel] for panel in panels])
    return axes


def _beside(chart, space):
    """What stands beside the lines: each (value, text, color), the text on one line or two."""
    last = chart.frame.iloc[-1]
    lines = [("centre", centre_name(chart), INK)]
    if not np.isnan(last["upper"]):
        lines = [("lower", "lower limit", QUIET), *lines, ("upper", "upper limit", QUIET)]
    labels = [(last[column], name, color) for column, name, color in lines]
    if chart.target is not None:
        labels.append((chart.target, "target", TARGET))
    return [
        (value, f"{name}{space}{short_number(value, chart)}", color)
        for value, name, color in labels
    ]


def _label_phases(panel, chart):
    """The centre of each phase but the last, which has its label on the right."""
    frame = chart.frame
    x, y = panel.x(frame["at"]), panel.y(frame["value"])
    # Where a break is, its word may stand.
    taken = [
        np.array([(x[i - 1], 2), (x[i], 4 + SMALL)]) for i in np.flatnonzero(frame["gap_before"])
    ]
    for _, part in list(frame.groupby("phase"))[:-1]:
        centre = part["centre"].iloc[0]
        level = float(panel.y(centre))
        start, end = x[part.index[[0, -1]]]
        spots = [
            (place, level + side * off)
            for off in (8, 16, 26, 38, 52)
            for place in ((start + end) / 2, start + 8, end - 8)
            for side in (1, -1)
        ]
        label_in_axes(panel, short_number(centre, chart), spots, traced(x, y), taken)


def _counted_signals(chart):
    """How many signals there are, and how many of each rule (text)."""
    if not chart.signals:
        return chart.cannot_signal or "no signal"
    counts = pd.Series([signal.rule for signal in chart.signals]).value_counts(sort=False)
    rules = []
    for rule, count in counts.items():
        times = f", {count} times" if count > 1 else ""
        whole = " (the whole chart)" if rule in WHOLE_CHART else ""
        rules.append(f"{rule}{times}{whole}")
    return f"{counted(len(chart.signals), 'signal')}: {'; '.join(rules)}"

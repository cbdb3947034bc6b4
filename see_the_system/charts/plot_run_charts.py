"""The pictures of run charts and control charts, of a gap over time and of a measure by group.

Their words are in ``chart_words`` and ``gaps_over_time``.
"""

import numpy as np
import pandas as pd

from see_the_system.charts.chart_drawing import (
    BAND,
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
    signal_points,
)
from see_the_system.charts.chart_marks import (
    Span,
    breaks,
    hatched,
    head,
    label_in_axes,
    label_right,
    lanes,
    traced,
)
from see_the_system.charts.chart_words import outside_together, percent, short_rate
from see_the_system.charts.panels import (
    SMALL,
    Panel,
    label_room,
    new_axes,
    seat,
    time_axis,
    value_axis,
    value_range,
)
from see_the_system.charts.points import holidays
from see_the_system.charts.rules import RULE_SETS, WHOLE_CHART
from see_the_system.gaps.result_words import spoken
from see_the_system.messages import counted
from see_the_system.pictures.lettering import INK, QUIET

HIGH = 200  # of the axes of one chart, in points
_SMALL_WORDS = "fewer than|could be worked out"


def plot_run_chart(chart, *, width=7.2):
    """A chart over time with its centre, limits, target, signals and what happened when (Axes).

    ``RunChart`` in, width in inches. Stars are points with a signal of improvement, squares of
    concern, diamonds where neither is said; each kind of signal has its brackets and words below.
    Flags are numbered and listed below.
    """
    beside = _beside(chart, "\n" if width <= 5 else " ")
    panel = panel_beside(scale_of([chart], HIGH), width * 72, HIGH, beside)
    time_axis(panel, chart.frame["at"])
    draw_chart(panel, chart)
    label_right(panel, beside)
    _label_phases(panel, chart)
    mark_chart(panel, chart)
    if chart.cannot_signal:
        panel.write_below(chart.cannot_signal, gap=8)
    if short_rate(chart):
        panel.write_below(short_rate(chart), gap=8, color=QUIET)
    numbered_notes(panel, chart)
    head(panel, chart.measure, [chart.group, chart.unit, direction(chart)])
    seat([[panel]])
    return panel.ax


def plot_rules_side_by_side(charts, *, width=7.2):
    """One series under several rule sets, one over the other (array of Axes).

    Each with its signals and its false-alarm rate. charts: ``compare_rules``' dict.
    """
    charts = list(charts.values())
    panels = _small_panels(charts, 78, width * 72 - 12, right=8)
    for panel, chart in zip(panels, charts, strict=True):
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
    return _seated([[panel] for panel in panels])


def plot_gap_run_chart(table, *, width=7.2):
    """The gap of ``gap_run_chart`` in each period with its 95 percent interval (Axes).

    Hidden periods are a marked break.
    """
    shown = table[table["gap"].notna()]
    beside = [(0, "no gap", QUIET)]
    values = [0, *shown["gap"], *shown["low"], *shown["high"]]
    scale = value_range(values, high=HIGH, least=20)
    panel = panel_beside(scale, width * 72, HIGH, beside)
    time_axis(panel, table["at"])
    away = holidays(table["at"]) if len(table) > 1 else np.zeros(1, bool)
    breaks(panel, table["at"], away)
    hidden = _draw_hidden(panel, table)
    panel.draw([0, panel.wide], panel.y(0), color=QUIET, linewidth=1, zorder=1)
    label_right(panel, beside)
    _draw_gaps(panel, table, away)
    _end_labels(panel, shown)
    lanes(panel, hidden)
    panel.write_below("Shaded: the 95 percent interval of each period.", color=QUIET)
    title = f"{table.attrs['comparison']} minus {table.attrs['focus']}"
    head(panel, title, ["percentage points"])
    seat([[panel]])
    return panel.ax


def plot_by_group(charts, *, width=7.2):
    """The same measure for the whole and each group, on the same scale (array of Axes).

    charts: ``by_group``'s dict from name to ``RunChart``.
    """
    charted = list(charts.values())
    columns = 2 if width > 5 and len(charts) > 1 else 1
    wide = width * 72 - 12
    panels = _small_panels(charted, 96, wide / columns, right=12)
    at = pd.Series(sorted({time for chart in charted for time in chart.frame["at"]}))
    for panel, (name, chart) in zip(panels, charts.items(), strict=True):
        time_axis(panel, at)
        _one_group(panel, chart, at, name)
        panel.below += 6
    rows = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    # The title and the key are of the whole picture: they reach over the panels beside them.
    for row in rows:
        row[0].beyond = wide - wide / columns
    if any(signal_points(chart) for chart in charted):
        explain_shapes(rows[-1][0], charted)
    if any(_absent(chart, at) for chart in charted):
        rows[-1][0].write_below("Hatched: hidden, too few students in that period.", color=QUIET)
    first = charted[0]
    head(panels[0], first.measure, [first.unit, direction(first)], gap=8)
    return _seated(rows)


def _small_panels(charts, high, wide, right):
    """A panel a chart, all on one scale, each in ``wide`` points with its margins (list)."""
    scale = scale_of(charts, high)
    left = label_room(scale)
    axes = np.atleast_1d(new_axes(columns=len(charts)))
    panels = [Panel(ax, wide - left - right, high, left, right) for ax in axes]
    for panel in panels:
        value_axis(panel, scale)
    return panels


def _seated(rows):
    """The axes of rows of panels that are ready, first to last (array)."""
    seat(rows)
    return np.array([panel.ax for row in rows for panel in row])


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
    """The centre of each phase but the last, which has its label on the right.

    It is named: a number alone in the axes looks like a point's.
    """
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
        text = f"{centre_name(chart)} {short_number(centre, chart)}"
        label_in_axes(panel, text, spots, traced(x, y), taken)


def _counted_signals(chart):
    """How many signals there are, and how many of each rule (text)."""
    if not chart.signals:
        return chart.cannot_signal or "no signal"
    signals = outside_together(chart.signals)
    counts = pd.Series([signal.rule for signal in signals]).value_counts(sort=False)
    rules = []
    for rule, count in counts.items():
        times = f", {count} times" if count > 1 else ""
        whole = " (the whole chart)" if rule in WHOLE_CHART else ""
        rules.append(f"{rule}{times}{whole}")
    return f"{counted(len(signals), 'signal')}: {'; '.join(rules)}"


def _one_group(panel, chart, at, name):
    breaks(panel, at, holidays(at))
    step = _half_step(panel, at)
    for time in _absent(chart, at):
        place = float(panel.x(time))
        hatched(panel, place - step, place + step)
    draw_chart(panel, chart, gaps=False)
    last = chart.frame.iloc[-1]
    centre, value = short_number(last["centre"], chart), short_number(last["value"], chart)
    panel.write_above(f"{centre_name(chart)} {centre}, last {value}", color=QUIET)
    panel.write_above(name, size=10.5, bold=True, gap=0)


def _absent(chart, at):
    """The periods of the whole that a group's chart does not show (list of times)."""
    shown = set(chart.frame["at"])
    return [time for time in at if time not in shown]


def _half_step(panel, at):
    """Half of the usual way from period to period, in points (float)."""
    return np.median(np.diff(panel.x(at))) / 2 if len(at) > 1 else 12


def _draw_gaps(panel, table, away):
    """The gap of each period with its interval, joined where no break lies between (``away``)."""
    x, y = panel.x(table["at"]), panel.y(table["gap"])
    low, high = panel.y(table["low"]), panel.y(table["high"])
    for run in np.split(np.arange(len(table)), np.flatnonzero(away)):
        known = ~np.isnan(low[run])
        panel.fill(x[run], low[run], high[run], where=known, color=BAND, linewidth=0, zorder=0.5)
        panel.draw(x[run], y[run], color=INK, marker="D", markersize=5, linewidth=1.1, zorder=2)
    for place, bottom, top in zip(x, low, high, strict=True):
        panel.draw(place, [bottom, top], color="#b8c4cf", linewidth=1.6, zorder=1.2)


def _end_labels(panel, shown):
    """The first and the last gap written at their points."""
    if shown.empty:
        return
    x, y = panel.x(shown["at"]), panel.y(shown["gap"])
    taken = []
    for i in dict.fromkeys([0, len(shown) - 1]):
        text = spoken(shown["gap"].iloc[i], 1)
        spots = [(x[i] + across, y[i] + up) for up in (12, -12, 20, -20) for across in (0, 12, -12)]
        label_in_axes(panel, text, spots, traced(x, y), taken)


def _draw_hidden(panel, table):
    """Hatches the stretches of hidden periods; those of one reason as one ``Span`` (list)."""
    small = table["hidden"].str.contains(_SMALL_WORDS)
    why = table["hidden"].mask(small, "too few students")
    x = pd.Series(panel.x(table["at"]), table.index)
    step = _half_step(panel, table["at"])
    spans = {}
    for _, places in x[why != ""].groupby((why != why.shift()).cumsum()):
        start, end = places.iloc[[0, -1]]
        hatched(panel, start - step, end + step)
        spans.setdefault(why[places.index[0]], []).append((start, end))
    return [Span(stretches, f"hidden: {reason}") for reason, stretches in spans.items()]

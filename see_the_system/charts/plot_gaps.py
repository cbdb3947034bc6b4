"""The pictures of a gap over time, and of a measure by group.

Their words are the ``describe_*`` of ``gaps_over_time``.
"""

import numpy as np
import pandas as pd

from see_the_system.charts.chart_drawing import (
    BAND,
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
from see_the_system.charts.panels import (
    Panel,
    label_room,
    seat,
    time_axis,
    value_axis,
    value_range,
)
from see_the_system.charts.points import holidays
from see_the_system.gaps.result_words import spoken
from see_the_system.pictures.figures import new_axes
from see_the_system.pictures.lettering import INK, QUIET

_SMALL_WORDS = ("fewer than", "could be worked out")


def plot_gap_run_chart(table, *, chart=None, width=7.2):
    """The gap of ``gap_run_chart`` in each period with its 95 percent interval (Axes).

    Hidden periods are a marked break. chart: ``chart_of_gaps`` of the same table, for its median
    and its signals; without it the points stand alone.
    """
    shown = table[table["gap"].notna()]
    beside = [(0, "no gap", QUIET)]
    values = [0, *shown["gap"], *shown["low"], *shown["high"]]
    better = ""
    if chart is not None:
        better = direction(chart)
        centre = chart.frame["centre"].iloc[-1]
        beside.append((centre, f"{centre_name(chart)} {short_number(centre, chart)}", INK))
        if chart.target is not None:
            values.append(chart.target)
    ax, high = new_axes(), 200
    scale = value_range(values, high=high, least=20)
    panel = panel_beside(ax, scale, width * 72, high, beside)
    value_axis(panel, scale)
    time_axis(panel, table["at"])
    away = holidays(table["at"]) if len(table) > 1 else np.zeros(1, bool)
    breaks(panel, table["at"], away)
    hidden = _hidden_stretches(panel, table)
    _hidden_bands(panel, table, hidden)
    unbroken = np.split(np.arange(len(table)), np.flatnonzero(away))
    _intervals(panel, table, unbroken)
    panel.draw([0, panel.wide], panel.y(0), color=QUIET, linewidth=1, zorder=1)
    label_right(panel, beside)
    spans = _hidden_spans(hidden)
    if chart is None:
        _gap_points(panel, table, unbroken)
        _end_labels(panel, shown)
        lanes(panel, spans)
    else:
        draw_chart(panel, chart, gaps=False)
        mark_chart(panel, chart, spans=spans)
    panel.write_below("Shaded: the 95 percent interval of each period.", color=QUIET)
    if chart is not None:
        numbered_notes(panel, chart)
    title = f"{table.attrs['comparison']} minus {table.attrs['focus']}"
    head(panel, title, ["percentage points", better])
    seat([[panel]])
    return ax


def plot_by_group(charts, *, groups=(), width=7.2):
    """The same measure for the whole and each group, on the same scale (array of Axes).

    charts: ``by_group``'s dict from name to ``RunChart``; groups: the names that were asked for, of
    which those without a chart are said.
    """
    names = list(dict.fromkeys([*charts, *groups]))
    charted = list(charts.values())
    columns = 2 if width > 5 and len(names) > 1 else 1
    axes, high = np.atleast_1d(new_axes(columns=len(names))), 96
    scale = scale_of(charted, high)
    left = label_room(scale)
    row_wide = width * 72 - 12
    wide = row_wide / columns - left - 12
    panels = [Panel(ax, wide, high, left, 12) for ax in axes]
    at = pd.Series(sorted({time for chart in charted for time in chart.frame["at"]}))
    for panel, name in zip(panels, names, strict=True):
        value_axis(panel, scale)
        time_axis(panel, at)
        _one_group(panel, charts.get(name), at, name)
        panel.below += 6
    rows = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    # The title and the key are of the whole picture: they reach over the panels beside them.
    for row in rows:
        row[0].beyond = row_wide - left - wide - 12
    if any(signal_points(chart) for chart in charted):
        explain_shapes(rows[-1][0], charted)
    if any(_absent(chart, at) for chart in charted):
        rows[-1][0].write_below("Hatched: hidden, too few students in that period.", color=QUIET)
    first = charted[0]
    head(panels[0], first.measure, [first.unit, direction(first)], gap=8)
    seat(rows)
    return axes


def _one_group(panel, chart, at, name):
    if chart is None:
        middle = (panel.wide / 2, panel.high / 2)
        panel.write(*middle, "hidden: too few students", anchor="center", color=QUIET)
        panel.write_above(name, size=10.5, bold=True)
        return
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


def _intervals(panel, table, unbroken):
    """The interval of each period as a bar, and a band where periods stand together.

    ``unbroken``: the positions of periods without a break between them (list of arrays).
    """
    x, low, high = panel.x(table["at"]), panel.y(table["low"]), panel.y(table["high"])
    for run in unbroken:
        known = ~np.isnan(low[run])
        panel.fill(x[run], low[run], high[run], where=known, color=BAND, linewidth=0, zorder=0.5)
    for place, bottom, top in zip(x, low, high, strict=True):
        panel.draw(place, [bottom, top], color="#b8c4cf", linewidth=1.6, zorder=1.2)


def _gap_points(panel, table, unbroken):
    x, y = panel.x(table["at"]), panel.y(table["gap"])
    for run in unbroken:
        panel.draw(x[run], y[run], color=INK, marker="D", markersize=5, linewidth=1.1, zorder=2)


def _end_labels(panel, shown):
    """The first and the last gap written at their points."""
    if shown.empty:
        return
    x, y = panel.x(shown["at"]), panel.y(shown["gap"])
    taken = []
    for i in dict.fromkeys([0, len(shown) - 1]):
        text = spoken(shown["gap"].iloc[i], 1).replace("-", "−")
        spots = [(x[i] + across, y[i] + up) for up in (12, -12, 20, -20) for across in (0, 12, -12)]
        label_in_axes(panel, text, spots, traced(x, y), taken)


def _hidden_stretches(panel, table):
    """Stretches of hidden periods: (first place, last place, reason) each, in points."""
    found = []
    before = ""
    for place, why in zip(panel.x(table["at"]), table["hidden"], strict=True):
        if any(words in why for words in _SMALL_WORDS):
            why = "too few students"
        if why and why == before:
            found[-1][1] = place
        elif why:
            found.append([place, place, why])
        before = why
    return found


def _hidden_bands(panel, table, hidden):
    step = _half_step(panel, table["at"])
    for start, end, _ in hidden:
        hatched(panel, start - step, end + step)


def _hidden_spans(hidden):
    """The hidden stretches as ``Span``, those of one reason as one (list)."""
    by_reason = {}
    for start, end, why in hidden:
        by_reason.setdefault(why, []).append((start, end))
    return [Span(stretches, f"hidden: {why}") for why, stretches in by_reason.items()]

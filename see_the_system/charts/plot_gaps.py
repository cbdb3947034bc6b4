"""The pictures of a gap over time, of a measure by group, of what is named most often, and of how
sure a team was and how often right.

Their words are the ``describe_*`` of ``see_the_system.charts.gaps_over_time``, ``pareto`` and
``predictions``.
"""

import numpy as np
import pandas as pd

from see_the_system.charts.chart_marks import (
    Span,
    breaks,
    hatched,
    head,
    label_right,
    lanes,
    place_label,
    traced,
)
from see_the_system.charts.chart_words import percent
from see_the_system.charts.panels import (
    SMALL,
    Panel,
    label_room,
    seat,
    time_axis,
    value_axis,
    value_range,
)
from see_the_system.charts.plot_run_charts import (
    BAND,
    CENTRES,
    direction,
    draw_chart,
    key,
    mark_chart,
    marked,
    numbered_notes,
    said,
    scale_of,
)
from see_the_system.charts.points import holidays
from see_the_system.gaps.result_words import spoken
from see_the_system.pictures import lettering
from see_the_system.pictures.figures import new_axes
from see_the_system.pictures.lettering import COMPARISON, FOCUS, INK, QUIET, RULE

_LIGHT = "#8fbbd9"
_SMALL_WORDS = ("fewer than", "could be worked out")


def plot_gap_run_chart(table, *, chart=None, width=7.2):
    """The gap of ``gap_run_chart`` in each period with its 95 percent interval, hidden periods as a
    marked break (Axes).

    chart: ``chart_of_gaps`` of the same table, for its median and its signals; without it the
    points stand alone.
    """
    ax, high, shown = new_axes(), 200, table[table["gap"].notna()]
    target = [chart.target] if chart is not None and chart.target is not None else []
    scale = value_range(
        [0, *shown["gap"], *shown["low"], *shown["high"], *target], high=high, least=20
    )
    beside = [(0, "no gap", QUIET)]
    if chart is not None:
        centre = chart.frame["centre"].iloc[-1]
        beside.append((centre, f"{CENTRES.get(chart.kind, 'average')} {said(centre, chart)}", INK))
    left, right = (
        label_room(scale),
        max(24, 12 + max(lettering.width(text, SMALL) for _, text, _ in beside)),
    )
    panel = Panel(ax, width * 72 - left - right - 12, high, left, right)
    value_axis(panel, scale)
    time_axis(panel, table["at"])
    away = holidays(table["at"]) if len(table) > 1 else np.zeros(1, bool)
    breaks(panel, table["at"], away)
    _hidden_bands(panel, table)
    _intervals(panel, table, away)
    panel.draw([0, panel.wide], [panel.y(0)] * 2, color=QUIET, linewidth=1, zorder=1)
    label_right(panel, beside)
    if chart is None:
        _gap_points(panel, table, away)
        _end_labels(panel, shown)
        lanes(panel, _hidden_spans(panel, table))
    else:
        draw_chart(panel, chart, gaps=False)
        mark_chart(panel, chart, spans=_hidden_spans(panel, table))
    panel.under("Shaded: the 95 percent interval of each period.", color=QUIET)
    if chart is not None:
        numbered_notes(panel, chart)
    head(
        panel,
        f"{table.attrs['comparison']} minus {table.attrs['focus']}",
        ["percentage points", direction(chart) if chart is not None else ""],
    )
    seat([[panel]])
    return ax


def plot_by_group(charts, *, groups=(), width=7.2):
    """The same measure for the whole and each group, on the same scale (array of Axes).

    charts: ``by_group``'s dict from name to ``RunChart``; groups: the names that were asked for, of
    which those without a chart are said.
    """
    names = list(dict.fromkeys([*charts, *groups]))
    columns, first = (2 if width > 5 and len(names) > 1 else 1), next(iter(charts.values()))
    axes, high = np.atleast_1d(new_axes(columns=len(names))), 96
    scale = scale_of(list(charts.values()), high)
    left = label_room(scale)
    wide = (width * 72 - 12) / columns - left - 12
    panels = [Panel(ax, wide, high, left, 12) for ax in axes]
    at = pd.Series(sorted({time for chart in charts.values() for time in chart.frame["at"]}))
    for panel, name in zip(panels, names, strict=False):
        value_axis(panel, scale)
        time_axis(panel, at)
        _one_group(panel, charts.get(name), at, name)
        panel.below += 6
    rows = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    _group_key(rows[-1][0], charts, at, (width * 72 - 12) - wide - left - 12)
    head(panels[0], first.measure, [first.unit, direction(first)], gap=8, most=width * 72 - 12)
    seat(rows)
    return axes


def plot_pareto(table, *, name="", width=7.2):
    """How often each thing was named, largest first, as bars, and what share they hold together as
    a line (Axes); ``pareto``'s frame in.

    Bars and line share one scale: its whole length is all that was counted.
    """
    ax, most = new_axes(), width * 72 * 0.36
    blocks = [lettering.wrap(str(text), 10, most) for text in table["name"]]
    counts = [f"{count:,}" for count in table["count"]]
    column = 10 + max(lettering.width(text, 10, bold=True) for text in counts)
    left = column + 11 + max(lettering.width(line, 10) for lines in blocks for line in lines)
    row = np.array([max(26, 10 + 13 * len(lines)) for lines in blocks])
    panel = Panel(ax, width * 72 - left - 52, float(row.sum()), left, 40)
    ax.set_xlim(0, table["count"].sum())
    ax.set_ylim(0, panel.high)
    ax.set_axis_off()
    middle = panel.high - np.cumsum(row) + row / 2
    reach = table[["percent", "cumulative"]].to_numpy() / 100 * panel.wide
    for y, lines, count, (bar, _), other in zip(
        middle, blocks, counts, reach, table["name"] == "other", strict=False
    ):
        look = (
            {"facecolor": RULE, "hatch": "///", "edgecolor": "white"}
            if other
            else {"facecolor": _LIGHT}
        )
        panel.fill([0, bar], y - 9, y + 9, linewidth=0, **look)
        panel.say(-8, y - 3.6, count, size=10, anchor="right", bold=True)
        for place, line in enumerate(lines):
            panel.say(
                -column - 5,
                y - 3.6 + 13 * ((len(lines) - 1) / 2 - place),
                line,
                size=10,
                anchor="right",
            )
    panel.draw([0, 0], [0, panel.high], color=QUIET, linewidth=1)
    panel.draw(
        reach[:, 1],
        middle,
        color=COMPARISON["color"],
        marker=COMPARISON["marker"],
        linewidth=1.3,
        markersize=5,
    )
    for (_, x), y, share in zip(reach, middle, table["cumulative"], strict=False):
        panel.say(x + 5, y + 5, percent(share / 100), color=COMPARISON["color"])
    head(
        panel,
        name,
        [
            f"{table['count'].sum():,} counted: bars and numbers; squares: the share held "
            "together so far"
        ],
    )
    seat([[panel]])
    return ax


def plot_calibration(table, *, width=7.2):
    """How sure a team said it was and how often it was right, a row for each band with its counts
    (Axes); ``calibration``'s frame in.
    """
    ax, rows = new_axes(), len(table)
    labels = [
        (_band_name(row["band"]), f"{row['hits']} of {row['n']} came in")
        for row in table.to_dict("records")
    ]
    left = 12 + max((lettering.width(line, 10) for pair in labels for line in pair), default=60)
    panel = Panel(ax, width * 72 - left - 36, max(40.0 * rows, 40.0), left, 24)
    ax.set_xlim(0, 100)
    ax.set_ylim(0, panel.high)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xticks(range(0, 101, 20), [""] * 6)
    panel.below += 6 + SMALL
    for tick in range(0, 101, 20):
        panel.say(tick / 100 * panel.wide, -panel.below, f"{tick}%", anchor="center", color=QUIET)
    panel.below += 4
    for place, (row, words) in enumerate(zip(table.to_dict("records"), labels, strict=False)):
        _calibration_row(panel, panel.high - 40 * place - 20, row, words)
    shapes = (
        "Upright line: how sure you said you were. Circle: how often it came in, with its 95 "
        "percent interval."
    )
    panel.under(
        shapes if rows else "No prediction has both a confidence and a result yet.", color=QUIET
    )
    head(panel, "How sure, and how often right", [])
    seat([[panel]])
    return ax


def _calibration_row(panel, y, row, words):
    low, high, rate, confidence = (
        row[name] / 100 * panel.wide for name in ("low", "high", "rate", "confidence")
    )
    panel.draw([0, panel.wide], [y - 20] * 2, color=RULE, linewidth=0.6)
    panel.draw([low, high], [y] * 2, color=_LIGHT, linewidth=6, solid_capstyle="butt")
    panel.draw([confidence] * 2, [y - 11, y + 11], color=COMPARISON["color"], linewidth=2.2)
    panel.draw(
        rate, y, color=FOCUS["color"], marker=FOCUS["marker"], markersize=9, markeredgecolor="white"
    )
    panel.say(-10, y + 2, words[0], size=10, anchor="right")
    panel.say(-10, y - 11, words[1], anchor="right", color=QUIET)


def _band_name(band):
    """A band of ``calibration`` as a label (text)."""
    number, *more = band.removeprefix("under ").removeprefix("about ").split(" ", 1)
    return f"{band[: band.index(number)]}{number}% {' '.join([*more, 'sure'])}".capitalize()


def _intervals(panel, table, away):
    """The interval of each period as a bar, and a band where periods with one stand together,
    without a break between them.
    """
    x, low, high = panel.x(table["at"]), panel.y(table["low"]), panel.y(table["high"])
    for run in np.split(np.arange(len(x)), np.flatnonzero(away)):
        panel.fill(
            x[run],
            low[run],
            high[run],
            where=~np.isnan(low[run]),
            color=BAND,
            linewidth=0,
            zorder=0.5,
        )
    for place, bottom, top in zip(x, low, high, strict=False):
        panel.draw([place] * 2, [bottom, top], color="#b8c4cf", linewidth=1.6, zorder=1.2)


def _gap_points(panel, table, away):
    x, y = panel.x(table["at"]), panel.y(table["gap"])
    for run in np.split(np.arange(len(x)), np.flatnonzero(away)):
        panel.draw(x[run], y[run], color=INK, marker="D", markersize=5, linewidth=1.1, zorder=2)


def _end_labels(panel, shown):
    """The first and the last gap written at their points."""
    x, y = panel.x(shown["at"]), panel.y(shown["gap"])
    obstacles, taken = traced(x, y) if len(shown) else np.empty((0, 2)), []
    for i in dict.fromkeys([0, len(shown) - 1]) if len(shown) else ():
        text = spoken(shown["gap"].iloc[i], 1).replace("-", "−")
        spots = [(x[i] + across, y[i] + up) for up in (12, -12, 20, -20) for across in (0, 12, -12)]
        place = place_label(panel, text, spots, obstacles, taken)
        panel.say(
            place[0],
            place[1] + 1.5,
            text,
            zorder=4,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8},
        )


def _runs(panel, table):
    """Stretches of hidden periods: (first place, last place, reason) each, in points."""
    x, found = panel.x(table["at"]), []
    reasons = [
        "" if not why else "too few students" if any(one in why for one in _SMALL_WORDS) else why
        for why in table["hidden"]
    ]
    for i, why in enumerate(reasons):
        if why and i and reasons[i - 1] == why:
            found[-1][1] = x[i]
        elif why:
            found.append([x[i], x[i], why])
    return found


def _hidden_bands(panel, table):
    step = np.median(np.diff(panel.x(table["at"]))) / 2 if len(table) > 1 else 12
    for start, end, _ in _runs(panel, table):
        hatched(panel, start - step, end + step)


def _hidden_spans(panel, table):
    grouped = {}
    for start, end, why in _runs(panel, table):
        grouped.setdefault(why, []).append((start, end))
    return [Span(tuple(stretches), f"hidden: {why}") for why, stretches in grouped.items()]


def _one_group(panel, chart, at, name):
    if chart is None:
        panel.say(
            panel.wide / 2, panel.high / 2, "hidden: too few students", anchor="center", color=QUIET
        )
    else:
        breaks(panel, at, holidays(at))
        step = np.median(np.diff(panel.x(at))) / 2
        for time in _absent(chart, at):
            hatched(panel, float(panel.x(time)) - step, float(panel.x(time)) + step)
        draw_chart(panel, chart, gaps=False)
        frame = chart.frame.iloc[-1]
        panel.over(
            f"{CENTRES.get(chart.kind, 'average')} {said(frame['centre'], chart)}, last "
            f"{said(frame['value'], chart)}",
            color=QUIET,
        )
    panel.over(name, size=10.5, bold=True, gap=4 if chart is None else 0)


def _absent(chart, at):
    """The periods of the whole that a group's chart does not show (list of times)."""
    return [time for time in at if time not in set(chart.frame["at"])]


def _group_key(panel, charts, at, more):
    held, panel.right = panel.right, panel.right + more
    concerns = {concern for chart in charts.values() for concern in marked(chart).values()}
    if concerns:
        key(panel, concerns)
    if any(_absent(chart, at) for chart in charts.values()):
        panel.under("Hatched: hidden, too few students in that period.", color=QUIET)
    panel.right = held

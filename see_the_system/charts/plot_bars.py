"""The pictures of what is named most often, and of how sure a team was and how often right.

Their words are the ``describe_*`` of ``pareto`` and ``many_predictions``.
"""

import numpy as np

from see_the_system.charts.chart_marks import head
from see_the_system.charts.chart_words import percent
from see_the_system.charts.panels import SMALL, Panel, seat
from see_the_system.charts.pareto import OTHER
from see_the_system.pictures import lettering
from see_the_system.pictures.figures import new_axes
from see_the_system.pictures.lettering import COMPARISON, FOCUS, QUIET, RULE

_LIGHT = "#8fbbd9"
_LARGE = 10  # letters of the names beside the bars
_BETWEEN = 13  # from line to line of them
_ROW = 40  # the height of a row of the calibration


def plot_pareto(table, *, name="", width=7.2):
    """How often each thing was named, as bars, and what share they hold together, as a line (Axes).

    ``pareto``'s frame in, largest first. Bars and line share one scale: its whole length is all
    that was counted.
    """
    names = [lettering.wrap(str(text), _LARGE, width * 72 * 0.36) for text in table["name"]]
    counts = [f"{count:,}" for count in table["count"]]
    counts_wide = 10 + max(lettering.width(text, _LARGE, bold=True) for text in counts)
    names_wide = max(lettering.width(line, _LARGE) for lines in names for line in lines)
    rows = np.array([max(26, 10 + _BETWEEN * len(lines)) for lines in names])
    left = counts_wide + 11 + names_wide
    ax = new_axes()
    panel = Panel(ax, width * 72 - left - 52, float(rows.sum()), left, 40)
    ax.set_xlim(0, table["count"].sum())
    ax.set_ylim(0, panel.high)
    ax.set_axis_off()
    middles = panel.high - np.cumsum(rows) + rows / 2
    bars = table["percent"].to_numpy() / 100 * panel.wide
    for y, bar, each in zip(middles, bars, table["name"], strict=True):
        look = {"facecolor": _LIGHT}
        if each == OTHER:
            look = {"facecolor": RULE, "hatch": "///", "edgecolor": "white"}
        panel.fill([0, bar], y - 9, y + 9, linewidth=0, **look)
    for y, lines, count in zip(middles, names, counts, strict=True):
        panel.write(-8, y - 3.6, count, size=_LARGE, anchor="right", bold=True)
        upper = y - 3.6 + _BETWEEN * (len(lines) - 1) / 2
        for place, line in enumerate(lines):
            baseline = upper - _BETWEEN * place
            panel.write(-counts_wide - 5, baseline, line, size=_LARGE, anchor="right")
    panel.draw(0, [0, panel.high], color=QUIET, linewidth=1)
    together = table["cumulative"].to_numpy() / 100 * panel.wide
    panel.draw(together, middles, linewidth=1.3, markersize=5, **COMPARISON)
    for x, y, share in zip(together, middles, table["cumulative"], strict=True):
        panel.write(x + 5, y + 5, percent(share / 100), color=COMPARISON["color"])
    counted = f"{table['count'].sum():,} counted"
    note = f"{counted}: bars and numbers; squares: the share held together so far"
    head(panel, name, [note])
    seat([[panel]])
    return ax


def plot_calibration(table, *, width=7.2):
    """How sure a team said it was and how often it was right, a row for each band (Axes).

    ``calibration``'s frame in.
    """
    rows = table.to_dict("records")
    labels = [(_band_name(row["band"]), f"{row['hits']} of {row['n']} came in") for row in rows]
    widths = [lettering.width(line, _LARGE) for label in labels for line in label]
    left = 12 + max(widths, default=60)
    ax = new_axes()
    panel = Panel(ax, width * 72 - left - 36, float(_ROW * max(len(rows), 1)), left, 24)
    ax.set_xlim(0, 100)
    ax.set_ylim(0, panel.high)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ticks = range(0, 101, 20)
    ax.set_xticks(ticks, [""] * len(ticks))
    panel.below += 6 + SMALL
    for tick in ticks:
        x = tick / 100 * panel.wide
        panel.write(x, -panel.below, f"{tick}%", anchor="center", color=QUIET)
    panel.below += 4
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        _calibration_row(panel, panel.high - _ROW * (place + 0.5), row, label)
    note = "No prediction has both a confidence and a result yet."
    if rows:
        note = (
            "Upright line: how sure you said you were. Circle: how often it came in, with its 95 "
            "percent interval."
        )
    panel.write_below(note, color=QUIET)
    head(panel, "How sure, and how often right", [])
    seat([[panel]])
    return ax


def _calibration_row(panel, y, row, label):
    low, high, rate, confidence = (
        row[name] / 100 * panel.wide for name in ("low", "high", "rate", "confidence")
    )
    panel.draw([0, panel.wide], y - _ROW / 2, color=RULE, linewidth=0.6)
    panel.draw([low, high], y, color=_LIGHT, linewidth=6, solid_capstyle="butt")
    panel.draw(confidence, [y - 11, y + 11], color=COMPARISON["color"], linewidth=2.2)
    panel.draw(rate, y, markersize=9, markeredgecolor="white", **FOCUS)
    name, came_in = label
    panel.write(-10, y + 2, name, size=_LARGE, anchor="right")
    panel.write(-10, y - 11, came_in, anchor="right", color=QUIET)


def _band_name(band):
    """A band of ``calibration`` as a label (text).

    >>> _band_name("about 70"), _band_name("95 or more")
    ('About 70% sure', '95% or more sure')
    """
    number = next(word for word in band.split() if word.isdigit())
    return f"{band.replace(number, f'{number}%')} sure".capitalize()

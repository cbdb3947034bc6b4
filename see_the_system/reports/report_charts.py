"""The charts of a district report, each drawn from a table or a result of the gaps (HTML text).

Each is laid out for the desk and for a phone. The words of a chart are the ``describe_*`` of what
it is drawn from.
"""

import math
from itertools import pairwise

import numpy as np

from see_the_system.gaps.result_words import NOT_FOR_TREND, UNITS, spoken
from see_the_system.messages import whole_percent
from see_the_system.pictures import svg_kit as kit
from see_the_system.pictures.lettering import (
    COMPARISON,
    FOCUS,
    INK,
    LEVEL_COLOURS,
    LINE,
    QUIET,
    RULE,
    width,
    wrap,
)
from see_the_system.pictures.svg_kit import NOTE, SMALL, TEXT, Axis, picture, ticks
from see_the_system.reports.sections import LEVELS, fit_for_trend, level_shares, level_words

_SIDES = {"focus": FOCUS, "comparison": COMPARISON}
_PERCENTS = ["percent_focus", "percent_comparison"]
MET = "Students who met or exceeded the standard"
_ON_LEVELS = ("#fff", INK, INK, "#fff")  # the colour of a number that is read on a level's colour
_BESIDE = 185  # the most that the names of lines take beside them
_SHADE = "#eceff1"


@picture
def levels(canvas, counts):
    """The four levels of each group as one bar of 100 %, split at the standard.

    counts: a frame with ``group``, ``n`` and the four level counts, one row a group, the first row
    on top.
    """
    every = [level_shares(row) for row in counts.itertuples()]
    names = [f"{row.group}\n{row.n:,} students" for row in counts.itertuples()]
    items = zip(LEVEL_COLOURS, LEVELS.values(), strict=True)
    items = [(("area", colour), level, {"color": QUIET}) for colour, level in items]
    top = kit.legend(canvas, 0, 0, items, canvas.wide)
    rows = kit.Rows(canvas, names, top=top + 4, high=44)
    below = max(shares[0] + shares[1] for shares in every)
    above = max(shares[2] + shares[3] for shares in every)
    scale = Axis(-below, above, rows.left, canvas.wide - 1)
    for middle, row, shares in zip(rows.middles, counts.itertuples(), every, strict=True):
        edges = [scale(edge) for edge in np.cumsum([-shares[0] - shares[1], *shares])]
        parts = zip(pairwise(edges), LEVEL_COLOURS, level_words(row), _ON_LEVELS, strict=True)
        for (left, right), colour, percent, on_it in parts:
            canvas.rect(left, middle - 17, right - left, 34, colour, edge="#fff")
            if width(percent, TEXT) + 4 <= right - left:
                canvas.text((left + right) / 2, middle, percent, anchor="middle", color=on_it)
    canvas.line([(scale(0), rows.middles[0] - 21), (scale(0), rows.foot + 3)], INK, 1.5)
    canvas.between(scale(0), rows.foot + 3, "the standard", size=SMALL, stands="top")


def gap(gaps, *, name, words):
    """A gap in points as its table has it: by grade, of the newest year, otherwise by year.

    "" where it is by something else, or of no year that can be compared.
    """
    if "grade" in gaps:
        newest = gaps[gaps["year"] == gaps["year"].max()] if "year" in gaps else gaps
        return gap_by_grade(newest, name=name, words=words) if newest["grade"].is_unique else ""
    if "year" not in gaps or not gaps["year"].is_unique:
        return ""
    return gap_over_time(gaps, name=name, words=words)


@picture
def gap_over_time(canvas, by_year):
    """Percent meeting the standard of both groups by year, joined at both ends.

    ``by_year``: gaps by year. 2020 (no test) and 2021 (few tested) are left as a break; the lines
    are not drawn across it.
    """
    usable = fit_for_trend(by_year).dropna(subset=_PERCENTS).sort_values("year")
    if usable.empty:
        return
    last = usable.iloc[-1]
    ends = [whole_percent(last[f"percent_{side}"]) for side in _SIDES]
    names = [f"{last[side]} {end}" for side, end in zip(_SIDES, ends, strict=True)]
    foot = canvas.title(MET)
    if canvas.phone:  # the names stand in a legend, the percents beside the lines
        foot = _legend_of_sides(canvas, names, foot)
    ends = ends if canvas.phone else names
    beside = max(width(line, TEXT, True) for end in ends for line in wrap(end, TEXT, _BESIDE, True))
    right = canvas.wide - beside - 12
    top = foot + 30
    bottom = top + 210
    tens = 10 * math.ceil(usable[_PERCENTS].max(axis=None) / 10)
    up = Axis(0, min(100, max(30, 10 + tens)), bottom, top)
    along = _years(canvas, usable["year"], 44, right, top - 4, bottom)
    kit.upward(canvas, up, 40, right, kit.percent)
    for edge in usable.iloc[[0, -1]].itertuples():
        pair = (edge.percent_focus, edge.percent_comparison)
        canvas.line([(along(edge.year), up(percent)) for percent in pair], dash="3 3")
    unbroken = (usable["year"].diff() > 1).cumsum()
    for side, style in reversed(_SIDES.items()):
        for _, run in usable.groupby(unbroken):
            run = zip(run["year"], run[f"percent_{side}"], strict=True)
            points = [(along(year), up(percent)) for year, percent in run]
            canvas.line(points, style["color"], 2.5)
            for point in points:
                canvas.mark(*point, style["marker"], style["color"])
    middles = [up(last[f"percent_{side}"]) for side in _SIDES]
    _end_labels(canvas, ends, middles, right + 8, top - 26)
    for edge, anchor in ((last, "end"), (usable.iloc[0], "start")):
        _gap_label(canvas, edge, anchor, usable, along, up)


def _end_labels(canvas, ends, middles, left, least):
    """Both groups' labels beside their last marks, moved apart where they would touch."""
    tall = [len(wrap(end, TEXT, _BESIDE, True)) * TEXT * LINE for end in ends]
    upper, lower = sorted(middles)
    missing = max(0, sum(tall) / 2 - (lower - upper)) / 2
    down = max(0, least + tall[middles.index(upper)] / 2 - (upper - missing))
    moved = [upper - missing + down, lower + missing + down]
    for end, style, middle in zip(
        ends, _SIDES.values(), moved if middles[0] <= middles[1] else moved[::-1], strict=True
    ):
        canvas.text(left, middle, end, color=style["color"], bold=True, most=_BESIDE)


def _gap_label(canvas, edge, anchor, usable, along, up):
    """The gap over both marks of a year, clear of the lines; left out where it has no room."""
    words = f"gap {spoken(edge['gap'], 1)}" + ("" if canvas.phone else " points")
    at = along(edge["year"]) + (6 if anchor == "end" else -6)
    beyond = at + width(words, SMALL) * (-1 if anchor == "end" else 1)
    places = along(usable["year"]).to_numpy()
    under = np.linspace(min(at, beyond) - 6, max(at, beyond) + 6, 25)
    over = min(up(np.interp(under, places, usable[column]).max()) for column in _PERCENTS) - 8
    canvas.text(at, over, words, anchor=anchor, stands="bottom", if_free=True, **NOTE)


def _legend_of_sides(canvas, names, top):
    items = [
        ((style["marker"], style["color"], 5.5), name, {"color": style["color"], "bold": True})
        for name, style in zip(names, _SIDES.values(), strict=True)
    ]
    return kit.legend(canvas, 0, top + 6, items, canvas.wide)


def _years(canvas, years, left, right, top, foot):
    """The scale of an axis of years; 2020 and 2021 are shaded, not ticked."""
    first, last = int(years.min()), int(years.max())
    pad = min(0.5, 14 * (last - first) / (right - left - 28)) or 1
    scale = Axis(first - pad, last + pad, left, right)
    newest_first = [year for year in range(last, first - 1, -1) if year not in NOT_FOR_TREND]
    choices = [newest_first[::step][::-1] for step in range(1, len(newest_first) + 1)]
    start, end = scale(2019.5), scale(2021.5)
    shaded = first < 2020 < last
    if shaded:
        canvas.rect(start, top, end - start, foot - top, _SHADE)
    kit.along(canvas, scale, top, foot, str, choices=choices)
    words = "not\ncomparable\n2020, 2021"
    if shaded and width("comparable", SMALL) + 6 <= end - start:
        canvas.between((start + end) / 2, foot - 4, words, stands="bottom", **NOTE)
    elif shaded:
        items = [(("area", _SHADE), "2020, 2021: not comparable", {"color": QUIET})]
        kit.legend(canvas, left, foot + 24, items, right - left)
    return scale


@picture
def gap_by_grade(canvas, table):
    """Both groups' percent meeting the standard in each grade, joined by the gap.

    ``table``: gaps of one year by grade.
    """
    if table.empty:
        return
    table = table.sort_values("grade", key=lambda grades: grades.astype(int))
    top = _legend_of_sides(canvas, table[[*_SIDES]].iloc[0], canvas.title(MET)) + 6
    stories = ["hidden" if np.isnan(gap) else _points(gap) for gap in table["gap"]]
    names = [f"Grade {grade}" for grade in table["grade"]]
    if canvas.phone:
        names = [f"{name}: {story}" for name, story in zip(names, stories, strict=True)]
    over = 0 if canvas.phone else 6
    rows = kit.Rows(canvas, names, top=top, over=over, high=28 if canvas.phone else 46)
    pairs = [sorted(pair) for pair in table[_PERCENTS].itertuples(index=False)]
    lows, highs = (
        max(width(whole_percent(np.nan_to_num(percent)), SMALL) for percent in side)
        for side in zip(*pairs, strict=True)
    )
    most = min(100, max(40, 10 + np.nan_to_num(table[_PERCENTS]).max()))
    scale = Axis(0, most, rows.left + lows + 12, canvas.wide - highs - 12)
    kit.along(canvas, scale, top, rows.foot, kit.percent)
    for middle, row, pair, story in zip(
        rows.middles, table.itertuples(), pairs, stories, strict=True
    ):
        if story == "hidden":
            canvas.text(scale(0), middle, "" if canvas.phone else story, **NOTE)
            continue
        low, high = map(scale, pair)
        canvas.line([(low, middle), (high, middle)], RULE, 6)
        for side, style in reversed(_SIDES.items()):
            percent = getattr(row, f"percent_{side}")
            canvas.mark(scale(percent), middle, style["marker"], style["color"], 6)
        look = {"size": SMALL, "halo": True}
        canvas.text(low - 10, middle, whole_percent(pair[0]), anchor="end", **look)
        canvas.text(high + 10, middle, whole_percent(pair[1]), **look)
        if not canvas.phone:
            canvas.between((low + high) / 2, middle - 18, story, halo=True, **NOTE)


@picture
def points_and_sd(canvas, points, in_sd):
    """The gap by year in points and in standard deviations, each mark with its 95 % interval."""
    panels = [
        (fit_for_trend(gaps[gaps[column].notna()]).sort_values("year"), column, digits)
        for gaps, column, digits in ((points, "gap", 1), (in_sd, "v", 2))
    ]
    kit.panels(canvas, _gap_marks, [panel for panel in panels if len(panel[0])])


def _gap_marks(canvas, left, right, top, usable, column, digits):
    top = canvas.title(f"In {UNITS[column][0]}", left, top) + 10
    newest = spoken(usable[column].iloc[-1], digits)
    low, high = kit.span(usable[["low", "high", column]].to_numpy().flat, 10**-digits)
    room = 0.06 * (high - low)
    bottom = top + (170 if canvas.phone else 200)
    up = Axis(low - room * (low < 0), high + room * (high > 0), bottom, top)
    form = kit.even(ticks(up.low, up.high, 6))
    left += 8 + max(width(form(value), SMALL) for value in ticks(up.low, up.high, 6))
    right -= width(newest, SMALL, bold=True) + 6
    along = _years(canvas, usable["year"], left, right, top, bottom)
    kit.upward(canvas, up, left, right)
    for year, *interval, gap in usable[["year", "low", "high", column]].itertuples(index=False):
        canvas.whisker(*((along(year), up(edge)) for edge in interval))
        canvas.mark(along(year), up(gap), "D", INK)
    canvas.text(right + 4, up(gap), newest, size=SMALL, bold=True)


@picture
def class_gaps(canvas, found):
    """How each class's gap changed, in points and in standard deviations.

    Each mark is a change with its 95 % interval, by it the gap before and after. ``found``: rows
    of ``class_gaps`` that reach one year.
    """
    panels = [(found, "gap", ""), (found, "v", "_v")]
    panels = [panel for panel in panels if found[f"change{panel[2]}"].notna().any()]
    left = 0 if canvas.phone else width("Grade 10 to 11", TEXT) + 8
    kit.panels(canvas, _class_marks, panels, left)


def _class_marks(canvas, left, right, top, found, ruler, suffix):
    """One change to a row; a class that this ruler cannot tell of has none."""
    unit, digits = UNITS[ruler]
    top = canvas.title(f"Change in {unit}", left, top) + 4
    columns = [f"{column}{suffix}" for column in ("low", "high", "change", "gap_from", "gap_to")]
    low, high = kit.span(found[columns[:3]].to_numpy().flat, 10**-digits)
    room = 0.08 * (high - low)
    scale = Axis(low - room, high + room, left, right - 1)
    foot = top + 44 * len(found)
    kit.along(canvas, scale, top, foot, kit.even(ticks(scale.low, scale.high, 8), "+"))
    canvas.line([(scale(0), top), (scale(0), foot)])
    for place, row in enumerate(found.to_dict("records")):
        middle = top + 44 * place + 30
        name = f"Grade {row['grade_from']} to {row['grade_to']}"
        *interval, change, before, after = (row[column] for column in columns)
        told = (
            "no result"
            if np.isnan(change)
            else " → ".join(spoken(gap, digits) for gap in (before, after))
        )
        if canvas.phone:
            canvas.text(left, middle - 18, f"{name}: {told}", halo=True)
        elif ruler == "gap":
            canvas.text(0, middle, name)
        if np.isnan(change):
            continue
        canvas.whisker(*((scale(edge), middle) for edge in interval))
        canvas.mark(scale(change), middle, "D", INK, 5.5)
        if not canvas.phone:
            look = {"low": left, "high": right, "halo": True, **NOTE}
            canvas.between(scale(change), middle - 17, told, **look)


def _points(value):
    return f"{spoken(value, 1)} points"

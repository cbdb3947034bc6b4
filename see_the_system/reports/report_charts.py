"""The charts of a district report, each drawn from a table or a result of the gaps (HTML text).

Each is laid out for the desk and for a phone. The words of a chart are the ``describe_*`` of what
it is drawn from.
"""

import math
from functools import partial
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
from see_the_system.pictures.svg_kit import NOTE, SMALL, TEXT, Scale, picture, ticks
from see_the_system.reports.sections import LEVELS, fit_for_trend, level_shares, level_words

GROUPS_WIDE = 480  # with all groups, beside which a page has other findings
_SIDES = {"focus": FOCUS, "comparison": COMPARISON}
_PERCENTS = ["percent_focus", "percent_comparison"]
_MET = "Students who met or exceeded the standard"
_ON_LEVELS = ("#fff", INK, INK, "#fff")  # the colour of a number that is read on a level's colour
_SHADE, _OUTER, _INNER = "#eceff1", "#e4e7eb", "#cbd2d9"
_FUNNEL_MARKS = {
    "within": ("o", QUIET, 4.5),
    "above": ("^", FOCUS["color"], 6),
    "below": ("v", COMPARISON["color"], 6),
}
_ROLE_MARKS = {
    "focus": ("o", FOCUS["color"], 6),
    "comparison": ("s", COMPARISON["color"], 6),
    "group": ("o", QUIET, 4.5),
    "district": ("D", INK, 6),
    "county": ("D", "#7b8794", 6),
    "state": ("D", "#7b8794", 6),
}


def levels(levels, *, name, words):
    """The four levels of each group as one bar of 100 %, split at the standard.

    levels: a frame with ``group``, ``n`` and the four level counts, one row a group, the first row
    on top.
    """
    return picture(name, words, partial(_levels, counts=levels))


def _levels(sheet, counts):
    every = [level_shares(row) for row in counts.itertuples()]
    names = [f"{row.group}\n{row.n:,} students" for row in counts.itertuples()]
    items = zip(LEVEL_COLOURS, LEVELS.values(), strict=True)
    items = [(("area", colour), level, {"color": QUIET}) for colour, level in items]
    top = kit.legend(sheet, 0, 0, items, sheet.wide)
    rows = kit.Rows(sheet, names, top=top + 4, high=44)
    below = max(shares[0] + shares[1] for shares in every)
    above = max(shares[2] + shares[3] for shares in every)
    scale = Scale(-below, above, rows.left, sheet.wide - 1)
    for middle, row, shares in zip(rows.middles, counts.itertuples(), every, strict=True):
        edges = [scale(edge) for edge in np.cumsum([-shares[0] - shares[1], *shares])]
        parts = zip(pairwise(edges), LEVEL_COLOURS, level_words(row), _ON_LEVELS, strict=True)
        for (left, right), colour, percent, on_it in parts:
            sheet.rect(left, middle - 17, right - left, 34, colour, edge="#fff")
            if width(percent, TEXT) + 4 <= right - left:
                sheet.text((left + right) / 2, middle, percent, anchor="middle", color=on_it)
    sheet.line([(scale(0), rows.middles[0] - 21), (scale(0), rows.foot + 3)], INK, 1.5)
    sheet.between(scale(0), rows.foot + 3, "the standard", size=SMALL, stands="top")


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


def gap_over_time(by_year, *, name, words):
    """Percent meeting the standard of both groups by year, joined at both ends.

    ``by_year``: gaps by year. 2020 (no test) and 2021 (few tested) are left as a break; the lines
    are not drawn across it.
    """
    usable = fit_for_trend(by_year).dropna(subset=_PERCENTS).sort_values("year")
    if usable.empty:
        return ""
    return picture(name, words, partial(_gap_over_time, usable=usable))


def _gap_over_time(sheet, usable):
    last = usable.iloc[-1]
    ends = [whole_percent(last[f"percent_{side}"]) for side in _SIDES]
    names = [f"{last[side]} {end}" for side, end in zip(_SIDES, ends, strict=True)]
    foot = _title(sheet, _MET)
    if sheet.phone:  # the names stand in a legend, the percents beside the lines
        foot = _legend_of_sides(sheet, names, foot)
    ends = ends if sheet.phone else names
    beside = max(width(line, TEXT, True) for end in ends for line in wrap(end, TEXT, 185, True))
    right = sheet.wide - beside - 12
    top = foot + 30
    bottom = top + 210
    tens = 10 * math.ceil(usable[_PERCENTS].max(axis=None) / 10)
    up = Scale(0, min(100, max(30, 10 + tens)), bottom, top)
    along = _years(sheet, usable["year"], 44, right, top - 4, bottom)
    kit.upward(sheet, up, 40, right, ticks(0, up.high, 6), "{:.0f}%".format)
    for edge in usable.iloc[[0, -1]].itertuples():
        pair = (edge.percent_focus, edge.percent_comparison)
        sheet.line([(along(edge.year), up(percent)) for percent in pair], dash="3 3")
    unbroken = (usable["year"].diff() > 1).cumsum()
    for side, style in reversed(_SIDES.items()):
        for _, run in usable.groupby(unbroken):
            run = zip(run["year"], run[f"percent_{side}"], strict=True)
            points = [(along(year), up(percent)) for year, percent in run]
            sheet.line(points, style["color"], 2.5)
            for point in points:
                sheet.mark(*point, style["marker"], style["color"])
    middles = [up(last[f"percent_{side}"]) for side in _SIDES]
    tall = [len(wrap(end, TEXT, 185, True)) * TEXT * LINE for end in ends]
    moved = kit.apart(middles, tall, top - 26, 10_000)
    for end, middle, style in zip(ends, moved, _SIDES.values(), strict=True):
        look = {"color": style["color"], "bold": True, "most": 185}
        sheet.text(right + 8, middle, end, **look)
    for edge, anchor in ((last, "end"), (usable.iloc[0], "start")):
        _gap_label(sheet, edge, anchor, usable, along, up)


def _gap_label(sheet, edge, anchor, usable, along, up):
    """The gap over both marks of a year, clear of the lines; left out where it has no room."""
    words = f"gap {spoken(edge['gap'], 1)}" + ("" if sheet.phone else " points")
    at = along(edge["year"]) + (6 if anchor == "end" else -6)
    beyond = at + width(words, SMALL) * (-1 if anchor == "end" else 1)
    places = along(usable["year"]).to_numpy()
    under = np.linspace(min(at, beyond) - 6, max(at, beyond) + 6, 25)
    over = min(up(np.interp(under, places, usable[column]).max()) for column in _PERCENTS) - 8
    sheet.text(at, over, words, anchor=anchor, stands="bottom", if_free=True, **NOTE)


def _legend_of_sides(sheet, names, top):
    items = [
        ((style["marker"], style["color"], 5.5), name, {"color": style["color"], "bold": True})
        for name, style in zip(names, _SIDES.values(), strict=True)
    ]
    return kit.legend(sheet, 0, top + 6, items, sheet.wide)


def _years(sheet, years, left, right, top, foot):
    """The scale of an axis of years; 2020 and 2021 are shaded, not ticked."""
    first, last = int(years.min()), int(years.max())
    pad = min(0.5, 14 * (last - first) / (right - left - 28)) or 1
    scale = Scale(first - pad, last + pad, left, right)
    newest_first = [year for year in range(last, first - 1, -1) if year not in NOT_FOR_TREND]
    choices = [newest_first[::step][::-1] for step in range(1, len(newest_first) + 1)]
    start, end = scale(2019.5), scale(2021.5)
    shaded = first < 2020 < last
    if shaded:
        sheet.rect(start, top, end - start, foot - top, _SHADE)
    kit.along(sheet, scale, top, foot, choices, str)
    words = "not\ncomparable\n2020, 2021"
    if shaded and width("comparable", SMALL) + 6 <= end - start:
        sheet.between((start + end) / 2, foot - 4, words, stands="bottom", **NOTE)
    elif shaded:
        items = [(("area", _SHADE), "2020, 2021: not comparable", {"color": QUIET})]
        kit.legend(sheet, left, foot + 24, items, right - left)
    return scale


def gap_by_grade(table, *, name, words):
    """Both groups' percent meeting the standard in each grade, joined by the gap.

    ``table``: gaps of one year by grade.
    """
    return picture(name, words, partial(_gap_by_grade, table=table)) if len(table) else ""


def _gap_by_grade(sheet, table):
    table = table.sort_values("grade", key=lambda grades: grades.astype(int))
    top = _legend_of_sides(sheet, table[[*_SIDES]].iloc[0], _title(sheet, _MET)) + 6
    stories = ["hidden" if np.isnan(gap) else _points(gap) for gap in table["gap"]]
    names = [f"Grade {grade}" for grade in table["grade"]]
    if sheet.phone:
        names = [f"{name}: {story}" for name, story in zip(names, stories, strict=True)]
    over = 0 if sheet.phone else 6
    rows = kit.Rows(sheet, names, top=top, over=over, high=28 if sheet.phone else 46)
    pairs = [sorted(pair) for pair in table[_PERCENTS].itertuples(index=False)]
    lows, highs = (
        max(width(whole_percent(np.nan_to_num(percent)), SMALL) for percent in side)
        for side in zip(*pairs, strict=True)
    )
    most = min(100, max(40, 10 + np.nan_to_num(table[_PERCENTS]).max()))
    scale = Scale(0, most, rows.left + lows + 12, sheet.wide - highs - 12)
    _percent_axis(sheet, scale, top, rows.foot)
    for middle, row, pair, story in zip(
        rows.middles, table.itertuples(), pairs, stories, strict=True
    ):
        if story == "hidden":
            sheet.text(scale(0), middle, "" if sheet.phone else story, **NOTE)
            continue
        low, high = map(scale, pair)
        sheet.line([(low, middle), (high, middle)], RULE, 6)
        for side, style in reversed(_SIDES.items()):
            percent = getattr(row, f"percent_{side}")
            sheet.mark(scale(percent), middle, style["marker"], style["color"], 6)
        look = {"size": SMALL, "halo": True}
        sheet.text(low - 10, middle, whole_percent(pair[0]), anchor="end", **look)
        sheet.text(high + 10, middle, whole_percent(pair[1]), **look)
        if not sheet.phone:
            sheet.between((low + high) / 2, middle - 18, story, halo=True, **NOTE)


def points_and_sd(points, in_sd, *, name, words):
    """The gap by year in points and in standard deviations, each mark with its 95 % interval."""
    panels = [(points, "gap", 1), (in_sd, "v", 2)]
    panels = [
        (fit_for_trend(gaps[gaps[column].notna()]).sort_values("year"), column, digits)
        for gaps, column, digits in panels
    ]
    panels = [panel for panel in panels if len(panel[0])]
    return picture(name, words, partial(_panels, draw=_gap_marks, panels=panels)) if panels else ""


def _panels(sheet, draw, panels, left=0):
    """Panels side by side on the desk, one under the other on a phone."""
    wide = sheet.wide if sheet.phone else (sheet.wide - left - 36) / 2
    top = 0
    for panel in panels:
        draw(sheet, left, left + wide, top, *panel)
        left, top = (0, sheet.high + 20) if sheet.phone else (left + wide + 36, 0)


def _gap_marks(sheet, left, right, top, usable, column, digits):
    top = _title(sheet, f"In {UNITS[column][0]}", left, top) + 10
    newest = spoken(usable[column].iloc[-1], digits)
    low, high = _span(usable[["low", "high", column]], 10**-digits)
    room = 0.06 * (high - low)
    bottom = top + (170 if sheet.phone else 200)
    up = Scale(low - room * (low < 0), high + room * (high > 0), bottom, top)
    values = ticks(up.low, up.high, 6)
    form = _even(values)
    left += 8 + max(width(form(value), SMALL) for value in values)
    right -= width(newest, SMALL, bold=True) + 6
    along = _years(sheet, usable["year"], left, right, top, bottom)
    kit.upward(sheet, up, left, right, values, form)
    for year, *interval, gap in usable[["year", "low", "high", column]].itertuples(index=False):
        _whisker(sheet, *((along(year), up(edge)) for edge in interval))
        sheet.mark(along(year), up(gap), "D", INK)
    sheet.text(right + 4, up(gap), newest, size=SMALL, bold=True)


def class_gaps(found, *, name, words):
    """How each class's gap changed, in points and in standard deviations.

    Each mark is a change with its 95 % interval, by it the gap before and after. ``found``: rows
    of ``class_gaps`` that reach one year.
    """
    panels = [(found, "gap", ""), (found, "v", "_v")]
    panels = [panel for panel in panels if found[f"change{panel[2]}"].notna().any()]
    return picture(name, words, partial(_class_gaps, panels=panels)) if panels else ""


def _class_gaps(sheet, panels):
    left = 0 if sheet.phone else width("Grade 10 to 11", TEXT) + 8
    _panels(sheet, _class_marks, panels, left)


def _class_marks(sheet, left, right, top, found, ruler, suffix):
    """One change to a row; a class that this ruler cannot tell of has none."""
    unit, digits = UNITS[ruler]
    top = _title(sheet, f"Change in {unit}", left, top) + 4
    columns = [f"{column}{suffix}" for column in ("low", "high", "change", "gap_from", "gap_to")]
    low, high = _span(found[columns[:3]], 10**-digits)
    room = 0.08 * (high - low)
    scale = Scale(low - room, high + room, left, right - 1)
    choices = [ticks(scale.low, scale.high, most) for most in (7, 5, 4, 3, 2, 1)]
    foot = top + 44 * len(found)
    kit.along(sheet, scale, top, foot, choices, _even(choices[0], "+"))
    sheet.line([(scale(0), top), (scale(0), foot)])
    for place, row in enumerate(found.to_dict("records")):
        middle = top + 44 * place + 30
        name = f"Grade {row['grade_from']} to {row['grade_to']}"
        *interval, change, before, after = (row[column] for column in columns)
        told = (
            "no result"
            if np.isnan(change)
            else " → ".join(spoken(gap, digits) for gap in (before, after))
        )
        if sheet.phone:
            sheet.text(left, middle - 18, f"{name}: {told}", halo=True)
        elif ruler == "gap":
            sheet.text(0, middle, name)
        if np.isnan(change):
            continue
        _whisker(sheet, *((scale(edge), middle) for edge in interval))
        sheet.mark(scale(change), middle, "D", INK, 5.5)
        if not sheet.phone:
            look = {"low": left, "high": right, "halo": True, **NOTE}
            sheet.between(scale(change), middle - 17, told, **look)


def between_within(split, *, name, words):
    """The two parts of the gap, between and within schools, with their intervals.

    They are parts of the gap among the students counted; ``split`` is a ``BetweenWithin``.
    """
    if np.isnan(split.gap):
        return ""
    return picture(name, words, partial(_between_within, split=split))


def _between_within(sheet, split):
    parts = [
        (split.between, split.between_interval, ("#dfc27d", "#8c510a")),
        (split.within, split.within_interval, ("#80cdc1", None)),
    ]
    rows = kit.Rows(sheet, ["Between schools", "Within schools"], high=42)
    low, high = _span([(value, *interval) for value, interval, _ in parts], 1)
    right = sheet.wide - max(width(_points(value), TEXT, True) for value, *_ in parts) - 10
    scale = Scale(low, high, rows.left + 2, right)
    choices = [ticks(scale.low, scale.high, most, least=1) for most in (8, 6, 4, 3, 2, 1)]
    kit.along(sheet, scale, 2, rows.foot, choices, _even(choices[0]))
    for middle, (value, interval, look) in zip(rows.middles, parts, strict=True):
        left, end = sorted([scale(0), scale(value)])
        sheet.rect(left, middle - 13, end - left, 26, *look)
        edges = [(scale(edge), middle) for edge in interval]
        _whisker(sheet, *edges, "#fff", 4)
        _whisker(sheet, *edges)
        sheet.text(np.nanmax([end, edges[1][0]]) + 8, middle, _points(value), bold=True)
    sheet.line([(scale(0), 2), (scale(0), rows.foot)])
    middle = (scale.start + right) / 2
    sheet.between(middle, rows.foot + 26, "percentage points of the gap", stands="top", **NOTE)


def funnel(result, *, name, words):
    """Schools by number of students and percent meeting the standard, in their ``Funnel``.

    Shaded: 95 % and 99.8 % limits with ordinary differences between schools allowed for; dashed:
    99.8 % limits of chance alone.
    """
    return "" if result.table.empty else picture(name, words, partial(_funnel, result=result))


def _funnel(sheet, result):
    table, whole = result.table, f"all these schools {whole_percent(result.centre)}"
    least = max(5, table["n"].min() * 0.8)
    grid = np.unique(np.geomspace(least, max(table["n"].max() * 1.08, least + 4), 28).round())
    limits = result.limits(grid)
    top = _title(sheet, _MET) + 10
    bottom = top + 250
    right = sheet.wide - (8 if sheet.phone else width("all these", SMALL) + 10)
    highest = max(table["percent"].max(), limits["upper_95"].max())
    up = Scale(0, min(100, max(20, highest * 1.08)), bottom, top)
    along = Scale(grid[0], grid[-1], 44, right)
    curves = {
        name: [*zip(along(grid), up(limits[name].clip(0, up.high)), strict=True)]
        for name in limits.columns.drop("n")
    }
    for level, color in (("998", _OUTER), ("95", _INNER)):
        sheet.area([*curves[f"upper_{level}"], *reversed(curves[f"lower_{level}"])], color)
    kit.upward(sheet, up, 40, right, ticks(0, up.high, 6), "{:.0f}%".format)
    choices = [ticks(grid[0], grid[-1], most, least=1) for most in (8, 6, 4, 3, 2, 1)]
    kit.along(sheet, along, bottom, bottom + 4, choices, "{:,.0f}".format)
    for side in ("lower", "upper") if result.tau2 > 0 else ():
        sheet.line(curves[f"chance_{side}_998"], dash="5 4")
    sheet.line([(40, up(result.centre)), (right, up(result.centre))])
    for school in table.itertuples():
        sheet.mark(along(school.n), up(school.percent), *_FUNNEL_MARKS[school.flag])
    label = "students of the group with scores in the school"
    sheet.between((44 + right) / 2, bottom + 30, label, stands="top", **NOTE)
    items = _funnel_items(result)
    if sheet.phone:
        items.insert(0, (("line", None), whole, {}))
    else:
        look = {"size": SMALL, "most": sheet.wide - right - 8}
        sheet.text(right + 8, up(result.centre), whole, **look)
    kit.legend(sheet, 0 if sheet.phone else 40, sheet.high + 8, items, sheet.wide - 40)


def _funnel_items(result):
    """What the legend of a funnel says (list)."""
    many = result.table["flag"].value_counts()
    marks = [
        (look, f"{flag} the limits ({many[flag]})", {})
        for flag, look in _FUNNEL_MARKS.items()
        if flag in many
    ]
    limits = [(("area", _INNER), "95% limits", {}), (("area", _OUTER), "99.8% limits", {})]
    chance = [(("line", "5 4"), "chance alone, 99.8%", {})] if result.tau2 > 0 else []
    return marks + limits + chance


def all_groups(groups, *, name, words):
    """Percent meeting the standard of every student group at once, each with its 95 % interval.

    groups: a frame in the order to be drawn, with ``label``, ``n``, ``percent``, ``low``, ``high``
    (NaN where the result is hidden), ``role`` ("focus", "comparison", "group", "district", "county"
    or "state") and ``kind``, the heading of the block that a row stands in.
    """
    if not len(groups):
        return ""
    return picture(name, words, partial(_all_groups, groups=groups), desk=GROUPS_WIDE)


def _all_groups(sheet, groups):
    rows = groups.to_dict("records")
    tells = [
        "" if np.isnan(row["percent"]) else f"{whole_percent(row['percent'])} of {row['n']:,}"
        for row in rows
    ]
    beside = max(width(tell, SMALL) for tell in tells) + 10
    most = sheet.wide - beside if sheet.phone else min(kit.NAMES, 0.46 * sheet.wide)
    labels = [wrap(row["label"], TEXT, most, row["role"] in _SIDES) for row in rows]
    longest = max(width(line, TEXT, True) for lines in labels for line in lines)
    ends = groups[["percent", "high"]].to_numpy(dtype=float)
    room = (8, sheet.wide - 8) if sheet.phone else (longest + 18, sheet.wide - beside - 12)
    scale = Scale(0, min(100, max(20, np.nanmax(ends, initial=0) * 1.04)), *room)
    top = foot = _title(sheet, _MET)
    kind = None
    for row, lines, tell in zip(rows, labels, tells, strict=True):
        if row["kind"] != kind:
            kind = row["kind"]
            look = {"stands": "top", "bold": True, "most": sheet.wide, "halo": True, **NOTE}
            foot = sheet.text(0, foot + 9, kind, **look).bottom + 2
        tall = len(lines) * TEXT * LINE
        high = tall + 4 if sheet.phone else max(19, tall + 2)
        middle = foot + high / 2
        look = {"bold": row["role"] in _SIDES, "halo": sheet.phone}
        sheet.text(0, middle, "\n".join(lines), **look)
        sheet.text(sheet.wide, middle, tell, size=SMALL, anchor="end", halo=sheet.phone)
        foot += high
        if sheet.phone:
            middle, foot = foot + 6, foot + 20
        _group_mark(sheet, scale, row, middle)
    _percent_axis(sheet, scale, top + 4, foot + 2)


def _group_mark(sheet, scale, row, middle):
    """One result with its interval; a hidden one is a word in its place."""
    if np.isnan(row["percent"]):
        sheet.text(scale(0), middle, "hidden", **NOTE)
        return
    shape, color, r = _ROLE_MARKS[row["role"]]
    _whisker(sheet, *((scale(row[edge]), middle) for edge in ("low", "high")), color, 2)
    sheet.mark(scale(row["percent"]), middle, shape, color, r)


def _span(values, least):
    """From the lowest to the highest of values and zero, no less than ``least`` (two floats)."""
    values = np.array(values, dtype=float)
    low, high = np.nanmin(values, initial=0), np.nanmax(values, initial=0)
    return low, max(high, low + least)


def _whisker(sheet, start, end, color=QUIET, weight=1.6):
    """An interval's line, where there is one."""
    if not np.isnan([*start, *end]).any():
        sheet.line([start, end], color, weight)


def _title(sheet, text, left=0, top=0):
    """A title over what follows; its foot."""
    return sheet.text(left, top, text, color=QUIET, stands="top").bottom


def _percent_axis(sheet, scale, top, foot):
    choices = [ticks(0, scale.high, most) for most in (11, 6, 4, 3, 2)]
    kit.along(sheet, scale, top, foot, choices, "{:.0f}%".format)


def _even(values, sign=""):
    """How evenly spaced values are written: with the digits that tell them apart (function)."""
    step = values[1] - values[0] if values[1:] else 1
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return lambda value: spoken(value, digits, sign if value else "")


def _points(value):
    return f"{spoken(value, 1)} points"

"""The charts of a report about its groups and its schools, drawn as ``report_charts`` draws.

Every student group of a district and the public measures side by side, a result in each row; growth
beside status; the gap between and within schools, and their funnel (HTML text).
"""

import numpy as np
import pandas as pd

from see_the_system.data.indicators import INDICATORS, PERCENT
from see_the_system.gaps.result_words import spoken
from see_the_system.messages import whole_percent
from see_the_system.pictures import svg_kit as kit
from see_the_system.pictures.lettering import COMPARISON, FOCUS, INK, LINE, QUIET, width, wrap
from see_the_system.pictures.svg_kit import NOTE, SMALL, TEXT, Axis, picture
from see_the_system.reports.report_charts import MET

GROUPS_WIDE = 480
_CHOSEN = ("focus", "comparison")
_OUTER, _INNER = "#e4e7eb", "#cbd2d9"
_SCHOOL_MARKS = {
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


@picture
def all_groups(canvas, groups, title=MET):
    """A percent of every student group at once, each with its 95 % interval.

    groups: a frame in the order to be drawn, with ``label``, ``n``, ``percent``, ``low``, ``high``
    (NaN where the result is hidden), ``role`` ("focus", "comparison", "group", "district", "county"
    or "state") and ``kind``, the heading of the block that a row stands in. title: of what the
    percents are; of those meeting the standard where it is not given.
    """
    # Narrower than others: on the first page of a report other findings stand beside it.
    canvas.wide = min(canvas.wide, GROUPS_WIDE)
    scale, top, foot = _rows(canvas, groups, title)
    for percent in groups.loc[groups["role"] == "district", "percent"].dropna():
        canvas.line([(scale(percent), top + 4), (scale(percent), foot + 2)], dash="2 3")
    kit.along(canvas, scale, top + 4, foot + 2, kit.percent)


@picture
def multiple_measures(canvas, result):
    """The percent of each public measure, of each group, with its 95 % interval.

    result: a ``MultipleMeasures``. Where no measure is a percent nothing is drawn.
    """
    shares = _shares(result)
    if shares["percent"].notna().any():
        title = "Percent of the students counted, 95% intervals"
        scale, top, foot = _rows(canvas, shares, title)
        kit.along(canvas, scale, top + 4, foot + 2, kit.percent)


def _shares(result):
    """The rows of the measures that are percents, as ``all_groups`` has them (DataFrame)."""
    roles = dict(zip(result.groups, ("district", "focus", "comparison"), strict=False))
    drawn = []
    for row in result.table.to_dict("records"):
        indicator = INDICATORS[row["indicator"]]
        if indicator.unit != PERCENT:
            continue
        lower = " (lower is better)" if indicator.good == "low" else ""
        block = {"kind": f"{row['name']}, {row['year']}{lower}"}
        numbers = {"percent": row["value"], "low": row["low"], "high": row["high"], "n": row["n"]}
        role = roles.get(row["group"], "group")
        drawn.append(block | numbers | {"label": row["group"], "role": role})
        if row["group"] == result.groups[0] and result.beside:
            beside = {"percent": row["beside_value"], "n": row["beside_n"]}
            drawn.append(block | beside | {"label": result.beside, "role": "county"})
    numbers = ["n", "percent", "low", "high"]
    frame = pd.DataFrame(drawn, columns=["label", *numbers, "role", "kind"])
    frame[numbers] = frame[numbers].apply(pd.to_numeric, errors="coerce").astype("float64")
    return frame


def _rows(canvas, groups, title):
    """Draw the rows in their blocks; the axis, where they begin and where they end."""
    rows = groups.to_dict("records")
    tells = [
        "" if np.isnan(row["percent"]) else f"{whole_percent(row['percent'])} of {row['n']:,.0f}"
        for row in rows
    ]
    beside = max(width(tell, SMALL) for tell in tells) + 10
    most = canvas.wide - beside if canvas.phone else 0.36 * canvas.wide
    labels = [wrap(row["label"], TEXT, most, row["role"] in _CHOSEN) for row in rows]
    longest = max(width(line, TEXT, True) for lines in labels for line in lines)
    ends = groups[["percent", "high"]].to_numpy(dtype=float)
    room = (8, canvas.wide - 8) if canvas.phone else (longest + 18, canvas.wide - beside - 12)
    scale = Axis(0, min(100, max(20, np.nanmax(ends, initial=0) * 1.04)), *room)
    top = foot = canvas.title(title)
    kind = None
    for row, lines, tell in zip(rows, labels, tells, strict=True):
        if row["kind"] != kind:
            kind = row["kind"]
            look = {"stands": "top", "bold": True, "most": canvas.wide, "halo": True, **NOTE}
            foot = canvas.text(0, foot + 9, kind, **look) + 2
        tall = len(lines) * TEXT * LINE
        high = tall + 4 if canvas.phone else max(19, tall + 2)
        middle = foot + high / 2
        look = {"bold": row["role"] in _CHOSEN, "halo": canvas.phone}
        canvas.text(0, middle, "\n".join(lines), **look)
        canvas.text(canvas.wide, middle, tell, size=SMALL, anchor="end", halo=canvas.phone)
        foot += high
        if canvas.phone:
            middle, foot = foot + 6, foot + 20
        _group_mark(canvas, scale, row, middle)
    return scale, top, foot


def _group_mark(canvas, scale, row, middle):
    """One result with its interval; a hidden one is a word in its place."""
    if np.isnan(row["percent"]):
        canvas.text(scale(0), middle, "hidden", **NOTE)
        return
    shape, color, r = _ROLE_MARKS[row["role"]]
    canvas.whisker(*((scale(row[edge]), middle) for edge in ("low", "high")), color, 2)
    canvas.mark(scale(row["percent"]), middle, shape, color, r)


@picture
def growth(canvas, result):
    """Each school's growth over its status.

    result: a ``Growth``. Nothing is ranked: right is where students stand, up is how they gained;
    the words name the schools that differ by more than chance.
    """
    table = result.table[result.table["hidden"] == ""]
    if table.empty:
        return
    top = canvas.title("Points gained beside similar students") + 12
    bottom = top + 280
    right = canvas.wide - 10
    up = Axis(*_around_zero(table["growth"]), bottom, top)
    along = Axis(*_around_zero(table["status"]), 48, right)
    kit.upward(canvas, up, 44, right)
    kit.along(canvas, along, bottom, bottom + 4)
    canvas.line([(along(0), top), (along(0), bottom)], QUIET, 1)
    canvas.line([(44, up(0)), (right, up(0))], QUIET, 1)
    sides = np.select([table["low"] > 0, table["high"] < 0], ["above", "below"], "within")
    for school, side in zip(table.itertuples(), sides, strict=True):
        canvas.mark(along(school.status), up(school.growth), *_SCHOOL_MARKS[side])
    label = "scores beside the average of their grade here, points"
    canvas.between((44 + right) / 2, bottom + 26, label, stands="top", **NOTE)
    said = {"above": "more than chance", "below": "less than chance", "within": "can be chance"}
    items = [(_SCHOOL_MARKS[side], words, {}) for side, words in said.items() if side in sides]
    kit.legend(canvas, 44 if not canvas.phone else 0, canvas.high + 8, items, canvas.wide - 44)


def _around_zero(values):
    """The ends of an axis that holds all values and zero, with room (two floats)."""
    low, high = kit.span(values.tolist(), 2.0)
    room = 0.12 * (high - low)
    return low - room, high + room


@picture
def between_within(canvas, split):
    """The two parts of the gap, between and within schools, with their intervals.

    They are parts of the gap among the students counted; ``split`` is a ``BetweenWithin``.
    """
    if np.isnan(split.gap):
        return
    parts = [
        (split.between, split.between_interval, ("#dfc27d", "#8c510a")),
        (split.within, split.within_interval, ("#80cdc1", None)),
    ]
    said = [f"{spoken(value, split.digits)} points" for value, *_ in parts]
    rows = kit.Rows(canvas, ["Between schools", "Within schools"], high=42)
    low, high = kit.span([each for value, interval, _ in parts for each in (value, *interval)], 1)
    right = canvas.wide - max(width(points, TEXT, True) for points in said) - 10
    scale = Axis(low, high, rows.left + 2, right)
    kit.along(canvas, scale, 2, rows.foot, least=1)
    for middle, points, (value, interval, look) in zip(rows.middles, said, parts, strict=True):
        left, end = sorted([scale(0), scale(value)])
        canvas.rect(left, middle - 13, end - left, 26, *look)
        edges = [(scale(edge), middle) for edge in interval]
        canvas.whisker(*edges, "#fff", 4)
        canvas.whisker(*edges)
        canvas.text(np.nanmax([end, edges[1][0]]) + 8, middle, points, bold=True)
    canvas.line([(scale(0), 2), (scale(0), rows.foot)])
    middle = (scale.start + right) / 2
    canvas.between(middle, rows.foot + 26, "percentage points of the gap", stands="top", **NOTE)


@picture
def funnel(canvas, result):
    """Schools by number of students and percent meeting the standard, in their ``Funnel``.

    Shaded: 95 % and 99.8 % limits with ordinary differences between schools allowed for; dashed:
    99.8 % limits of chance alone.
    """
    if result.table.empty:
        return
    table, whole = result.table, f"all these schools {whole_percent(result.centre)}"
    least = max(5, table["n"].min() * 0.8)
    grid = np.unique(np.geomspace(least, max(table["n"].max() * 1.08, least + 4), 28).round())
    limits = result.limits(grid)
    top = canvas.title(MET) + 10
    bottom = top + 250
    right = canvas.wide - (8 if canvas.phone else width("all these", SMALL) + 10)
    highest = max(table["percent"].max(), limits["upper_95"].max())
    up = Axis(0, min(100, max(20, highest * 1.08)), bottom, top)
    along = Axis(grid[0], grid[-1], 44, right)
    curves = {
        name: [*zip(along(grid), up(limits[name].clip(0, up.high)), strict=True)]
        for name in limits.columns.drop("n")
    }
    for level, color in (("998", _OUTER), ("95", _INNER)):
        canvas.area([*curves[f"upper_{level}"], *reversed(curves[f"lower_{level}"])], color)
    kit.upward(canvas, up, 40, right, kit.percent)
    kit.along(canvas, along, bottom, bottom + 4, "{:,.0f}".format, least=1)
    for side in ("lower", "upper") if result.tau2 > 0 else ():
        canvas.line(curves[f"chance_{side}_998"], dash="5 4")
    canvas.line([(40, up(result.centre)), (right, up(result.centre))])
    for school in table.itertuples():
        canvas.mark(along(school.n), up(school.percent), *_SCHOOL_MARKS[school.flag])
    label = "students of the group with scores in the school"
    canvas.between((44 + right) / 2, bottom + 30, label, stands="top", **NOTE)
    items = _funnel_items(result)
    if canvas.phone:
        items.insert(0, (("line", None), whole, {}))
    else:
        most = canvas.wide - right - 8
        half = len(wrap(whole, SMALL, most)) * SMALL * LINE / 2
        # Clear of what stands over the frame and under its axis.
        middle = max(top + half - 10, min(up(result.centre), bottom + 2 - half))
        canvas.text(right + 8, middle, whole, size=SMALL, most=most)
    kit.legend(canvas, 0 if canvas.phone else 40, canvas.high + 8, items, canvas.wide - 40)


def _funnel_items(result):
    """What the legend of a funnel says (list)."""
    many = result.table["flag"].value_counts()
    marks = [
        (look, f"{flag} the limits ({many[flag]})", {})
        for flag, look in _SCHOOL_MARKS.items()
        if flag in many
    ]
    limits = [(("area", _INNER), "95% limits", {}), (("area", _OUTER), "99.8% limits", {})]
    chance = [(("line", "5 4"), "chance alone, 99.8%", {})] if result.tau2 > 0 else []
    return marks + limits + chance

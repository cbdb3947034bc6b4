"""The charts of a report about its schools, drawn as ``report_charts`` draws (HTML text)."""

import numpy as np

from see_the_system.gaps.result_words import spoken
from see_the_system.messages import whole_percent
from see_the_system.pictures import svg_kit as kit
from see_the_system.pictures.lettering import COMPARISON, FOCUS, LINE, QUIET, width, wrap
from see_the_system.pictures.svg_kit import NOTE, SMALL, TEXT, Axis, picture
from see_the_system.reports.report_charts import MET

_OUTER, _INNER = "#e4e7eb", "#cbd2d9"
_FUNNEL_MARKS = {
    "within": ("o", QUIET, 4.5),
    "above": ("^", FOCUS["color"], 6),
    "below": ("v", COMPARISON["color"], 6),
}


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
        canvas.mark(along(school.n), up(school.percent), *_FUNNEL_MARKS[school.flag])
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
        for flag, look in _FUNNEL_MARKS.items()
        if flag in many
    ]
    limits = [(("area", _INNER), "95% limits", {}), (("area", _OUTER), "99.8% limits", {})]
    chance = [(("line", "5 4"), "chance alone, 99.8%", {})] if result.tau2 > 0 else []
    return marks + limits + chance

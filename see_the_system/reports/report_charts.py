"""The charts of a district report, each drawn from a table or a result of the gaps (Axes).

The words of a chart are the ``describe_*`` of what it is drawn from.
"""

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from see_the_system.gaps.cohorts import RULERS
from see_the_system.gaps.result_words import UNITS, spoken
from see_the_system.gaps.trends import NOT_FOR_TREND
from see_the_system.messages import whole_percent
from see_the_system.pictures.figures import new_axes
from see_the_system.pictures.lettering import COMPARISON, FOCUS, INK, LEVEL_COLOURS, QUIET, RULE
from see_the_system.reports.sections import LEVELS, fit_for_trend, level_shares, level_words

_SIDES = {"focus": FOCUS, "comparison": COMPARISON}
_PERCENTS = ["percent_focus", "percent_comparison"]
_OVER = {"ha": "center", "va": "bottom", "color": QUIET, "fontsize": 9}
_BEHIND = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
_ON_LEVELS = ("white", INK, INK, "white")  # the colour of a number that is read on a level's colour
_FUNNEL_MARKS = {
    "within": {"marker": "o", "color": QUIET, "markersize": 6},
    "above": {"marker": "^", "color": FOCUS["color"], "markersize": 8},
    "below": {"marker": "v", "color": COMPARISON["color"], "markersize": 8},
}


def plot_levels(counts, *, ax=None):
    """The four levels of each group as one bar of 100 %, split at the standard (Axes).

    counts: a frame with ``group``, ``n`` and the four level counts, one row a group, the first row
    on top.
    """
    ax = ax or new_axes(height=0.75 + 0.62 * len(counts))
    for place, row in enumerate(counts.itertuples()):
        _level_bar(ax, place, level_shares(row), level_words(row))
    ax.axvline(0, color=INK, linewidth=1.2)
    ax.text(
        0,
        len(counts) - 0.42,
        "the standard",
        ha="center",
        va="top",
        color=INK,
        fontsize=9,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )
    _name_rows(ax, [f"{row.group}\n{row.n:,} students" for row in counts.itertuples()])
    ax.set_ylim(len(counts) - 0.3, -0.75)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    return ax


def _level_bar(ax, place, shares, percents):
    """One group's bar: zero is the standard, so the two lower levels stand to the left of it."""
    left = -shares[0] - shares[1]
    levels = zip(shares, percents, LEVELS.values(), LEVEL_COLOURS, _ON_LEVELS, strict=True)
    for share, percent, name, colour, on_it in levels:
        ax.barh(place, share, left=left, color=colour, height=0.62, edgecolor="white")
        middle = left + share / 2
        if share >= 5:
            ax.text(middle, place, percent, ha="center", va="center", color=on_it, fontsize=10)
        # Names stand over the top bar, where they have room; the last has the margin to itself.
        if place == 0 and share >= 10:
            ax.text(middle, -0.42, name, **_OVER)
        elif place == 0 and name == "Exceeded":
            ax.text(left, -0.42, name, **_OVER | {"ha": "left"})
        left += share


def plot_gap(gaps, *, ax=None):
    """A gap in points as its table has it: by grade where it is of one year, otherwise by year."""
    if "grade" in gaps and gaps["year"].nunique() == 1:
        return plot_gap_by_grade(gaps, ax=ax)
    return plot_gap_over_time(gaps, ax=ax)


def plot_gap_over_time(gaps, *, ax=None):
    """Percent meeting the standard of both groups by year, joined at both ends (Axes).

    ``gaps`` by year. 2020 (no test) and 2021 (few tested) are left as a break; the lines are not
    drawn across it.
    """
    ax = ax or new_axes(height=3.4)
    usable = fit_for_trend(gaps).sort_values("year")
    years = usable["year"]
    unbroken = (years.diff() > 1).cumsum()
    for side, style in _SIDES.items():
        for _, run in usable.groupby(unbroken):
            ax.plot(run["year"], run[f"percent_{side}"], linewidth=2, markersize=6, **style)
    ends = usable.iloc[[0, -1]].drop_duplicates("year")
    for year, *percents in ends[["year", *_PERCENTS]].itertuples(index=False):
        ax.plot([year] * 2, percents, color=QUIET, linewidth=1, linestyle=(0, (2, 2)))
    _label_last(ax, usable.iloc[-1])
    _year_axis(ax, years)
    tens = 10 * np.ceil(usable[_PERCENTS].to_numpy().max() / 10)
    ax.set_ylim(0, min(100, max(30, 10 + tens)))
    ax.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    ax.set_title("Students who met or exceeded the standard", loc="left", color=QUIET)
    ax.margins(x=0.02)
    first, last = years.iloc[0], years.iloc[-1]
    ax.spines["bottom"].set_bounds(first, last)
    # Room for the names beside the last marks.
    ax.set_xlim(ax.get_xlim()[0], last + 0.36 * max(3, last - first))
    return ax


def _label_last(ax, last):
    """Both groups' names beside their last marks, moved apart where they would touch."""
    labels = [(last[f"percent_{side}"], last[side]) for side in _SIDES]
    labels.sort(key=lambda label: label[0])
    push = max(0, 6 - (labels[1][0] - labels[0][0])) / 2
    for (percent, name), moved in zip(labels, (-push, push), strict=True):
        _beside(ax, f"{_short(name)} {whole_percent(percent)}", (last["year"], percent + moved), 10)


def plot_gap_by_grade(gaps, *, ax=None):
    """Both groups' percent meeting the standard in each grade, joined by the gap (Axes).

    ``gaps`` of one year by grade.
    """
    ax = ax or new_axes(height=0.9 + 0.5 * len(gaps))
    for place, row in enumerate(gaps.itertuples()):
        ends = [row.percent_focus, row.percent_comparison]
        ax.plot(ends, [place] * 2, color=RULE, linewidth=5, solid_capstyle="round", zorder=1)
        ax.text(sum(ends) / 2, place - 0.22, f"{_signed(row.gap)} points", **_OVER)
        for percent, (side, style) in zip(ends, _SIDES.items(), strict=True):
            label = getattr(row, side) if place == 0 else None  # once is enough for the legend
            ax.plot(percent, place, markersize=9, linestyle="none", zorder=2, label=label, **style)
    _name_rows(ax, [f"Grade {grade}" for grade in gaps["grade"]])
    ax.set_ylim(len(gaps) - 0.5, -0.7)
    ax.set_xlim(0, min(100, max(40, 10 + gaps[_PERCENTS].to_numpy().max())))
    ax.xaxis.set_major_formatter(PercentFormatter(decimals=0))
    _legend(ax, "lower left", (0, 1), ncols=2, fontsize=10, handletextpad=0.3)
    return ax


def plot_points_and_sd(points, in_sd, *, axes=None):
    """The gap by year in points (left) and in standard deviations (right) (array of two Axes).

    Each mark has its 95 % interval.
    """
    axes = new_axes(columns=2, height=3.0) if axes is None else axes
    _gap_marks(axes[0], points, "gap", "In percentage points")
    _gap_marks(axes[1], in_sd, "v", "In standard deviations")
    return axes


def _gap_marks(ax, gaps, column, title):
    usable = fit_for_trend(gaps[gaps[column].notna()]).sort_values("year")
    below = (usable[column] - usable["low"]).clip(lower=0)
    above = (usable["high"] - usable[column]).clip(lower=0)
    ax.errorbar(
        usable["year"],
        usable[column],
        yerr=[below, above],
        fmt="D",
        color=INK,
        ecolor=QUIET,
        elinewidth=1.2,
        markersize=5,
    )
    ax.axhline(0, color=RULE, linewidth=1)
    ax.set_ylim(min(0, usable["low"].min() * 1.1), max(usable["high"].max() * 1.1, 0.1))
    ax.set_title(title, loc="left", color=QUIET)
    _year_axis(ax, usable["year"], most=4)


def plot_class_gaps(classes, *, axes=None):
    """How each class's gap changed, in points and in standard deviations (array of two Axes).

    Each mark is a change with its 95 % interval, over it the gap before and after. ``classes``:
    rows of ``class_gaps`` that reach one year.
    """
    axes = new_axes(columns=2, height=0.9 + 0.55 * len(classes)) if axes is None else axes
    names = [f"Grade {row.grade_from} to {row.grade_to}" for row in classes.itertuples()]
    for ax, ruler in zip(axes, RULERS, strict=True):
        _class_marks(ax, classes, ruler)
        _name_rows(ax, names if ruler == "gap" else [""] * len(names))
        ax.set_ylim(len(names) - 0.5, -0.7)
        ax.set_title(f"Change in {UNITS[ruler][0]}", loc="center", color=QUIET)
    axes[1].set_visible(classes["change_v"].notna().any())
    return axes


def _class_marks(ax, classes, ruler):
    """One change to a row; a class that this ruler cannot tell of has none."""
    suffix, (_, digits) = RULERS[ruler], UNITS[ruler]
    ax.axvline(0, color=RULE, linewidth=1.4, zorder=0)
    for place, row in enumerate(classes.to_dict("records")):
        change, low, high = (row[f"{name}{suffix}"] for name in ("change", "low", "high"))
        if np.isnan(change):
            continue
        ends = [spoken(row[f"gap_{end}{suffix}"], digits) for end in ("from", "to")]
        ax.plot([low, high], [place] * 2, color=QUIET, linewidth=1.4)
        ax.plot(change, place, "D", color=INK, markersize=6)
        ax.text(change, place - 0.18, " → ".join(ends), bbox=_BEHIND, **_OVER)


def plot_between_within(split, *, ax=None):
    """The two parts of the gap, between and within schools, with their intervals (Axes).

    They are parts of the gap among the students counted; ``split`` is a ``BetweenWithin``.
    """
    ax = ax or new_axes(height=1.9)
    parts = [
        (split.between, split.between_interval, {"color": "#dfc27d", "hatch": "//"}),
        (split.within, split.within_interval, {"color": "#80cdc1", "hatch": ""}),
    ]
    for place, (value, interval, style) in enumerate(parts):
        ax.barh(place, value, edgecolor="white", height=0.55, **style)
        ax.plot(interval, [place] * 2, color=INK, linewidth=1.2)
        _beside(ax, f"{_signed(value)} points", (max(interval[1], value, 0), place), 8)
    ax.axvline(0, color=QUIET, linewidth=1)
    _name_rows(ax, ["Between schools", "Within schools"])
    ax.set_ylim(1.6, -0.6)
    ax.margins(x=0.16)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    ax.set_xlabel("percentage points of the gap")
    return ax


def plot_funnel(result, *, ax=None):
    """Schools by number of students and percent meeting the standard, in their ``Funnel`` (Axes).

    Shaded: 95 % and 99.8 % limits with ordinary differences between schools allowed for; dashed:
    99.8 % limits of chance alone.
    """
    ax = ax or new_axes(height=3.6)
    table = result.table
    sizes = np.linspace(max(5, table["n"].min() * 0.8), table["n"].max() * 1.08, 120)
    grid = np.unique(sizes.round())
    limits = result.limits(grid)
    _funnel_limits(ax, grid, limits, chance=result.tau2 > 0)
    ax.axhline(result.centre, color=QUIET, linewidth=1)
    _school_marks(ax, table)
    ax.annotate(
        f"all these schools {whole_percent(result.centre)}",
        (grid[-1], result.centre),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
        fontsize=9,
        color=INK,
    )
    highest = max(table["percent"].max(), limits["upper_95"].max())
    ax.set_xlim(grid[0], grid[-1])
    ax.set_ylim(0, min(100, max(20, highest * 1.08)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    ax.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    ax.set_xlabel("students of the group with scores in the school")
    ax.set_title("Students who met or exceeded the standard", loc="left", color=QUIET)
    _legend(ax, "upper left", (0, -0.2), ncols=4, fontsize=9, handletextpad=0.4)
    return ax


def _funnel_limits(ax, grid, limits, *, chance):
    ax.fill_between(grid, limits["lower_998"], limits["upper_998"], color="#e4e7eb", linewidth=0)
    ax.fill_between(grid, limits["lower_95"], limits["upper_95"], color="#cbd2d9", linewidth=0)
    if chance:
        dashed = {"color": QUIET, "linewidth": 1, "linestyle": (0, (4, 3))}
        ax.plot(grid, limits["chance_lower_998"], label="chance alone", **dashed)
        ax.plot(grid, limits["chance_upper_998"], **dashed)


def _school_marks(ax, table):
    for flag, style in _FUNNEL_MARKS.items():
        schools = table[table["flag"] == flag]
        if len(schools):
            marks = {**style, "linestyle": "none", "markeredgecolor": "white"}
            label = f"{flag} the limits ({len(schools)})"
            ax.plot(schools["n"], schools["percent"], label=label, **marks)


def _year_axis(ax, years, most=8):
    """At most so many ticks, the newest year among them; 2020 and 2021 are shaded, not ticked."""
    first, last = int(years.min()), int(years.max())
    newest_first = [year for year in range(last, first - 1, -1) if year not in NOT_FOR_TREND]
    step = -(-len(newest_first) // most)
    ax.set_xticks(sorted(newest_first[::step]))
    if not first < 2020 < last:
        return
    ax.axvspan(2019.5, 2021.5, color="#f0f2f4", linewidth=0, zorder=0)
    if most > 5:  # a small chart has no room for the words
        small = {**_OVER, "fontsize": 8, "transform": ax.get_xaxis_transform()}
        ax.text(2020.5, 0.03, "not comparable\n2020, 2021", **small)


def _name_rows(ax, names):
    """Names in place of a scale at the left."""
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def _beside(ax, text, point, points_away):
    """A text to the right of a point."""
    away = {"xytext": (points_away, 0), "textcoords": "offset points"}
    ax.annotate(text, point, va="center", fontsize=10, **away)


def _legend(ax, corner, anchor, **style):
    ax.legend(loc=corner, bbox_to_anchor=anchor, borderaxespad=0, frameon=False, **style)


def _short(name):
    return name if len(name) <= 26 else name[:24].rsplit(" ", 1)[0] + " …"


def _signed(value):
    return spoken(value, 1)

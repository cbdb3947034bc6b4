"""The charts of a district report. Each takes a frame or result of ``helpers.analysis`` and returns
the Axes; its words are the ``describe_*`` of that result."""

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from see_the_system.pictures.figures import new_axes
from see_the_system.pictures.palette import COMPARISON, FOCUS, INK, LEVEL_COLOURS, QUIET, RULE

LEVEL_NAMES = ("Not met", "Nearly met", "Met", "Exceeded")
_SIDES = (("focus", FOCUS), ("comparison", COMPARISON))


def plot_levels(counts, *, ax=None):
    """The four levels of each group as one bar of 100 %, split at the standard (Axes).

    counts: a frame with ``group``, ``n`` and the four level counts, one row a group, first row on
    top.
    """
    ax = new_axes(height=0.75 + 0.62 * len(counts)) if ax is None else ax
    for place, row in enumerate(counts.itertuples()):
        shares = (
            100 * np.array([row.n_not_met, row.n_nearly_met, row.n_met, row.n_exceeded]) / row.n
        )
        left = -shares[0] - shares[1]
        for share, colour, name, dark in zip(
            shares, LEVEL_COLOURS, LEVEL_NAMES, (True, False, False, True)
        ):
            ax.barh(place, share, left=left, color=colour, height=0.62, edgecolor="white")
            if share >= 5:
                ax.text(
                    left + share / 2,
                    place,
                    f"{share:.0f}%",
                    ha="center",
                    va="center",
                    color="white" if dark else INK,
                    fontsize=10,
                )
            if place == 0 and (share >= 10 or name == "Exceeded"):
                middle = share >= 10
                ax.text(
                    left + share / 2 if middle else left,
                    place - 0.42,
                    name,
                    ha="center" if middle else "left",
                    va="bottom",
                    color=QUIET,
                    fontsize=9,
                )
            left += share
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
    ax.set_yticks(
        range(len(counts)), [f"{row.group}\n{row.n:,} students" for row in counts.itertuples()]
    )
    ax.set_ylim(len(counts) - 0.3, -0.75)
    ax.set_xticks([])
    ax.tick_params(axis="y", length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax


def plot_gap_over_time(gaps, *, ax=None):
    """Percent meeting the standard of both groups by year with their gap written in at both ends
    (Axes); ``gaps`` by year.

    2020 (no test) and 2021 (few tested) are left as a break; the lines are not drawn across it.
    """
    ax = new_axes(height=3.4) if ax is None else ax
    usable = gaps[~gaps["year"].isin([2020, 2021])].sort_values("year")
    for side, style in _SIDES:
        for _, run in usable.groupby((usable["year"].diff() > 1).cumsum()):
            ax.plot(run["year"], run[f"percent_{side}"], linewidth=2, markersize=6, **style)
    ends = [usable.iloc[0], usable.iloc[-1]] if len(usable) > 1 else [usable.iloc[-1]]
    for row in ends:
        ax.plot(
            [row["year"]] * 2,
            [row["percent_focus"], row["percent_comparison"]],
            color=QUIET,
            linewidth=1,
            linestyle=(0, (2, 2)),
        )
    last = usable.iloc[-1]
    for label, y in _apart(
        {last["focus"]: last["percent_focus"], last["comparison"]: last["percent_comparison"]}, 6
    ):
        percent = last["percent_focus"] if label == last["focus"] else last["percent_comparison"]
        ax.annotate(
            f"{_short(label)} {percent:.0f}%",
            (last["year"], y),
            xytext=(10, 0),
            textcoords="offset points",
            va="center",
            fontsize=10,
        )
    _year_axis(ax, usable["year"])
    ax.set_ylim(
        0,
        min(
            100,
            max(
                30,
                10
                + 10
                * np.ceil(usable[["percent_focus", "percent_comparison"]].to_numpy().max() / 10),
            ),
        ),
    )
    ax.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    ax.set_title("Students who met or exceeded the standard", loc="left", color=QUIET)
    ax.margins(x=0.02)
    ax.spines["bottom"].set_bounds(usable["year"].min(), last["year"])
    ax.set_xlim(ax.get_xlim()[0], last["year"] + 0.36 * max(3, np.ptp(usable["year"])))
    return ax


def plot_gap_by_grade(gaps, *, ax=None):
    """Both groups' percent meeting the standard in each grade, joined by the gap (Axes); ``gaps``
    of one year by grade.
    """
    ax = new_axes(height=0.9 + 0.5 * len(gaps)) if ax is None else ax
    for place, row in enumerate(gaps.itertuples()):
        ax.plot(
            [row.percent_focus, row.percent_comparison],
            [place] * 2,
            color=RULE,
            linewidth=5,
            solid_capstyle="round",
            zorder=1,
        )
        ax.text(
            (row.percent_focus + row.percent_comparison) / 2,
            place - 0.22,
            f"{_signed(row.gap)} points",
            ha="center",
            va="bottom",
            fontsize=9,
            color=QUIET,
        )
        for side, style in _SIDES:
            ax.plot(
                getattr(row, f"percent_{side}"),
                place,
                markersize=9,
                linestyle="none",
                zorder=2,
                label=getattr(row, side) if place == 0 else None,
                **style,
            )
    ax.set_yticks(range(len(gaps)), [f"Grade {grade}" for grade in gaps["grade"]])
    ax.set_ylim(len(gaps) - 0.5, -0.7)
    ax.set_xlim(
        0, min(100, max(40, 10 + gaps[["percent_focus", "percent_comparison"]].to_numpy().max()))
    )
    ax.xaxis.set_major_formatter(PercentFormatter(decimals=0))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2,
        fontsize=10,
        handletextpad=0.3,
        borderaxespad=0,
        frameon=False,
    )
    return ax


def plot_points_and_sd(points, in_sd, *, axes=None):
    """The gap by year in points (left) and in standard deviations (right), with 95 % intervals
    (array of two Axes).
    """
    axes = new_axes(columns=2, height=3.0) if axes is None else axes
    for ax, gaps, value, title in (
        (axes[0], points, "gap", "In percentage points"),
        (axes[1], in_sd, "v", "In standard deviations"),
    ):
        usable = gaps[~gaps["year"].isin([2020, 2021]) & gaps[value].notna()].sort_values("year")
        spread = [
            (usable[value] - usable["low"]).clip(lower=0),
            (usable["high"] - usable[value]).clip(lower=0),
        ]
        ax.errorbar(
            usable["year"],
            usable[value],
            yerr=spread,
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
    return axes


def plot_between_within(split, *, ax=None):
    """The two parts of the gap among the students counted, between and within schools, with their
    intervals (Axes).
    """
    ax = new_axes(height=1.9) if ax is None else ax
    rows = [
        ("Between schools", split.between, split.between_interval, "#dfc27d", "//"),
        ("Within schools", split.within, split.within_interval, "#80cdc1", ""),
    ]
    for place, (_, value, (low, high), colour, hatch) in enumerate(rows):
        ax.barh(place, value, color=colour, hatch=hatch, edgecolor="white", height=0.55)
        ax.plot([low, high], [place] * 2, color=INK, linewidth=1.2)
        ax.annotate(
            f"{_signed(value)} points",
            (max(high, value, 0), place),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=10,
        )
    ax.axvline(0, color=QUIET, linewidth=1)
    ax.set_yticks([0, 1], [name for name, *_ in rows])
    ax.set_ylim(1.6, -0.6)
    ax.margins(x=0.16)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("percentage points of the gap")
    return ax


def plot_funnel(result, *, ax=None):
    """Schools by number of students and percent meeting the standard, in the limits of their funnel
    (Axes); ``Funnel`` in.

    Shaded: 95 % and 99.8 % limits with ordinary differences between schools allowed for; dashed:
    99.8 % limits of chance alone.
    """
    ax = new_axes(height=3.6) if ax is None else ax
    table = result.table
    grid = np.unique(
        np.linspace(max(5, table["n"].min() * 0.8), table["n"].max() * 1.08, 120).round()
    )
    limits = result.limits(grid)
    ax.fill_between(grid, limits["lower_998"], limits["upper_998"], color="#e4e7eb", linewidth=0)
    ax.fill_between(grid, limits["lower_95"], limits["upper_95"], color="#cbd2d9", linewidth=0)
    for edge in ("chance_lower_998", "chance_upper_998") if result.tau2 > 0 else ():
        ax.plot(
            grid,
            limits[edge],
            color=QUIET,
            linewidth=1,
            linestyle=(0, (4, 3)),
            label="chance alone" if edge.startswith("chance_l") else None,
        )
    ax.axhline(result.centre, color=QUIET, linewidth=1)
    for flag, marker, colour in (
        ("within", "o", QUIET),
        ("above", "^", FOCUS["color"]),
        ("below", "v", COMPARISON["color"]),
    ):
        part = table[table["flag"] == flag]
        if len(part):
            ax.plot(
                part["n"],
                part["percent"],
                linestyle="none",
                marker=marker,
                color=colour,
                markersize=6 if flag == "within" else 8,
                markeredgecolor="white",
                label=f"{flag} the limits ({len(part)})",
            )
    ax.annotate(
        f"all these schools {result.centre:.0f}%",
        (grid[-1], result.centre),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
        fontsize=9,
        color=INK,
    )
    ax.set_xlim(grid[0], grid[-1])
    ax.set_ylim(0, min(100, max(20, max(table["percent"].max(), limits["upper_95"].max()) * 1.08)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    ax.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    ax.set_xlabel("students of the group with scores in the school")
    ax.set_title("Students who met or exceeded the standard", loc="left", color=QUIET)
    ax.legend(
        loc="upper left",
        bbox_to_anchor=(0, -0.2),
        ncols=4,
        fontsize=9,
        handletextpad=0.4,
        borderaxespad=0,
        frameon=False,
    )
    return ax


def _year_axis(ax, years, most=8):
    first, last = int(years.min()), int(years.max())
    ticks = [year for year in range(first, last + 1) if year not in (2020, 2021)]
    step = -(-len(ticks) // most)
    ax.set_xticks(sorted(set(ticks[::-1][::step])))
    if first < 2020 < last:
        ax.axvspan(2019.5, 2021.5, color="#f0f2f4", linewidth=0, zorder=0)
        if most > 5:
            ax.text(
                2020.5,
                0.03,
                "not comparable\n2020, 2021",
                transform=ax.get_xaxis_transform(),
                ha="center",
                va="bottom",
                fontsize=8,
                color=QUIET,
            )


def _apart(values, least):
    """Label heights, moved apart where they are closer than ``least``."""
    (low_name, low), (high_name, high) = sorted(values.items(), key=lambda item: item[1])
    push = max(0, least - (high - low)) / 2
    return [(low_name, low - push), (high_name, high + push)]


def _short(name):
    return name if len(name) <= 26 else name[:24].rsplit(" ", 1)[0] + " …"


def _signed(value):
    return f"{value:.1f}".replace("-", "−") if abs(value) >= 0.05 else "0.0"

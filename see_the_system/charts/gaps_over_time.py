"""A gap followed over time, and the same measure for every group, with small groups hidden.

``points`` is a frame as ``small_groups.hide_small`` takes it: at, group, count and n, a row a
period and group, the whole among them.
"""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from see_the_system.charts.run_charts import run_chart
from see_the_system.charts.signals import outside_together
from see_the_system.gaps.result_words import spoken
from see_the_system.messages import Refusal, nearest
from see_the_system.privacy.protect import MIN_N, SUPPRESSED
from see_the_system.privacy.small_groups import NUMBERS, WHOLE, group_name, hide_small

GAPS = (
    "at",
    "n_focus",
    "percent_focus",
    "n_comparison",
    "percent_comparison",
    "gap",
    "low",
    "high",
    "hidden",
)


def gap_run_chart(points, *, focus, comparison, whole=WHOLE, min_students=MIN_N):
    """The gap between two groups in each period, with its 95 percent interval (DataFrame, a row a
    period).

    Columns: at, n_focus, percent_focus, n_comparison, percent_comparison, gap (comparison minus
    focus, percentage points), low, high (Newcombe 1998, Statistics in Medicine 17:873, method 10)
    and hidden: "" or why the gap is not shown, and then it is missing, as are the numbers of a
    group that is too small (``hide_small``). ``attrs``: focus, comparison, min_students.

    The interval of one period says how well that period's gap is known, and nothing about change:
    of twenty such intervals about one misses what it should hold while nothing at all goes on, a
    period is picked because it looks unusual, and two intervals that overlap may still differ.
    Whether the gap has changed is asked of the whole series, by the rules of ``chart_of_gaps``.
    """
    shown = hide_small(points, whole=whole, min_students=min_students)
    sides = {
        side: _group(shown, name) for side, name in (("focus", focus), ("comparison", comparison))
    }
    if sides["focus"] == sides["comparison"]:
        raise Refusal(
            f'A gap needs two different groups, and both are "{sides["focus"]}"; choose '
            "another one for the comparison."
        )
    table = shown[["at"]].drop_duplicates(ignore_index=True)
    why = []
    for side, name in sides.items():
        rows = table.merge(shown[shown["group"] == name], on="at", how="left")
        why.append([_why(row, name, min_students) for row in rows.to_dict("records")])
        table = table.assign(
            **{
                f"count_{side}": rows["count"],
                f"n_{side}": rows["n"],
                f"percent_{side}": rows["percent"],
            }
        )
    both = table[["count_focus", "n_focus", "count_comparison", "n_comparison"]].to_numpy(
        dtype=float, na_value=np.nan
    )
    table["gap"], table["low"], table["high"] = gap_with_interval(*both.T)
    table["hidden"] = ["; ".join(filter(None, reasons)) for reasons in zip(*why, strict=False)]
    table.attrs = sides | {"min_students": min_students}
    return table[list(GAPS)]


def gap_with_interval(count_focus, n_focus, count_comparison, n_comparison):
    """Gap, low and high in percentage points, comparison minus focus (three arrays; missing where a
    number is missing or n is 0).

    >>> [float(one.round(2)[0]) for one in gap_with_interval([48], [80], [56], [70])]
    [20.0, 5.24, 33.39]
    """
    given = np.array([count_focus, n_focus, count_comparison, n_comparison], dtype=float)
    known = np.isfinite(given).all(axis=0) & (given[1] > 0) & (given[3] > 0)
    found = np.full((3, given.shape[1]), np.nan)
    if known.any():
        focus, n, comparison, m = given[:, known]
        interval = confint_proportions_2indep(
            comparison, m, focus, n, method="newcomb", compare="diff"
        )
        found[:, known] = 100 * np.array([comparison / m - focus / n, *interval])
    return tuple(found)


def chart_of_gaps(table, *, kind="run", better=None, **options):
    """The run chart of the gaps of ``gap_run_chart`` that are shown (``RunChart``), with the
    options of ``run_chart``.

    better: "lower" unless another is given or a gap lies below zero, where a smaller number is not
    a smaller gap.
    """
    rows = table[table["gap"].notna()]
    if not len(rows):
        raise Refusal(
            f"No period has a gap that can be shown ({_hidden_words(table)}), so there is no "
            "chart; take periods together."
        )
    better = ("lower" if (rows["gap"] >= 0).all() else "") if better is None else better
    named = {
        "measure": f"{table.attrs['comparison']} minus {table.attrs['focus']}",
        "unit": "percentage points",
    }
    return run_chart(
        rows[["at"]].assign(value=rows["gap"]), kind=kind, better=better, **(named | options)
    )


def describe_gap_run_chart(table):
    """What a frame of ``gap_run_chart`` holds: the first and the last gap, the middle one, what is
    hidden and why (text).
    """
    rows = table[table["gap"].notna()]
    lead = (
        f"The gap between {table.attrs['focus']} and {table.attrs['comparison']} (comparison "
        f"minus focus) over {_periods(len(table))}"
    )
    if not len(rows):
        return f"{lead} cannot be shown: {_hidden_words(table)}."
    ends = [
        f"{spoken(row['gap'], 1)} percentage points on {_day(row['at'])} (95 percent "
        f"interval {spoken(row['low'], 1)} to "
        f"{spoken(row['high'], 1)})"
        for row in rows.iloc[[0, -1] if len(rows) > 1 else [0]].to_dict("records")
    ]
    words = [
        f"{lead}: {' and '.join(ends)}; the middle one of {len(rows)} is "
        f"{spoken(rows['gap'].median(), 1)}."
    ]
    if len(rows) < len(table):
        words.append(f"Not shown: {_hidden_words(table)}.")
    return " ".join(
        [
            *words,
            "An interval says how well one period is known; whether the gap has changed is "
            "asked of the whole series.",
        ]
    )


def by_group(points, *, groups=(), whole=WHOLE, min_students=MIN_N, kind="run", **options):
    """The same measure for the whole and for each group, small groups hidden (dict from name to
    ``RunChart``, the whole first).

    groups: those to show (all in ``points`` by default); kind ("run", "xmr", "p" or "p_prime") and
    options: as of ``run_chart``; the value is the percent. A period that is hidden is no point of
    its group's chart, and a group without two shown periods has no chart.
    """
    shown = hide_small(points, whole=whole, min_students=min_students)
    every = list(dict.fromkeys(shown["group"]))
    names = [_group(shown, name) for name in groups] or every
    names = list(dict.fromkeys([*(name for name in every if name == group_name(whole)), *names]))
    charts = {}
    for name in names:
        rows = shown[(shown["group"] == name) & shown["percent"].notna()]
        if len(rows) > 1:
            counted = rows[["at", *NUMBERS]].astype(dict.fromkeys(NUMBERS, "int64"))
            held = (
                counted
                if kind in ("run", "p", "p_prime")
                else rows[["at"]].assign(value=rows["percent"])
            )
            charts[name] = run_chart(
                held, kind=kind, **({"unit": "percent", "group": name} | options)
            )
    if not charts:
        raise Refusal(
            f"No group has {min_students} students or more in two periods, so nothing can be "
            "shown; take periods together."
        )
    return charts


def describe_by_group(charts, *, groups=()):
    """What the charts of ``by_group`` show, what is not shown, and how often so many charts signal
    by chance (text).

    groups: the names that were asked for, of which those without a chart are named.
    """
    periods = sorted({at for chart in charts.values() for at in chart.frame["at"]})
    words = [_group_words(name, chart, len(periods)) for name, chart in charts.items()]
    if absent := [name for name in groups if name not in charts]:
        words.append(f"Not shown in any period: {', '.join(absent)}.")
    words.append(
        "A group with few students moves more by chance alone, and no signal is not evidence "
        "that nothing changed for it."
    )
    any_ = 100 * (1 - np.prod([1 - chart.false_alarm.rate for chart in charts.values()]))
    if len(charts) > 1 and any_ >= 1:
        words.append(
            f"With nothing going on, at least one of {len(charts)} such charts signals about "
            f"{any_:.0f} percent of the time."
        )
    return " ".join(words)


def _group(shown, asked):
    """The name in the points of a group that is asked for; ``Refusal`` with the nearest names
    otherwise.
    """
    names = list(dict.fromkeys(shown["group"]))
    name = group_name(asked)
    if name not in names:
        close = nearest(name, names) or names
        raise Refusal(
            f'There is no group "{asked}" in these points; they have {", ".join(close[:6])}. '
            "Give one of these."
        )
    return name


def _why(row, name, min_students):
    if pd.isna(row["hidden"]):
        return f"no count for {name}"
    if row["hidden"] == SUPPRESSED:
        return f"{name} has fewer than {min_students} students"
    if row["hidden"]:
        return f"{name} is hidden because a smaller group could be worked out from it"
    return f"no students in {name}" if row["n"] == 0 else ""


def _hidden_words(table):
    reasons = table["hidden"][table["hidden"] != ""].value_counts(sort=False)
    return "; ".join(f"{_periods(count)}: {why}" for why, count in reasons.items())


def _group_words(name, chart, periods):
    frame, many = chart.frame, len(chart.frame)
    last, middle = frame["value"].iloc[-1], frame["value"].median()
    signals = " ".join(signal.words for signal in outside_together(chart.signals)) or (
        "It cannot signal yet." if chart.cannot_signal else "No signal."
    )
    short = f" {periods - many} of {periods} periods are not shown." if many < periods else ""
    lead = (
        f"{name}: {spoken(last, 0)} percent on {_day(frame['at'].iloc[-1])}, the middle of "
        f"{_periods(many)} is {spoken(middle, 0)}."
    )
    return f"{lead} {signals}{short}"


def _periods(count):
    return f"{count} period{'' if count == 1 else 's'}"


def _day(at):
    return f"{at:%B} {at.day}, {at.year}"

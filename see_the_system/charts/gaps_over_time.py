"""A gap followed over time, and the same measure for every group, with small groups hidden.

``points`` is a frame as ``small_groups.hide_small`` takes it: at, group, count and n, a row a
period and group, the whole among them; ``sums`` says there which groups of one's own make up what.
"""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from see_the_system.charts.chart_words import full_date, outside_together
from see_the_system.charts.run_charts import run_chart
from see_the_system.gaps.result_words import spoken
from see_the_system.messages import Refusal, are, counted, nearest, whole_percent
from see_the_system.privacy.protect import MIN_N, SUPPRESSED
from see_the_system.privacy.small_groups import NUMBERS, WHOLE, group_name, hide_small


def gap_run_chart(points, *, focus, comparison, whole=WHOLE, min_students=MIN_N, sums=None):
    """The gap between two groups in each period, with its interval (DataFrame, a row a period).

    Columns: at, n_focus, percent_focus, n_comparison, percent_comparison, gap (comparison minus
    focus, percentage points), low, high (of the 95 percent interval: Newcombe 1998, Statistics in
    Medicine 17:873, method 10) and hidden: "" or why the gap is not shown, and then it is missing,
    as are the numbers of a group that is too small (``hide_small``). ``attrs``: focus, comparison,
    min_students.

    The interval of one period says how well that period's gap is known, and nothing about change:
    of twenty such intervals about one misses what it should hold while nothing at all goes on, a
    period is picked because it looks unusual, and two intervals that overlap may still differ.
    Whether the gap has changed is asked of the whole series, by the rules of ``run_chart``.
    """
    shown = hide_small(points, whole=whole, min_students=min_students, sums=sums)
    names = {"focus": _group(shown, focus), "comparison": _group(shown, comparison)}
    if names["focus"] == names["comparison"]:
        raise Refusal(
            f'A gap needs two different groups, and both are "{names["focus"]}"; choose another '
            "one for the comparison."
        )
    table = shown[["at"]].drop_duplicates(ignore_index=True)
    reasons, numbers = [], []
    for side, name in names.items():
        rows = table[["at"]].merge(shown[shown["group"] == name], on="at", how="left")
        reasons.append([_why(row, name, min_students) for row in rows.to_dict("records")])
        numbers += [rows["count"], rows["n"]]
        table[f"n_{side}"] = rows["n"]
        table[f"percent_{side}"] = rows["percent"]
    numbers = [column.to_numpy(dtype=float, na_value=np.nan) for column in numbers]
    table["gap"], table["low"], table["high"] = gap_with_interval(*numbers)
    table["hidden"] = [" and ".join(filter(None, both)) for both in zip(*reasons, strict=True)]
    table.attrs = names | {"min_students": min_students}
    return table


def gap_with_interval(count_focus, n_focus, count_comparison, n_comparison):
    """Gap, low and high in percentage points, comparison minus focus (three arrays).

    Missing where a number is missing or n is 0.

    >>> [float(one.round(2)[0]) for one in gap_with_interval([48], [80], [56], [70])]
    [20.0, 5.24, 33.39]
    """
    numbers = np.array([count_focus, n_focus, count_comparison, n_comparison], dtype=float)
    known = np.isfinite(numbers).all(axis=0) & (numbers[1] > 0) & (numbers[3] > 0)
    found = np.full((3, numbers.shape[1]), np.nan)
    if known.any():
        focus, n_focus, comparison, n_comparison = numbers[:, known]
        low, high = confint_proportions_2indep(
            comparison, n_comparison, focus, n_focus, method="newcomb", compare="diff"
        )
        gap = comparison / n_comparison - focus / n_focus
        found[:, known] = 100 * np.array([gap, low, high])
    return tuple(found)


def describe_gap_run_chart(table):
    """What a frame of ``gap_run_chart`` holds (text).

    The first and the last gap, the middle one, what is hidden and why.
    """
    rows = table[table["gap"].notna()]
    focus, comparison = table.attrs["focus"], table.attrs["comparison"]
    periods = counted(len(table), "period")
    lead = f"The gap between {focus} and {comparison} ({comparison} minus {focus}) over {periods}"
    if rows.empty:
        return f"{lead} cannot be shown: {_hidden_words(table)}."
    first_and_last = rows.iloc[list(dict.fromkeys([0, len(rows) - 1]))].to_dict("records")
    ends = " and ".join(map(_gap_words, first_and_last))
    middle = f"; the middle one of {len(rows)} is {spoken(rows['gap'].median(), 1)}"
    words = [f"{lead}: {ends}{middle if len(rows) > 2 else ''}."]
    if len(rows) < len(table):
        words.append(f"Not shown: {_hidden_words(table)}.")
    words.append(
        "An interval says how well one period is known; whether the gap has changed is asked of "
        "the whole series."
    )
    return " ".join(words)


def by_group(
    points, *, groups=(), whole=WHOLE, min_students=MIN_N, sums=None, kind="run", **options
):
    """The same measure for the whole and for each group, small groups hidden (dict).

    From name to ``RunChart``, the whole first. groups: those to show (all in ``points`` by
    default); kind ("run", "xmr", "p" or "p_prime") and options: as of ``run_chart``; the value is
    the percent. A period that is hidden is no point of its group's chart, and a group without two
    shown periods has no chart.
    """
    shown = hide_small(points, whole=whole, min_students=min_students, sums=sums)
    there = list(dict.fromkeys(shown["group"]))
    first = [name for name in there if name == group_name(whole)]
    names = [_group(shown, name) for name in groups] or there
    charts = {}
    for name in dict.fromkeys([*first, *names]):
        rows = shown[(shown["group"] == name) & shown["percent"].notna()]
        if len(rows) < 2:
            continue
        if kind in ("run", "p", "p_prime"):
            rows = rows[["at", *NUMBERS]].astype(dict.fromkeys(NUMBERS, "int64"))
        else:
            rows = rows[["at"]].assign(value=rows["percent"])
        charts[name] = run_chart(rows, kind=kind, **({"unit": "percent", "group": name} | options))
    if not charts:
        raise Refusal(
            f"No group has {min_students} students or more in two periods, so nothing can be "
            "shown; take periods together."
        )
    return charts


def describe_by_group(charts):
    """What the charts of ``by_group`` show, and how often so many signal by chance (text)."""
    periods = len({at for chart in charts.values() for at in chart.frame["at"]})
    words = [_group_words(name, chart, periods) for name, chart in charts.items()]
    words.append(
        "A group with few students moves more by chance alone, and no signal is not evidence that "
        "nothing changed for it."
    )
    quiet = np.prod([1 - chart.false_alarm.rate for chart in charts.values()])
    percent = 100 * (1 - quiet)
    if len(charts) > 1 and percent >= 1:
        words.append(
            f"With nothing going on, at least one of {len(charts)} such charts signals about "
            f"{percent:.0f} percent of the time."
        )
    return " ".join(words)


def _group(shown, asked):
    """The name in the points of a group that is asked for; ``Refusal`` with the nearest names."""
    names = list(dict.fromkeys(shown["group"]))
    name = group_name(asked)
    if name in names:
        return name
    close = ", ".join((nearest(name, names) or names)[:6])
    raise Refusal(
        f'There is no group "{asked}" in these points; they have {close}. Give one of these.'
    )


def _why(row, name, min_students):
    """Why a group has no percent in a period (text), "" where it has one."""
    if pd.isna(row["hidden"]):
        return f"no count for {name}"
    if row["hidden"] == SUPPRESSED:
        return f"{name} has fewer than {min_students} students"
    if row["hidden"]:
        return f"{name} is hidden because a smaller group could be worked out from it"
    return f"no students in {name}" if row["n"] == 0 else ""


def _hidden_words(table):
    reasons = table["hidden"][table["hidden"] != ""].value_counts(sort=False)
    return "; ".join(f"{counted(count, 'period')}: {why}" for why, count in reasons.items())


def _gap_words(row):
    gap, low, high = (spoken(row[name], 1) for name in ("gap", "low", "high"))
    day = full_date(row["at"])
    return f"{gap} percentage points on {day} (95 percent interval {low} to {high})"


def _group_words(name, chart, periods):
    value = chart.frame["value"]
    last, middle = (
        whole_percent(each).replace("%", " percent") for each in (value.iloc[-1], value.median())
    )
    day = full_date(chart.frame["at"].iloc[-1])
    shown = len(value)
    words = [f"{name}: {last} on {day}, the middle of {counted(shown, 'period')} is {middle}."]
    words += [signal.words for signal in outside_together(chart.signals)]
    if not chart.signals:
        words.append("It cannot signal yet." if chart.cannot_signal else "No signal.")
    if shown < periods:
        unseen = periods - shown
        words.append(f"{unseen} of {periods} periods {are(unseen)} not shown.")
    return " ".join(words)

"""Gaps over the years: is a gap shrinking, growing, or neither, as far as can be told?

There was no test in 2020, and in 2021 about one student in four was tested: neither year can stand
in a trend.
"""

import numpy as np
import pandas as pd
from scipy.stats import t as student

from see_the_system.gaps.paired import SIDES
from see_the_system.gaps.result_words import (
    cell_columns,
    each_row,
    led_by_place,
    note,
    paragraph,
    redefined,
    spoken,
    with_commas,
    with_interval,
)
from see_the_system.gaps.two_groups import CUTS, Z95
from see_the_system.messages import Refusal

NOT_FOR_TREND = {2020: "there was no test", 2021: "few students were tested"}
# the unit of each measure of a gap, and its digits after the point
UNITS = {
    "gap": ("percentage points", 1),
    "v": ("standard deviations", 2),
    "dfs": ("scale-score points", 1),
}
CHANGE = ("change", "change_low", "change_high")
SLOPE = ("slope", "slope_low", "slope_high", "scatter")
ENDS = ("focus_first", "focus_last", "comparison_first", "comparison_last")
TREND = {
    **dict.fromkeys(("measure", "years"), "str"),
    **dict.fromkeys(("n_years", "first_year", "last_year"), "int64"),
    **dict.fromkeys(("first", "last", *CHANGE, *SLOPE), "float64"),
    "verdict": "str",
    **dict.fromkeys(ENDS, "float64"),
    "same_grades": "bool",
    "left_out": "str",
}
# usable years; with three, one degree of freedom is left and the slope's interval spans anything
FOR_A_TREND = 4


def trend(gaps):
    """What became of each gap over the years (DataFrame, one row a series).

    gaps: a frame of ``gap_in_points``, ``gap_in_sd`` or ``gap_at_every_cut``, by year.

    Columns: the gap's own (``by`` without year, focus, comparison), measure ("gap" in percentage
    points or "v"), years, n_years, first_year, last_year, first, last; change (last minus first;
    interval by the square-and-add method of Zou & Donner 2008, Statistics in Medicine 27:1693);
    slope per year (three usable years or more; weighted least squares, each year's variance being
    that of its interval plus the scatter between years by the method of moments, DerSimonian &
    Laird 1986; Student's t interval with n_years - 2 degrees of freedom); scatter (its standard
    deviation); verdict; the percents of both groups in the first and last year; same_grades;
    left_out.

    ``verdict`` is "shrank", "grew", "moved through zero" or "no clear change", by the slope's
    interval with four usable years or more, by that of the change otherwise; "too few years" with
    one. 2020 and 2021 never enter. Students tested in both of two years make the results alike, so
    that these intervals are, if anything, too wide.
    """
    if "year" not in gaps or not {"gap", "v"} & set(gaps.columns):
        raise Refusal(
            "A trend needs gaps by year: a result of gap_in_points or gap_in_sd with 'year' in by."
        )
    measure = "gap" if "gap" in gaps else "v"
    keys = [column for column in cell_columns(gaps, "n_focus") if column != "year"]
    found = []
    for cell, years in gaps.groupby(keys, sort=False, dropna=False, observed=True):
        usable = fit_for_trend(years[years[measure].notna()]).sort_values("year")
        if len(usable):
            found.append(dict(zip(keys, cell, strict=True)) | _series(years, usable, measure))
    types = gaps[keys].dtypes.to_dict() | TREND
    result = pd.DataFrame(found, columns=list(types)).astype(types)
    result.attrs = gaps.attrs | {"unusable": "" if found else _unusable(gaps)}
    return result


def fit_for_trend(table):
    """The rows of the years that may stand in a trend."""
    return table[~table["year"].isin(list(NOT_FOR_TREND))]


def change_with_interval(start, end):
    """The change from one gap to another with its interval, the two taken as independent.

    start, end: gap, low and high. Each end of the interval adds the squares of the two distances
    that move the change in its direction, so that the intervals may be lopsided (Zou & Donner).
    """
    gap_from, low_from, high_from = start
    gap_to, low_to, high_to = end
    change = gap_to - gap_from
    down = np.hypot(gap_to - low_to, high_from - gap_from)
    up = np.hypot(high_to - gap_to, gap_from - low_from)
    return change, change - down, change + up


def describe_trend(result):
    """Change, slope, intervals, both groups' results and years left out, in sentences (text).

    result: a frame of ``trend`` or one of its rows.
    """
    sentences = [_sentences_on_trend(row) for row in each_row(result)]
    otherwise = "There is no gap to follow over the years."
    return paragraph([*sentences, note(result, "unusable")], result, otherwise)


def _series(years, usable, measure):
    """One row of ``trend`` from the rows of one series, of which ``usable`` may enter."""
    first, last = usable.iloc[0], usable.iloc[-1]
    row = {
        "measure": measure,
        "years": with_commas(usable["year"]),
        "n_years": len(usable),
        "first_year": int(first["year"]),
        "last_year": int(last["year"]),
        "first": float(first[measure]),
        "last": float(last[measure]),
        "same_grades": usable["grades"].nunique() == 1,
        "left_out": _left_out(years, usable),
    }
    gap = [measure, "low", "high"]
    if len(usable) > 1:
        row |= zip(CHANGE, change_with_interval(first[gap], last[gap]), strict=True)
    if len(usable) > 2:
        error = (usable["high"] - usable["low"]).to_numpy() / (2 * Z95)
        year, value = usable[["year", measure]].to_numpy(dtype=float).T
        row |= zip(SLOPE, _slope(year, value, error), strict=True)
    for side in SIDES:
        row[f"{side}_first"] = first.get(f"percent_{side}")
        row[f"{side}_last"] = last.get(f"percent_{side}")
    return row | {"verdict": _verdict(row)}


def _slope(x, y, error):
    """Slope per year, the two ends of its interval, and the scatter between years.

    Scatter is what the years vary beyond the errors of the single years.
    """
    design = np.column_stack([np.ones(len(x)), x - x.mean()])
    free = len(x) - 2
    variance = np.maximum(error**2, 1e-12)
    _, inverse, q = _weighted_line(design, y, variance)
    # Q is expected to be ``free`` by the errors alone, and to grow by ``per_scatter`` for each unit
    # of variance between years: the method of moments solves for that variance.
    per_scatter = (1 / variance).sum() - np.trace(inverse @ (design.T / variance**2) @ design)
    between = max(0.0, (q - free) / per_scatter)
    slope, inverse, _ = _weighted_line(design, y, variance + between)
    half = student.ppf(0.975, free) * np.sqrt(inverse[1, 1])
    return slope, slope - half, slope + half, np.sqrt(between)


def _weighted_line(design, y, variance):
    """The slope of a weighted line, (X' W X)^-1, and Q, the weighted squares of what is left."""
    inverse = np.linalg.inv((design.T / variance) @ design)
    fitted = inverse @ (design.T / variance) @ y
    return fitted[1], inverse, ((y - design @ fitted) ** 2 / variance).sum()


def _verdict(row):
    if row["n_years"] < 2:
        return "too few years"
    by = "slope" if row["n_years"] >= FOR_A_TREND else "change"
    low, high = row[f"{by}_low"], row[f"{by}_high"]
    if low <= 0 <= high:
        return "no clear change"
    if row["first"] * row["last"] < 0:
        return "moved through zero"
    falls, above_zero = high < 0, row["first"] + row["last"] > 0
    return "shrank" if falls == above_zero else "grew"


def _left_out(years, usable):
    """Years between the first and the last seen that are not used, each with why."""
    seen = years["year"].astype(int)
    used = set(usable["year"].astype(int))
    return _reasons(year for year in range(seen.min(), seen.max() + 1) if year not in used)


def _unusable(gaps):
    if not len(gaps):
        return ""
    reasons = _reasons(sorted({int(year) for year in gaps["year"]}))
    return f"No year can be used to follow this gap ({reasons})."


def _reasons(years):
    return "; ".join(f"{year}: {NOT_FOR_TREND.get(year, 'no gap is given')}" for year in years)


def _sentences_on_trend(row):
    """What became of one gap, in sentences."""
    left_out = f" Years left out: {row['left_out']}." if row["left_out"] else ""
    gap = f"{led_by_place(row, ': the', 'The')} gap between {row['focus']} and {row['comparison']}"
    if row["n_years"] < 2:
        unit, digits = UNITS[row["measure"]]
        only = f"{row['first_year']} only ({spoken(row['first'], digits)} {unit})"
        return f"{gap} can be given for {only}, so no change can be told.{left_out}"
    grades = ""
    if not row["same_grades"]:
        grades = " Not the same grades are shown in every year, which may move the gap by itself."
    warning = redefined(row, row["first_year"], row["last_year"])
    return f"{gap} {_course(row)}{_both_groups(row)}{grades}{warning}{left_out}"


def _course(row):
    """The verdict on a gap, with the slope or the change that it goes by."""
    unit, digits = UNITS[row["measure"]]
    verdict = row["verdict"]
    if verdict == "no clear change":
        verdict = f"shows {verdict}"
    ends = (
        f"from {spoken(row['first'], digits)} {unit} in {row['first_year']} to "
        f"{spoken(row['last'], digits)} in {row['last_year']}, "
        f"a change of {with_interval(row, 'change', digits)}"
    )
    if row["n_years"] < FOR_A_TREND:
        many = "Two" if row["n_years"] == 2 else "Three"
        return (
            f"{verdict}: {ends}. {many} usable years cannot tell a lasting change from a passing "
            "one."
        )
    slope = with_interval(row, "slope", digits + 1, f" {unit} a year")
    return (
        f"{verdict} over its {row['n_years']} usable years: it moved by {slope}. "
        f"Its first and last year alone give less to go by: {ends}."
    )


def _both_groups(row):
    """The percents of both groups in the first and the last year, where they are known."""
    if pd.isna(row["focus_first"]):
        return ""
    counted = f"Counting '{CUTS[row['cut']]}'" if "cut" in row else "Meeting the standard"
    return (
        f" {counted} in {row['first_year']} and {row['last_year']}: {row['focus']} "
        f"{row['focus_first']:.1f}% and {row['focus_last']:.1f}%, {row['comparison']} "
        f"{row['comparison_first']:.1f}% and {row['comparison_last']:.1f}%."
    )

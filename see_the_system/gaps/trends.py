"""Gaps over the years: is a gap shrinking, growing, or neither, as far as can be told?

There was no test in 2020, and in 2021 about one student in four was tested: neither year can stand
in a trend. 2019 is the year that everyone asks about: where it lies among a gap's years, the course
since then is judged beside the course since the first year, and the error is that of both together.
"""

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import chdtrc, ndtr, ndtri

from see_the_system.gaps.paired import SIDES, errors_of_counts
from see_the_system.gaps.result_words import (
    NOT_FOR_TREND,
    UNITS,
    cell_columns,
    change_words,
    each_row,
    led_by_place,
    no_usable_year,
    note,
    paragraph,
    redefined,
    spoken,
    swing_words,
    verdict_words,
    with_commas,
    years_left_out,
)
from see_the_system.gaps.two_groups import CUTS, Z95, who_is_higher
from see_the_system.messages import Refusal, listed

REFERENCE = 2019
# How often the courses since the first year and since 2019 may be called changed, one or both, with
# nothing but chance at work; and how often that since the first year may, whether or not 2019 is
# judged too: else the year that brings 2019 into the middle would take power from it.
FAMILY, FIRST = 0.05, 0.04
FIRST_BOUND = ndtri(1 - FIRST / 2)
UNSTEADY = 0.05
CHANGE = ("change", "change_low", "change_high")
SLOPE = ("slope", "slope_low", "slope_high", "level")
SINCE = ("since", "since_low", "since_high", "since_level", "since_first")
ENDS = [f"{side}_{when}" for when in ("first", "since", "last") for side in SIDES]
TREND = {
    **dict.fromkeys(("measure", "years"), "str"),
    **dict.fromkeys(("n_years", "first_year", "last_year"), "int64"),
    **dict.fromkeys(("first", "last", *CHANGE, *SLOPE, "scatter"), "float64"),
    **dict.fromkeys(("unsteady", "same_grades"), "bool"),
    **dict.fromkeys(("verdict", "since_verdict"), "str"),
    "since_years": "int64",
    **dict.fromkeys((*SINCE, *ENDS), "float64"),
    "left_out": "str",
}


def trend(gaps):
    """What became of each gap over the years (DataFrame, one row a series).

    gaps: a frame of ``gap_in_points``, ``gap_in_sd`` or ``gap_at_every_cut``, by year.

    Columns: the gap's own (``by`` without year, focus, comparison), measure ("gap" in percentage
    points or "v"), years, n_years, first_year, last_year, first, last; change, from the first year
    to the last by the weighted line through all usable years, and slope, the same for each year,
    with their intervals of ``level`` percent; scatter, the standard deviation of the years about
    the line beyond chance (method of moments, DerSimonian & Laird 1986), and unsteady, whether
    Cochran's Q says at 0.05 that there is some; verdict; the same since 2019, where 2019 lies
    between the first and the last year; the percents of both groups; same_grades; left_out.

    One rule for two years or more: each year weighs by its error from chance among its students
    alone (the inverse-variance, or fixed effect, line: Cochran 1954, Biometrics 10:101), the
    interval is normal. So a year more never takes power from a steady change, and with two years
    the change is the last year less the first. Scatter between years is told, not tested against:
    two years could not. The levels hold since the first year and since 2019 together in 95 of 100
    cases (two correlated normal statistics, Dunnett 1955, JASA 50:1096).

    ``verdict`` is "shrank", "grew", "moved through zero", "moved near zero" (neither end can be
    told from zero) or "no clear change"; "too few years" with one. 2020 and 2021 never enter.
    Students tested in both of two years make the results alike, so that these intervals are, if
    anything, too wide.
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
            series = _series(years, usable, measure, gaps.attrs.get("in_data", ()))
            found.append(dict(zip(keys, cell, strict=True)) | series)
    types = gaps[keys].dtypes.to_dict() | TREND
    result = pd.DataFrame(found, columns=list(types)).astype(types)
    result.attrs = gaps.attrs | {"unusable": "" if found else no_usable_year(gaps)}
    return result


def fit_for_trend(table):
    """The rows of the years that may stand in a trend."""
    return table[~table["year"].isin(list(NOT_FOR_TREND))]


def describe_trend(result):
    """The courses since the first year and since 2019, with intervals, in sentences (text).

    And both groups' results and the years left out. result: a frame of ``trend`` or one of its
    rows.
    """
    sentences = [_sentences_on_trend(row) for row in each_row(result)]
    otherwise = "There is no gap to follow over the years."
    return paragraph([*sentences, note(result, "unusable")], result, otherwise)


def _series(years, usable, measure, in_data):
    """One row of ``trend`` from the rows of one series, of which ``usable`` may enter.

    in_data: the years that the data have.
    """
    first, last = usable.iloc[0], usable.iloc[-1]
    row = {
        "measure": measure,
        "years": with_commas(usable["year"]),
        "n_years": len(usable),
        "first_year": int(first["year"]),
        "last_year": int(last["year"]),
        "first": float(first[measure]),
        "last": float(last[measure]),
        "verdict": "too few years",
        "since_verdict": "",
        "since_years": 0,
        "unsteady": False,
        "same_grades": usable["grades"].nunique() == 1,
        "left_out": years_left_out(years, usable, in_data),
    }
    row |= _percents(first, "first") | _percents(last, "last")
    return row | _courses(usable, measure) if len(usable) > 1 else row


def _percents(year, when):
    return {f"{side}_{when}": year.get(f"percent_{side}") for side in SIDES}


def _courses(usable, measure):
    """The course since the first year, and that since 2019 where it lies between (dict)."""
    x, y = usable[["year", measure]].to_numpy(dtype=float).T
    error = _errors_of_years(usable, measure)
    weights = slope_weights(x, error)
    slope, half = weights @ y, FIRST_BOUND * np.sqrt((weights**2) @ error**2)
    span, ends = x[-1] - x[0], (slope, slope - half, slope + half)
    found = dict(zip(SLOPE, (*ends, 100 * (1 - FIRST)), strict=True))
    found |= zip(CHANGE, (span * end for end in ends), strict=True)
    found["scatter"], found["unsteady"] = _scatter(x, y, error)
    found["verdict"] = _verdict(*ends, *_told(usable, measure))
    if x[0] < REFERENCE < x[-1] and REFERENCE in x:
        found |= _since(usable, measure, error, weights)
    return found


def _since(usable, measure, error, weights):
    """The course since 2019, beside that since the first year, whose ``weights`` are given."""
    since = (usable["year"] >= REFERENCE).to_numpy()
    rows = usable[since]
    x, y = rows[["year", measure]].to_numpy(dtype=float).T
    own = np.zeros(len(usable))
    own[since] = slope_weights(x, error[since])
    variance, other = (own**2) @ error**2, (weights**2) @ error**2
    beyond = second_bound((own * weights) @ error**2 / np.sqrt(variance * other))
    slope, half, span = own[since] @ y, beyond * np.sqrt(variance), x[-1] - x[0]
    ends = (slope, slope - half, slope + half)
    level = 100 * (2 * ndtr(beyond) - 1)
    row = dict(zip(SINCE, (*(span * end for end in ends), level, y[0]), strict=True))
    row |= {"since_years": len(rows), "since_verdict": _verdict(*ends, *_told(rows, measure))}
    return row | _percents(rows.iloc[0], "since")


def second_bound(correlation):
    """How far the second statistic may lie from 0 that both together err as often as ``FAMILY``.

    The first may lie as far as ``FIRST_BOUND``; both are standard normal (float).
    """
    first = np.linspace(-FIRST_BOUND, FIRST_BOUND, 401)
    density = np.exp(-(first**2) / 2) / np.sqrt(2 * np.pi)
    apart = np.sqrt(max(1 - correlation**2, 1e-4))

    def both_inside(second):
        below = ndtr((second - correlation * first) / apart)
        inside = below - ndtr((-second - correlation * first) / apart)
        return np.trapezoid(density * inside, first)

    return brentq(lambda second: both_inside(second) - (1 - FAMILY), ndtri(1 - FAMILY / 2), 9)


def _errors_of_years(usable, measure):
    """The standard error of each year's gap that chance among its students makes (array).

    Where percents and numbers are known, a group's spread p (1 - p) is taken from all its years
    together: a single year's would be small just where few happened to meet the standard. Else it
    is the result's own, or what its interval tells.
    """
    if "se" in usable:
        return usable["se"].to_numpy(dtype=float)
    columns = [f"{what}_{side}" for side in SIDES for what in ("n", "percent")]
    if set(columns) <= set(usable):
        n_focus, focus, n_comparison, comparison = usable[columns].to_numpy(dtype=float).T
        if np.allclose(comparison - focus, usable[measure]):
            return errors_of_counts(n_focus, focus, n_comparison, comparison)
    width = (usable["high"] - usable["low"]).to_numpy(dtype=float)
    return np.maximum(width / (2 * Z95), 1e-6)


def slope_weights(x, error):
    """What each year counts for in the slope of the weighted line (array, years last)."""
    weight = 1 / error**2
    away = x - (weight * x).sum(-1, keepdims=True) / weight.sum(-1, keepdims=True)
    return weight * away / (weight * away**2).sum(-1, keepdims=True)


def _scatter(x, y, error):
    """How far the years lie about the line beyond chance, as a SD, and whether that is clear."""
    free = len(x) - 2
    if free < 1:
        return np.nan, False
    weight = 1 / error**2
    design = np.column_stack([np.ones(len(x)), x - x.mean()])
    inverse = np.linalg.inv((design.T * weight) @ design)
    left = y - design @ (inverse @ (design.T * weight) @ y)
    q = weight @ left**2
    # Q is expected to be ``free`` by the errors alone, and to grow by this for each unit of
    # variance between years.
    per_scatter = weight.sum() - np.trace(inverse @ (design.T * weight**2) @ design)
    between = np.sqrt(max(0.0, (q - free) / per_scatter))
    return between, bool(chdtrc(free, q) < UNSTEADY)


def _told(rows, measure):
    """The gaps of the first and the last year, 0 for one whose interval includes zero (array)."""
    value, low, high = rows[[measure, "low", "high"]].to_numpy(dtype=float)[[0, -1]].T
    return np.where((low > 0) | (high < 0), value, 0)


def _verdict(slope, low, high, first, last):
    """What became of a gap, by the interval of its slope and what is told of its two ends."""
    if low <= 0 <= high:
        return "no clear change"
    if first == last == 0:
        return "moved near zero"
    if first * last < 0:
        return "moved through zero"
    return "shrank" if (slope < 0) == (first + last > 0) else "grew"


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
    course = f"{_course(row)}{_since_words(row)}{swing_words(row)}"
    return f"{gap} {course}{_both_groups(row)}{grades}{warning}{left_out}"


def _course(row):
    """The verdict on a gap since its first year, with the change that it goes by."""
    unit, digits = UNITS[row["measure"]]
    verdict = verdict_words(row["verdict"])
    ends = (
        f"from {spoken(row['first'], digits)} {unit} in {row['first_year']} to "
        f"{spoken(row['last'], digits)} in {row['last_year']}"
    )
    higher = who_is_higher(row, (row["first"], row["last"]), digits)
    change = change_words(row, "change", "level", unit, digits)
    if row["n_years"] == 2:
        return (
            f"{verdict}: {ends}, a change of {change}{higher}. Two usable years cannot tell a "
            "lasting change from a passing one."
        )
    against = ""
    if (row["last"] - row["first"]) * row["change"] < 0 and row["verdict"] != "no clear change":
        against = "; those two years alone would say otherwise"
    slope = spoken(row["slope"], digits + 1, "+")
    return (
        f"{verdict} over its {row['n_years']} usable years: the line through them moves by "
        f"{change}, {slope} a year. The gap itself went {ends}{higher}{against}."
    )


def _since_words(row):
    if not row["since_years"]:
        return ""
    unit, digits = UNITS[row["measure"]]
    change = change_words(row, "since", "since_level", unit, digits)
    line = f"from {spoken(row['since_first'], digits)} {unit}, a change of {change}"
    if row["since_years"] > 2:
        line = f"the line through {row['since_years']} years moves by {change}"
    return (
        f" Since {REFERENCE} it {verdict_words(row['since_verdict'])}: {line}. Both intervals "
        "hold together in 95 of 100 such cases."
    )


def _both_groups(row):
    """The percents of both groups at the ends and in 2019, where they are known."""
    if pd.isna(row["focus_first"]):
        return ""
    years = {"first": row["first_year"], "since": REFERENCE, "last": row["last_year"]}
    if not row["since_years"]:
        del years["since"]
    counted = f"Counting '{CUTS[row['cut']]}'" if "cut" in row else "Meeting the standard"
    sides = (
        f"{row[side]} {listed(spoken(row[f'{side}_{when}'], 1) + '%' for when in years)}"
        for side in SIDES
    )
    return f" {counted} in {listed(years.values())}: {', '.join(sides)}."

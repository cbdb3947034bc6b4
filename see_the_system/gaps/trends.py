"""Gaps over the years: is a gap shrinking, and what happened to it as the same classes moved up the
grades.

There was no test in 2020, and in 2021 about one student in four was tested: neither year can stand
in a trend.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import t as student

from see_the_system.data.codes import ETHNICITIES, GROUPS, group_code
from see_the_system.gaps.measures import cell_label, distance_from_standard, each_row, spoken
from see_the_system.gaps.two_groups import CUTS, gap_in_points, gap_in_sd
from see_the_system.messages import Refusal

NOT_FOR_TREND = {2020: "there was no test", 2021: "few students were tested"}
UNITS = {
    "gap": ("percentage points", 1),
    "v": ("standard deviations", 2),
    "dfs": ("scale-score points", 1),
}
TREND = {
    "measure": "str",
    "years": "str",
    "n_years": "int64",
    "first_year": "int64",
    "last_year": "int64",
    **dict.fromkeys(
        (
            "first",
            "last",
            "change",
            "change_low",
            "change_high",
            "slope",
            "slope_low",
            "slope_high",
            "scatter",
        ),
        "float64",
    ),
    "verdict": "str",
    **dict.fromkeys(
        ("focus_first", "focus_last", "comparison_first", "comparison_last"), "float64"
    ),
    "same_grades": "bool",
    "left_out": "str",
}
COHORT = (
    "focus",
    "comparison",
    "measure",
    "year_from",
    "grade_from",
    "year_to",
    "grade_to",
    "n_focus_from",
    "n_focus_to",
    "n_comparison_from",
    "n_comparison_to",
    "n_change_focus",
    "n_change_comparison",
    "focus_from",
    "focus_to",
    "comparison_from",
    "comparison_to",
    "gap_from",
    "gap_to",
    "change",
    "low",
    "high",
)
# usable years; with three, one degree of freedom is left and the slope's interval spans anything
FOR_A_TREND = 4
Z95 = ndtri(0.975)


def trend(gaps):
    """What became of each gap over the years, from a frame of ``gap_in_points`` or ``gap_in_sd``
    (DataFrame, one row a series).

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
    keys = [
        column for column in gaps.columns[: gaps.columns.get_loc("n_focus")] if column != "year"
    ]
    series = gaps.groupby(keys, sort=False, dropna=False, observed=True)
    found = [
        dict(zip(keys, key)) | row
        for key, years in series
        if (row := _series(years.sort_values("year"), measure))
    ]
    result = pd.DataFrame(found, columns=[*keys, *TREND]).astype(
        {key: gaps[key].dtype for key in keys} | TREND
    )
    result.attrs = dict(gaps.attrs) | {"unusable": "" if found else _unusable(gaps)}
    return result


def quasi_cohorts(frame, *, focus, comparison, measure="gap", by=()):
    """The gap of a class in one year, and of the class one grade up in the next year: mostly the
    same students (DataFrame).

    ``measure`` is "gap" (percentage points meeting the standard), "v" (standard deviations) or
    "dfs" (mean distance from standard, whose change has no interval, for the files give no spread).
    Years follow each other as the frame has them, without 2020 and 2021: 2019 to 2022 is grade 4 to
    grade 7. Columns: ``by``, focus, comparison, measure, year_from, grade_from, year_to, grade_to;
    students with scores at both ends and their change in percent; both groups' results at both ends
    (NaN for "v"); gap_from, gap_to, change, low, high. The intervals take the two ends as
    independent; as most students are the same, they are, if anything, too wide.
    """
    if measure not in UNITS:
        raise Refusal(
            f"There is no measure {measure!r} of a gap. Choose one of 'gap', 'v' or 'dfs'."
        )
    by = [by] if isinstance(by, str) else list(by)
    cell = [*(column for column in by if column not in ("year", "grade")), "year", "grade"]
    table = _gaps_by_grade(frame, focus, comparison, measure, cell)
    years = sorted({int(year) for year in frame["year"].unique()} - set(NOT_FOR_TREND))
    following = dict(zip(years, years[1:]))
    start = table[table["year"].isin(list(following))]
    start = start.assign(year_to=start["year"].map(following), grade=start["grade"].astype("int64"))
    start = start.assign(grade_to=start["grade"] + start["year_to"] - start["year"])
    end = table.rename(columns={"year": "year_to", "grade": "grade_to"}).astype(
        {"year_to": "int64", "grade_to": "int64"}
    )
    both = start.astype({"year_to": "int64", "grade_to": "int64"}).merge(
        end,
        on=[*cell[:-2], "focus", "comparison", "year_to", "grade_to"],
        suffixes=("_from", "_to"),
    )
    low, high = _change_interval(both, "_from", "_to")
    more = {
        f"n_change_{side}": 100.0 * (both[f"n_{side}_to"] / both[f"n_{side}_from"] - 1)
        for side in ("focus", "comparison")
    }
    both = both.rename(columns=lambda name: name.replace("_at_", "_")).rename(
        columns={"year": "year_from", "grade": "grade_from"}
    )
    both = both.assign(
        measure=measure, change=both["gap_to"] - both["gap_from"], low=low, high=high, **more
    )
    result = both[[*cell[:-2], *COHORT]].sort_values(
        [*cell[:-2], "year_to", "grade_to"], ignore_index=True
    )
    result.attrs = dict(table.attrs) | {"years": ", ".join(map(str, years))}
    return result


def describe_trend(result):
    """Sentences on a frame of ``trend`` or on one of its rows: change, slope, intervals, both
    groups' results, years left out (text).
    """
    sentences = [_trend_words(row) for row in each_row(result)]
    attrs = getattr(result, "attrs", {})
    tail = [attrs.get("unusable", ""), attrs.get("left_out", "")]
    return (
        " ".join(text for text in [*sentences, *tail] if text)
        or "There is no gap to follow over the years."
    )


def describe_quasi_cohorts(result):
    """Sentences on a frame of ``quasi_cohorts`` (the latest year reached) or on one of its rows,
    with what must be kept in mind (text).
    """
    rows = each_row(result)
    rows = [row for row in rows if row["year_to"] == max(each["year_to"] for each in rows)]
    if not rows:
        attrs = getattr(result, "attrs", {})
        years = f" (usable years: {attrs['years']})" if attrs.get("years") else ""
        return (
            f"No class can be followed from one year to the next{years}. "
            f"{attrs.get('left_out', '')}"
        ).strip()
    return " ".join([_cohort_words(row) for row in rows] + _cautions(rows[0]))


def _series(years, measure):
    """One row of ``trend`` from the rows of one series, None where no year can be used."""
    usable = years[~years["year"].isin(list(NOT_FOR_TREND)) & years[measure].notna()]
    if usable.empty:
        return None
    first, last = usable.iloc[0], usable.iloc[-1]
    row = {
        "measure": measure,
        "years": ", ".join(usable["year"].astype(str)),
        "n_years": len(usable),
        "first_year": int(first["year"]),
        "last_year": int(last["year"]),
        "first": float(first[measure]),
        "last": float(last[measure]),
    }
    row |= dict.fromkeys(
        ("change", "change_low", "change_high", "slope", "slope_low", "slope_high", "scatter"),
        np.nan,
    )
    if len(usable) > 1:
        ends = {
            f"{name}_{end}": value
            for end, at in (("from", first), ("to", last))
            for name, value in (("gap", at[measure]), ("low", at["low"]), ("high", at["high"]))
        }
        row["change"] = row["last"] - row["first"]
        row["change_low"], row["change_high"] = _change_interval(ends, "_from", "_to")
    if len(usable) > 2:
        error = (usable["high"] - usable["low"]).to_numpy() / (2 * Z95)
        row |= _slope(
            usable["year"].to_numpy(dtype=float), usable[measure].to_numpy(dtype=float), error
        )
    for side in ("focus", "comparison"):
        percent = f"percent_{side}"
        row[f"{side}_first"], row[f"{side}_last"] = (
            (first[percent], last[percent]) if percent in usable else (np.nan, np.nan)
        )
    return row | {
        "verdict": _verdict(row),
        "same_grades": usable["grades"].nunique() == 1,
        "left_out": _left_out(years, usable),
    }


def _slope(x, y, error):
    """Slope per year, its interval, and the scatter between years beyond the errors of the single
    years.
    """
    design = np.column_stack([np.ones(len(x)), x - x.mean()])
    free = len(x) - 2

    def weighted(variance):
        inverse = np.linalg.inv((design.T / variance) @ design)
        fitted = inverse @ (design.T / variance) @ y
        return fitted[1], inverse, ((y - design @ fitted) ** 2 / variance).sum()

    variance = np.maximum(error**2, 1e-12)
    _, inverse, q = weighted(variance)
    expected = (1 / variance).sum() - np.trace(inverse @ (design.T / variance**2) @ design)
    scatter = max(0.0, (q - free) / expected)
    slope, inverse, _ = weighted(variance + scatter)
    half = student.ppf(0.975, free) * np.sqrt(inverse[1, 1])
    return {
        "slope": slope,
        "slope_low": slope - half,
        "slope_high": slope + half,
        "scatter": np.sqrt(scatter),
    }


def _change_interval(ends, start, end):
    """Interval of gap_to - gap_from from the (perhaps lopsided) intervals of both, taken as
    independent.
    """
    change = ends[f"gap{end}"] - ends[f"gap{start}"]
    down = np.hypot(
        ends[f"gap{end}"] - ends[f"low{end}"], ends[f"high{start}"] - ends[f"gap{start}"]
    )
    up = np.hypot(ends[f"high{end}"] - ends[f"gap{end}"], ends[f"gap{start}"] - ends[f"low{start}"])
    return change - down, change + up


def _verdict(row):
    if row["n_years"] < 2:
        return "too few years"
    by = "slope" if row["n_years"] >= FOR_A_TREND else "change"
    low, high = row[f"{by}_low"], row[f"{by}_high"]
    if low <= 0 <= high:
        return "no clear change"
    if row["first"] * row["last"] < 0:
        return "moved through zero"
    return "shrank" if (high < 0) == (row["first"] + row["last"] > 0) else "grew"


def _left_out(years, usable):
    """Years between the first and the last seen that are not used, each with why."""
    seen = years["year"].astype(int).tolist()
    why = {
        year: NOT_FOR_TREND.get(year, "no gap is given") for year in range(min(seen), max(seen) + 1)
    }
    return "; ".join(
        f"{year}: {reason}"
        for year, reason in why.items()
        if year not in set(usable["year"].astype(int))
    )


def _unusable(gaps):
    if not len(gaps):
        return ""
    years = sorted({int(year) for year in gaps["year"]})
    reasons = "; ".join(f"{year}: {NOT_FOR_TREND.get(year, 'no gap is given')}" for year in years)
    return f"No year can be used to follow this gap ({reasons})."


def _gaps_by_grade(frame, focus, comparison, measure, cell):
    """Gaps by year and grade with the columns gap, low, high and both groups' results, whatever the
    measure.
    """
    names = {"focus": focus, "comparison": comparison}
    find = gap_in_sd if measure == "v" else gap_in_points
    table = find(frame, **names, by=cell).rename(
        columns={"v": "gap", "percent_focus": "focus_at", "percent_comparison": "comparison_at"}
    )
    attrs = table.attrs
    if measure == "v":
        table = table[table["gap"].notna()].assign(focus_at=np.nan, comparison_at=np.nan)
    if measure == "dfs":
        for side, group in names.items():
            rows = frame[frame["group_id"] == group_code(group)]
            means = distance_from_standard(rows, cell)[[*cell, "dfs"]].rename(
                columns={"dfs": f"{side}_at"}
            )
            table = table.drop(columns=f"{side}_at").merge(means, on=cell)
        table = table.assign(
            gap=table["comparison_at"] - table["focus_at"], low=np.nan, high=np.nan
        )
    ends = [
        *cell,
        "focus",
        "comparison",
        "n_focus",
        "n_comparison",
        "focus_at",
        "comparison_at",
        "gap",
        "low",
        "high",
    ]
    result = table[ends]
    result.attrs = attrs
    return result


def _trend_words(row):
    """What became of one gap, in sentences."""
    unit, digits = UNITS[row["measure"]]
    gap = f"{_place(row, ': the', 'The')} gap between {row['focus']} and {row['comparison']}"
    counted = f"Counting '{CUTS[row['cut']]}'" if "cut" in row else "Meeting the standard"
    left_out = f" Years left out: {row['left_out']}." if row["left_out"] else ""
    if row["n_years"] < 2:
        only = f"{row['first_year']} only ({spoken(row['first'], digits)} {unit})"
        return f"{gap} can be given for {only}, so no change can be told.{left_out}"
    verdict = f"shows {row['verdict']}" if row["verdict"] == "no clear change" else row["verdict"]
    course = (
        f"from {spoken(row['first'], digits)} {unit} in {row['first_year']} to "
        f"{spoken(row['last'], digits)} in {row['last_year']}, "
        f"a change of {_with_interval(row, 'change', digits)}"
    )
    if row["n_years"] >= FOR_A_TREND:
        words = (
            f"{gap} {verdict} over its {row['n_years']} usable years: it moved by "
            f"{_with_interval(row, 'slope', digits + 1, f' {unit} a year')}. "
            f"Its first and last year alone give less to go by: {course}."
        )
    else:
        words = (
            f"{gap} {verdict}: {course}. {'Two' if row['n_years'] == 2 else 'Three'} usable "
            "years cannot tell a lasting change from a passing one."
        )
    if pd.notna(row["focus_first"]):
        words += (
            f" {counted} in {row['first_year']} and {row['last_year']}: {row['focus']} "
            f"{row['focus_first']:.1f}% and "
            f"{row['focus_last']:.1f}%, {row['comparison']} {row['comparison_first']:.1f}% "
            f"and {row['comparison_last']:.1f}%."
        )
    grades = (
        ""
        if row["same_grades"]
        else " Not the same grades are shown in every year, which may move the gap by itself."
    )
    return words + grades + _redefined(row, row["first_year"], row["last_year"]) + left_out


def _redefined(row, first, last):
    """A warning where the state changed between two years who belongs to a group."""
    if (
        first > 2022
        or last < 2023
        or "disadvantaged" not in (row["focus"] + row["comparison"]).casefold()
    ):
        return ""
    return (
        " The state widened who counts as socioeconomically disadvantaged in 2022-23, which may "
        "move the gap by itself."
    )


def _cohort_words(row):
    unit, digits = UNITS[row["measure"]]
    change = spoken(row["change"], digits, "+")
    unclear = ""
    if pd.notna(row["low"]):
        change += (
            f" (95% interval {spoken(row['low'], digits, '+')} to "
            f"{spoken(row['high'], digits, '+')})"
        )
        unclear = (
            " The interval includes zero: no clear change."
            if row["low"] <= 0 <= row["high"]
            else ""
        )
    students = "; ".join(
        f"{row[side]}: {row[f'n_{side}_from']:,} students with scores, then "
        f"{row[f'n_{side}_to']:,} "
        f"({spoken(row[f'n_change_{side}'], 0, '+')}%)"
        for side in ("focus", "comparison")
    )
    return (
        f"{_place(row, ', from', 'From')} grade {row['grade_from']} in {row['year_from']} to "
        f"grade {row['grade_to']} in "
        f"{row['year_to']} the gap between {row['focus']} and {row['comparison']} went from "
        f"{spoken(row['gap_from'], digits)} to "
        f"{spoken(row['gap_to'], digits)} {unit}, a change of {change}.{unclear} {students}."
        + _redefined(row, row["year_from"], row["year_to"])
    )


def _place(row, after, alone):
    """The cell a row is about, followed by ``after``; ``alone`` where the row has no cell of its
    own.
    """
    place = ", ".join(cell_label(key, row[key]) for key in list(row)[: list(row).index("focus")])
    return place[:1].upper() + place[1:] + after if place else alone


def _with_interval(row, name, digits, unit=""):
    low, high = (spoken(row[f"{name}_{end}"], digits, "+") for end in ("low", "high"))
    return f"{spoken(row[name], digits, '+')}{unit} (95% interval {low} to {high})"


def _cautions(row):
    fixed = {GROUPS[code] for code in (*ETHNICITIES, 3, 4)}
    moving = [name for name in (row["focus"], row["comparison"]) if name not in fixed]
    cautions = ["These are mostly, not wholly, the same students: some have moved in or out."]
    if moving:
        cautions.append(
            f"Students also enter and leave the group {' and the group '.join(moving)} from "
            "year to year."
        )
    if row["measure"] == "gap":
        cautions.append(
            "The standard is not equally demanding in every grade, so look at the gap in "
            "standard deviations as well."
        )
    if (
        row["measure"] == "dfs"
        # the spread of mathematics scores is about 85 to 95 points in grade 3 and 140 to 150 in
        # grade 8
    ):
        cautions.append(
            "Scores spread wider in higher grades, which alone widens a gap in points; look "
            "at standard deviations as well."
        )
    return cautions

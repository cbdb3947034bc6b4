"""Gaps between two student groups: what the same system gave to one and to the other.

A gap is the comparison group minus the focus group, so it is positive where the comparison group's
results are higher. Every function takes the tidy achievement frame and gives one row for each
combination of ``by``, from those grades alone (of the same year) whose scores are shown for both
groups: a grade hidden for one of them would otherwise make a gap, or hide one, by composition. The
groups may still weigh the shared grades differently; ``see_the_system.gaps.decomposition`` says how
much that makes.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtr

from see_the_system.data.codes import ALL_STUDENTS, GROUPS
from see_the_system.gaps.chance import Z95, newcombe
from see_the_system.gaps.measures import LEVELS, cells_of, grades_of, sums
from see_the_system.gaps.paired import (
    NOT_FIXED,
    SIDES,
    enough_levels,
    finish,
    paired_counts,
    sum_units,
    v_of_tables,
)
from see_the_system.gaps.result_words import (
    cell_columns,
    cell_name,
    cell_words,
    first_few,
    in_grades,
    interval_words,
    latest_rows,
    paragraph,
    spoken,
    standard,
)
from see_the_system.messages import whole_percent

PERCENTS = ("n_focus", "percent_focus", "n_comparison", "percent_comparison")
POINTS = (*SIDES, *PERCENTS, "gap", "low", "high", "grades")
AT_CUTS = (*SIDES, "cut", *PERCENTS, "gap", "low", "high", "v", "grades")
IN_SD = (*SIDES, "n_focus", "n_comparison", "v", "se", "low", "high", "grades", "reason")
CUTS = {2: "nearly met or above", 3: "met or above", 4: "exceeded"}
THE_STANDARD = 3
NO_GAP = "There is no gap to show."


def gap_in_points(frame, *, focus, comparison, by=("year",)):
    """The gap in percent meeting the standard, in percentage points, with its 95 % interval.

    Gives a DataFrame: ``by``, focus, comparison (names), n_focus, percent_focus, n_comparison,
    percent_comparison, gap, low, high, grades. ``focus`` and ``comparison`` are codes or names of
    student groups. Combinations without a grade shown for both are left out; ``describe_gap`` says
    which and why. Interval: Newcombe (1998), Statistics in Medicine 17:873, method 10. Where one
    group is part of the other, as in "All students", the interval is wider than it need be.
    """
    by, units, notes = paired_counts(frame, focus, comparison, by)
    return finish(_points(sum_units(units, by), THE_STANDARD), by, POINTS, notes)


def gap_at_every_cut(frame, *, focus, comparison, by=("year",)):
    """The gap in percentage points at each of the three cut scores, beside that in SDs.

    Gives a DataFrame, three rows a cell: the columns of ``gap_in_points`` with cut (2, 3 or 4: the
    lowest level counted) and v (of ``gap_in_sd``). The points change with the place of the cut
    alone, while the two groups stay as they are (Ho 2008, Educational Researcher 37:351); v does
    not.
    """
    by, units, notes = paired_counts(frame, focus, comparison, by)
    cells = sum_units(units, by).assign(v=_in_sd(units, by)["v"])
    table = pd.concat([_points(cells, cut).assign(cut=cut) for cut in CUTS], ignore_index=True)
    return finish(table.sort_values([*by, "cut"], ignore_index=True), by, AT_CUTS, notes)


def gap_in_sd(frame, *, focus, comparison, by=("year",)):
    """The gap in standard deviations (V) with its 95 % interval, wherever the cut scores lie.

    Gives a DataFrame: ``by``, focus, comparison, n_focus, n_comparison, v, se, low, high, grades,
    reason. V is the difference of the two means over the root mean square of the two spreads, by
    binormal ordered probit on the four levels (Ho & Reardon 2012, Journal of Educational and
    Behavioral Statistics 37:489). Cut scores differ by grade, so V is found in each grade (of each
    year) and then averaged with weights n_focus * n_comparison / (n_focus + n_comparison): nearly
    the precision, but, unlike 1 / se**2, not correlated with V itself. A grade in which a group
    fills fewer than three levels has no V: it is left out, and ``reason`` says so. Where no grade
    is left, v is NaN.
    """
    by, units, notes = paired_counts(frame, focus, comparison, by)
    units = units.assign(**{f"name_{side}": notes[side] for side in SIDES})
    return finish(_in_sd(units, by), by, IN_SD, notes)


def describe_gap(gaps):
    """Both percents, n, the gap and its interval, in sentences (text).

    gaps: a frame of ``gap_in_points`` (its latest year is told) or one of its rows. Also says which
    cells are left out and why, and where the interval does not tell the two groups apart.
    """
    sentences = []
    for row in latest_rows(gaps):
        both = " and ".join(_percent(row, side) for side in SIDES)
        percents = f"{both}{in_grades(row)} met or exceeded {standard(gaps)}."
        gap = f"The gap is {spoken(row['gap'], 1)} percentage points ({_interval(row, 1)})"
        gap += f"{who_is_higher(row, [row['gap']], 1)}."
        sentences += [cell_words(row, percents, "focus"), gap + _unclear(row) + _overlap(row)]
    return paragraph(sentences, gaps, NO_GAP)


def describe_gap_in_sd(gaps):
    """V, its interval, n, and what could not be used, in sentences (text).

    gaps: a frame of ``gap_in_sd`` (its latest year is told) or one of its rows.
    """
    return paragraph(map(_sentences_on_v, latest_rows(gaps)), gaps, NO_GAP)


def describe_gap_at_every_cut(gaps):
    """The gap in points at each cut, beside the one V, in sentences (text).

    gaps: a frame of ``gap_at_every_cut`` (its latest year is told).
    """
    cells = {}
    for row in latest_rows(gaps):
        cells.setdefault(cell_name(row, cell_columns(row, "focus")), []).append(row)
    sentences = []
    for rows in cells.values():
        at_cuts = "; ".join(
            f"{spoken(row['gap'], 1)} points counting '{CUTS[row['cut']]}' ({_interval(row, 1)})"
            for row in rows
        )
        row = rows[0]
        sentence = (
            f"the gap between {row['focus']} and {row['comparison']}{in_grades(row)} is {at_cuts}"
            f"{who_is_higher(row, [each['gap'] for each in rows], 1)}."
        )
        if len({spoken(each["gap"], 1) for each in rows}) > 1:
            sentence += " The same results give different gaps in points, because the cut moves."
        if pd.notna(row["v"]):
            sentence += f" In standard deviations it is {spoken(row['v'], 2)} at every cut."
        sentences.append(cell_words(row, sentence, "focus"))
    return paragraph(sentences, gaps, NO_GAP)


def _points(cells, cut):
    """Percent at or above a level for both groups, their difference and Newcombe's interval."""
    above, n, percents = {}, {}, {}
    for side in SIDES:
        at_or_above = [f"{level}_{side}" for level in LEVELS[cut - 1 :]]
        above[side] = cells[at_or_above].sum(axis=1).to_numpy()
        n[side] = cells[f"n_{side}"].to_numpy()
        percents[f"percent_{side}"] = 100.0 * above[side] / n[side]
    low, high = newcombe(above["comparison"], n["comparison"], above["focus"], n["focus"])
    gap = percents["percent_comparison"] - percents["percent_focus"]
    return cells.assign(**percents, gap=gap, low=100 * low, high=100 * high)


def _v_of_units(units):
    """V of each grade of a year, its error and why it has none (frame: v, se, reason)."""
    tables = np.stack(
        [units[[f"{level}_{side}" for level in LEVELS]].to_numpy(dtype=float) for side in SIDES],
        axis=1,
    )
    v, se = v_of_tables(tables)
    reasons = [""] * len(units)
    for place in np.flatnonzero(np.isnan(v)):
        reasons[place] = _why_no_v(units.iloc[place], tables[place])
    return pd.DataFrame({"v": v, "se": se, "reason": pd.array(reasons, dtype="str")})


def _why_no_v(unit, table):
    """The reason why one grade of one year has no V (text)."""
    few = [side for side, counted in zip(SIDES, table, strict=True) if not enough_levels(counted)]
    why = NOT_FIXED.rstrip(".")
    if few:
        names = " and ".join(unit.get(f"name_{side}", side) for side in few)
        why = f"students of {names} reached fewer than three of the four levels"
    return f"grade {unit['grade']} of {unit['year']}: {why}"


def _in_sd(units, by):
    """V of each unit (a grade of a year), then of each cell: the mean, weighted, of those known."""
    units = units.join(_v_of_units(units))
    has_v = units["v"].notna()
    n_focus, n_comparison = units["n_focus"], units["n_comparison"]
    weight = (n_focus * n_comparison / (n_focus + n_comparison)).where(has_v, 0)
    cell, table = cells_of(units, by)
    size = len(table)
    # where no unit has a V the numbers and the grades are those of all
    used = has_v.to_numpy() | (np.bincount(cell, has_v, size) == 0)[cell]
    for side in SIDES:
        table[f"n_{side}"] = sums(cell[used], units.loc[used, f"n_{side}"], table)
    total = np.bincount(cell, weight, size).astype(float)
    total[total == 0] = np.nan
    table["v"] = np.bincount(cell, weight * units["v"].fillna(0), size) / total
    table["se"] = np.sqrt(np.bincount(cell, (weight * units["se"].fillna(0)) ** 2, size)) / total
    table["low"] = table["v"] - Z95 * table["se"]
    table["high"] = table["v"] + Z95 * table["se"]
    table["grades"] = grades_of(cell[used], units.loc[used, "grade"], table)
    reasons = [first_few(units["reason"][cell == place]) for place in range(size)]
    return table.assign(reason=pd.array(reasons, dtype="str"))


def _sentences_on_v(row):
    focus = f"{row['focus']} ({row['n_focus']:,} students)"
    names = f"{focus} and {row['comparison']} ({row['n_comparison']:,})"
    if np.isnan(row["v"]):
        none = f"the gap between {names} cannot be given in standard deviations: {row['reason']}."
        return cell_words(row, none, "focus")
    gap = (
        f"the gap between {names}{in_grades(row)} is {spoken(row['v'], 2)} standard deviations "
        f"({_interval(row, 2)}) wherever the cut scores lie{who_is_higher(row, [row['v']], 2)}."
    )
    left_out = f" Left out: {row['reason']}." if row["reason"] else ""
    return cell_words(row, gap, "focus") + _pairs(row) + _unclear(row) + _overlap(row) + left_out


def _pairs(row):
    """V as the share of random pairs in which one group's student scores higher."""
    higher = row["comparison"] if row["v"] >= 0 else row["focus"]
    of_100 = 100 * ndtr(abs(row["v"]) / np.sqrt(2))
    return (
        f" In 100 random pairs of one student from each group, the one from the group {higher} "
        f"would score higher in about {of_100:.0f}, if both groups spread as bell curves."
    )


def _percent(row, side):
    percent = whole_percent(row[f"percent_{side}"], 1)
    return f"{percent} of {row[f'n_{side}']:,} students ({row[side]})"


def _interval(row, digits):
    return interval_words(row["low"], row["high"], digits)


def who_is_higher(row, gaps, digits):
    """Whose results are the higher ones where gaps are below zero (text), "" of an unclear one."""
    below = [round(float(gap), digits) < 0 for gap in gaps]
    if not any(below) or (len(below) == 1 and _unclear(row)):
        return ""
    where = "" if all(below) else " where the gap is below zero"
    return f": the results of {row['focus']} are the higher ones{where}"


def _unclear(row):
    if not row["low"] <= 0 <= row["high"]:
        return ""
    return " The interval includes zero, so these numbers alone do not tell the two groups apart."


def _overlap(row):
    if GROUPS[ALL_STUDENTS] not in (row["focus"], row["comparison"]):
        return ""
    return " All students include the other group: the gap to those outside it is wider than this."

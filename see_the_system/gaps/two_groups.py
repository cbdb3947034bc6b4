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
from scipy.special import ndtri
from statsmodels.stats import proportion
from statsmodels.stats.multitest import multipletests

from see_the_system.data.codes import ALL_STUDENTS, GROUPS
from see_the_system.gaps.hetop import v_gap
from see_the_system.gaps.measures import (
    LEVELS,
    cell_words,
    each_row,
    in_grades,
    listing,
    spoken,
    standard,
)
from see_the_system.gaps.paired import NAMES, paired_counts, sum_units
from see_the_system.messages import Refusal

POINTS = (
    *NAMES,
    "n_focus",
    "percent_focus",
    "n_comparison",
    "percent_comparison",
    "gap",
    "low",
    "high",
    "grades",
)
IN_SD = (*NAMES, "n_focus", "n_comparison", "v", "se", "low", "high", "grades", "reason")
AT_CUTS = (
    *NAMES,
    "cut",
    "n_focus",
    "percent_focus",
    "n_comparison",
    "percent_comparison",
    "gap",
    "low",
    "high",
    "v",
    "grades",
)
CUTS = {2: "nearly met or above", 3: "met or above", 4: "exceeded"}
Z95 = ndtri(0.975)


def gap_in_points(frame, *, focus, comparison, by=("year",)):
    """The gap in percent meeting the standard, in percentage points, with its 95 % interval
    (DataFrame).

    Columns: ``by``, focus, comparison (names), n_focus, percent_focus, n_comparison,
    percent_comparison, gap, low, high, grades. ``focus`` and ``comparison`` are codes or names of
    student groups. Combinations without a grade shown for both are left out; ``describe_gap`` says
    which and why. Interval: Newcombe (1998), Statistics in Medicine 17:873, method 10. Where one
    group is part of the other, as in "All students", the interval is wider than it need be.
    """
    by, units, notes = paired_counts(frame, focus, comparison, by)
    return _finish(_points(sum_units(units, by), cut=3), by, POINTS, notes)


def gap_at_every_cut(frame, *, focus, comparison, by=("year",)):
    """The gap in percentage points at each of the three cut scores, beside the gap in standard
    deviations (DataFrame, three rows a cell).

    Columns: those of ``gap_in_points`` with cut (2, 3 or 4: the lowest level counted) and v (of
    ``gap_in_sd``). The points change with the place of the cut alone, while the two groups stay as
    they are (Ho 2008, Educational Researcher 37:351); v does not.
    """
    by, units, notes = paired_counts(frame, focus, comparison, by)
    sums = sum_units(units, by)
    table = pd.concat([_points(sums, cut).assign(cut=cut) for cut in CUTS], ignore_index=True)
    in_sd = _in_sd(units, by)
    table = (
        table.merge(in_sd[[*by, "v"]], on=by, how="left")
        if by
        else table.assign(v=in_sd["v"].squeeze() if len(in_sd) else np.nan)
    )
    return _finish(table.sort_values([*by, "cut"], ignore_index=True), by, AT_CUTS, notes)


def gap_in_sd(frame, *, focus, comparison, by=("year",)):
    """The gap in standard deviations (V), which does not depend on where the cut scores lie, with
    its 95 % interval (DataFrame).

    Columns: ``by``, focus, comparison, n_focus, n_comparison, v, se, low, high, grades, reason. V
    is the difference of the two means over the root mean square of the two spreads, by binormal
    ordered probit on the four levels (Ho & Reardon 2012, Journal of Educational and Behavioral
    Statistics 37:489). Cut scores differ by grade, so V is found in each grade (of each year) and
    then averaged with weights n_focus * n_comparison / (n_focus + n_comparison): nearly the
    precision, but, unlike 1 / se**2, not correlated with V itself. A grade in which a group fills
    fewer than three levels has no V: it is left out, and ``reason`` says so. Where no grade is
    left, v is NaN.
    """
    by, units, notes = paired_counts(frame, focus, comparison, by)
    return _finish(_in_sd(units, by), by, IN_SD, notes)


def many_gaps(frame, *, pairs=None, focus=(), comparison=None, by=("year",)):
    """Many gaps in percentage points at once, with p-values that allow for having looked at all of
    them (DataFrame).

    Give ``pairs`` of (focus, comparison), or a list of ``focus`` groups against one ``comparison``.
    Columns: those of ``gap_in_points`` and p (score test of equal proportions), p_adjusted
    (Benjamini & Hochberg 1995: of the gaps called clear at 0.05, about one in twenty or fewer is
    expected to be chance) and clear (p_adjusted below 0.05). low and high stay those of each gap
    alone.
    """
    singles = [focus] if isinstance(focus, (str, int)) else list(focus)
    pairs = (
        list(pairs)
        if pairs is not None
        else [(one, comparison) for one in singles if comparison is not None]
    )
    if not pairs:
        raise Refusal(
            "There are no gaps to look at; give pairs=[(focus, comparison), ...], or "
            "focus=[...] with one comparison."
        )
    tables = [gap_in_points(frame, focus=one, comparison=other, by=by) for one, other in pairs]
    left_out = " ".join(sentence for table in tables if (sentence := table.attrs["left_out"]))
    test = tables[0].attrs["test"]
    full = [table for table in tables if len(table)] or tables[:1]
    for table in tables:
        table.attrs = {}
    result = pd.concat(full, ignore_index=True)
    result["p"] = _p_of_difference(result)
    result["p_adjusted"] = (
        multipletests(result["p"], method="fdr_bh")[1] if len(result) else result["p"]
    )
    result["clear"] = result["p_adjusted"] < 0.05
    result.attrs = {"test": test, "left_out": left_out}
    return result


def _points(sums, cut):
    """Percent at or above a level for both groups, and their difference with Newcombe's interval."""
    above = {
        side: sums[[f"{level}_{side}" for level in LEVELS[cut - 1 :]]].sum(axis=1).to_numpy()
        for side in NAMES
    }
    n = {side: sums[f"n_{side}"].to_numpy() for side in NAMES}
    percents = {f"percent_{side}": 100.0 * above[side] / n[side] for side in NAMES}
    low, high = np.empty(0), np.empty(0)
    if len(sums):
        low, high = proportion.confint_proportions_2indep(
            above["comparison"],
            n["comparison"],
            above["focus"],
            n["focus"],
            method="newcomb",
            compare="diff",
        )
    return sums.assign(
        **percents,
        gap=percents["percent_comparison"] - percents["percent_focus"],
        low=100 * low,
        high=100 * high,
    )


def _in_sd(units, by):
    """V of each unit, then of each cell."""
    found = [_unit_v(unit) for unit in units.to_dict("records")]
    units = units.assign(**{name: [unit[name] for unit in found] for name in ("v", "se", "reason")})
    keys, units = (by, units) if by else (["_"], units.assign(_=0))
    cells = [
        dict(zip(keys, key)) | _average_v(cell)
        for key, cell in units.groupby(keys, dropna=False, observed=True)
    ]
    columns = [*keys, *(name for name in IN_SD if name not in NAMES)]
    types = {
        "n_focus": "int64",
        "n_comparison": "int64",
        "v": "float64",
        "se": "float64",
        "low": "float64",
        "high": "float64",
        "grades": "str",
        "reason": "str",
    } | {name: units[name].dtype for name in keys}
    return pd.DataFrame(cells, columns=columns).astype(types)


def _unit_v(unit):
    try:
        v, se = v_gap(*([unit[f"{level}_{side}"] for level in LEVELS] for side in NAMES))
        return {"v": v, "se": se, "reason": ""}
    except Refusal as problem:
        few = [side for side in NAMES if sum(unit[f"{level}_{side}"] > 0 for level in LEVELS) < 3]
        fill = "groups fill" if len(few) > 1 else "group fills"
        why = (
            f"the {' and '.join(few)} {fill} fewer than three levels"
            if few
            else str(problem).rstrip(".")
        )
        return {
            "v": np.nan,
            "se": np.nan,
            "reason": f"grade {unit['grade']} of {unit['year']}: {why}",
        }


def _average_v(cell):
    kept = cell[cell["v"].notna()]
    used = kept if len(kept) else cell
    weight = kept["n_focus"] * kept["n_comparison"] / (kept["n_focus"] + kept["n_comparison"])
    v = float((weight * kept["v"]).sum() / weight.sum()) if len(kept) else np.nan
    se = float(np.sqrt((weight**2 * kept["se"] ** 2).sum()) / weight.sum()) if len(kept) else np.nan
    grades = ", ".join(str(grade) for grade in sorted(set(used["grade"])))
    return {
        "n_focus": used["n_focus"].sum(),
        "n_comparison": used["n_comparison"].sum(),
        "v": v,
        "se": se,
        "low": v - Z95 * se,
        "high": v + Z95 * se,
        "grades": grades,
        "reason": listing(list(cell["reason"])),
    }


def _p_of_difference(gaps):
    """Two-sided p of the score test that both groups have the same percent (1 where nobody, or
    everybody, in both meets the standard).
    """
    if not len(gaps):
        return np.empty(0)
    n = [gaps[f"n_{side}"].to_numpy() for side in NAMES]
    met = [np.rint(gaps[f"percent_{side}"].to_numpy() * size / 100) for side, size in zip(NAMES, n)]
    with np.errstate(all="ignore"):
        p = proportion.test_proportions_2indep(
            met[1], n[1], met[0], n[0], method="score", compare="diff", correction=False
        ).pvalue
    return np.where(np.isnan(p), 1.0, p)


def _finish(table, by, columns, notes):
    table = table.assign(focus=notes["focus"], comparison=notes["comparison"]).astype(
        {"focus": "str", "comparison": "str"}
    )
    result = table[[*by, *columns]].reset_index(drop=True)
    result.attrs = notes
    return result


def describe_gap(gaps):
    """Sentences on a frame of ``gap_in_points`` (its latest year) or on one of its rows: both
    percents, n, the gap, its interval (text).

    Also says which cells are left out and why, and where the interval does not tell the two groups
    apart.
    """
    sentences = []
    for row in latest(gaps):
        sentences.append(
            cell_words(
                row,
                f"{_share(row, 'focus')} and {_share(row, 'comparison')}{in_grades(row)} met "
                "or exceeded "
                f"{standard(gaps)}.",
                NAMES,
            )
        )
        sentences.append(
            f"The gap is {spoken(row['gap'], 1)} percentage points "
            f"({_interval(row, 1)}){_who_is_higher(row, row['gap'], 1)}."
            + _unclear(row)
            + _overlap(row)
        )
    return _say(sentences, gaps)


def describe_gap_in_sd(gaps):
    """Sentences on a frame of ``gap_in_sd`` (its latest year) or on one of its rows: V, its
    interval, n, what could not be used (text).
    """
    sentences = []
    for row in latest(gaps):
        names = (
            f"{row['focus']} ({row['n_focus']:,} students) and {row['comparison']} "
            f"({row['n_comparison']:,})"
        )
        if np.isnan(row["v"]):
            sentences.append(
                cell_words(
                    row,
                    f"the gap between {names} cannot be given in standard deviations: "
                    f"{row['reason']}.",
                    NAMES,
                )
            )
            continue
        rest = f" Left out: {row['reason']}." if row["reason"] else ""
        sentences.append(
            cell_words(
                row,
                f"the gap between {names}{in_grades(row)} is {spoken(row['v'], 2)} standard "
                "deviations "
                f"({_interval(row, 2)}){_who_is_higher(row, row['v'], 2)}, wherever the cut "
                "scores lie.",
                NAMES,
            )
            + _unclear(row)
            + _overlap(row)
            + rest
        )
    return _say(sentences, gaps)


def describe_gap_at_every_cut(gaps):
    """Sentences on a frame of ``gap_at_every_cut`` (its latest year): the gap in points at each
    cut, beside the one V (text).
    """
    table = pd.DataFrame(latest(gaps))
    sentences = []
    for _, cell in (
        table.groupby(
            list(table.columns[: table.columns.get_loc("focus")]) or (lambda _: 0), sort=False
        )
        if len(table)
        else ()
    ):
        rows = cell.to_dict("records")
        points = "; ".join(
            f"{spoken(row['gap'], 1)} points counting '{CUTS[row['cut']]}' ({_interval(row, 1)})"
            for row in rows
        )
        v = (
            f" In standard deviations it is {spoken(rows[0]['v'], 2)} at every cut."
            if pd.notna(rows[0]["v"])
            else ""
        )
        between = f"{rows[0]['focus']} and {rows[0]['comparison']}{in_grades(rows[0])}"
        sentences.append(
            cell_words(
                rows[0],
                f"the gap between {between} is {points}. "
                f"The same results give different gaps in points, because the cut moves.{v}",
                NAMES,
            )
        )
    return _say(sentences, gaps)


def describe_many_gaps(gaps, *, most=5):
    """Sentences on a frame of ``many_gaps``: how many were looked at, how many are clear after
    adjusting, the first of these (text).
    """
    if not len(gaps):
        return _say([], gaps)
    clear = gaps[gaps["clear"]]
    lead = (
        f"Of {len(gaps)} gap{'s' if len(gaps) > 1 else ''} looked at, {len(clear)} "
        f"{'is' if len(clear) == 1 else 'are'} clear after allowing for having looked at "
        "them all (Benjamini-Hochberg, 5%)."
    )
    named = [
        cell_words(
            row,
            f"{row['focus']} (n={row['n_focus']:,}) and {row['comparison']} "
            f"(n={row['n_comparison']:,}): "
            f"{spoken(row['gap'], 1)} percentage points ({_interval(row, 1)}).",
            NAMES,
        )
        for row in each_row(clear.iloc[:most])
    ]
    more = f"And {len(clear) - most} more, not named here." if len(clear) > most else ""
    rest = (
        "The others may be gaps too, but with these numbers of students they cannot be told from "
        "chance."
    )
    return _say([lead, *named, more, rest if len(clear) < len(gaps) else ""], gaps)


def latest(gaps):
    """The rows of the latest year of a result (all rows where there is no year), as dicts."""
    rows = each_row(gaps)
    years = [row["year"] for row in rows if "year" in row]
    return [row for row in rows if not years or row["year"] == max(years)]


def _share(row, side):
    return f"{row[f'percent_{side}']:.1f}% of {row[f'n_{side}']:,} students ({row[side]})"


def _interval(row, digits):
    return f"95% interval {spoken(row['low'], digits)} to {spoken(row['high'], digits)}"


def _who_is_higher(row, gap, digits):
    return f": the results of {row['focus']} are the higher ones" if round(gap, digits) < 0 else ""


def _unclear(row):
    return (
        " The interval includes zero, so these numbers alone do not tell the two groups apart."
        if row["low"] <= 0 <= row["high"]
        else ""
    )


def _overlap(row):
    if GROUPS[ALL_STUDENTS] not in (row["focus"], row["comparison"]):
        return ""
    return (
        " All students include the other group, so the gap to the students outside that group is "
        "wider than this."
    )


def _say(sentences, gaps):
    left_out = getattr(gaps, "attrs", {}).get("left_out", "")
    return (
        " ".join(sentence for sentence in [*sentences, left_out] if sentence)
        or "There is no gap to show."
    )

"""Splits a difference between two groups into parts: Kitagawa, Das Gupta, and between and within
schools.
"""

from dataclasses import dataclass, field
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from scipy.stats import norm

from see_the_system.data.codes import GROUPS, group_code
from see_the_system.gaps.schools import SCHOOL_KEY, rows_of, school_rows, students_of, with_counts
from see_the_system.messages import Refusal

LEAST_SCHOOLS = 2
MOST_FACTORS = 12
SIDES, PARTS = ("focus", "comparison"), ("gap", "between", "within")


@dataclass(frozen=True)
class Kitagawa:
    """The difference b - a of two overall rates: ``composition`` + ``rate`` = ``total``; ``parts``
    has both for each stratum.
    """

    composition: float
    rate: float
    total: float
    parts: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class BetweenWithin:
    """A gap (comparison - focus, percentage points) split into a part between and a part within
    schools.

    ``between`` + ``within`` = ``gap``, the gap of the students counted; ``district_gap`` is the gap
    of all students in the district rows. Each ``*_interval`` is a 95% interval. ``coverage_*`` is
    the percent of the district rows' students of a group that is counted. ``schools_left_out``: own
    schools with a result of either group, shown or hidden, that could not be counted. ``table``:
    one row a school with n, percent of both groups and its two parts, by school name.
    """

    focus: str
    comparison: str
    year: str
    gap: float
    between: float
    within: float
    gap_interval: tuple
    between_interval: tuple
    within_interval: tuple
    schools: int
    schools_left_out: int
    n_focus: int
    n_comparison: int
    coverage_focus: float
    coverage_comparison: float
    district_gap: float
    table: pd.DataFrame = field(repr=False)


def kitagawa(weights_a, rates_a, weights_b, rates_b):
    """The difference of two overall rates, b - a, as a part from composition and a part from rates
    (``Kitagawa``).

    One entry a stratum; weights are counts or shares (each side is divided by its sum). composition
    = sum of (w_b - w_a)(r_a + r_b)/2, rate = sum of (r_b - r_a)(w_a + w_b)/2: Kitagawa (1955), JASA
    50:1168, Das Gupta (1993), Census P23-186. A stratum that one side does not have may have no
    rate there (NaN): its whole part is then composition. Raises ``Refusal`` for lengths that
    differ, negative weights, or a missing rate where there is weight.

    >>> parts = kitagawa([60, 140, 260], [.41, .36, .30], [300, 200, 100], [.62, .55, .48])
    >>> round(parts.composition, 5), round(parts.rate, 6), round(parts.total, 6)
    (0.04808, 0.192645, 0.240725)
    """
    strata = _index(weights_a, rates_a, weights_b, rates_b)
    w_a, w_b, r_a, r_b = (
        _shares(weights_a),
        _shares(weights_b),
        np.asarray(rates_a, dtype=float),
        np.asarray(rates_b, dtype=float),
    )
    if not len(w_a) == len(r_a) == len(w_b) == len(r_b):
        raise Refusal(
            "The weights and the rates must have one entry for every stratum, in the same order."
        )
    if (np.isnan(r_a) & (w_a > 0)).any() or (np.isnan(r_b) & (w_b > 0)).any():
        raise Refusal(
            "A stratum with people in it has no rate; leave the stratum out on both sides, "
            "and say so."
        )
    r_a, r_b = (
        np.nan_to_num(np.where(np.isnan(own), other, own))
        for own, other in ((r_a, r_b), (r_b, r_a))
    )
    parts = pd.DataFrame(
        {"composition": (w_b - w_a) * (r_a + r_b) / 2, "rate": (r_b - r_a) * (w_a + w_b) / 2},
        index=strata,
    )
    composition, rate = float(parts["composition"].sum()), float(parts["rate"].sum())
    return Kitagawa(composition=composition, rate=rate, total=composition + rate, parts=parts)


def describe_kitagawa(result, *, a="the first", b="the second", unit=""):
    """The two parts of the difference, in a sentence."""
    return (
        f"The overall rate of {b} differs from that of {a} by {result.total:+.4g}{unit}: "
        f"{result.composition:+.4g}{unit} because they are "
        f"made up differently, {result.rate:+.4g}{unit} because the rates differ inside the "
        f"{len(result.parts)} parts they are made of."
    )


def das_gupta(factors_a, factors_b):
    """The effect of each factor on the difference b - a of two products (dict by factor, in the
    factors' unit).

    ``factors_a`` and ``factors_b``: the same names, each a number or one number a stratum; the
    overall rate is the product, summed over strata. A factor's effect is its change times the
    product of the others, averaged over all orders in which they could change, so effects always
    add up to the difference. Das Gupta (1993), Census P23-186, chapters 2 to 5.

    >>> effects = das_gupta({"earnings": 10930, "earners": .717892}, {"earnings": 16591, "earners": .825974})
    >>> {name: round(effect, 3) for name, effect in effects.items()}
    {'earnings': 4369.913, 'earners': 1487.262}
    """
    names = list(factors_a)
    if not names or set(names) != set(factors_b) or len(names) > MOST_FACTORS:
        raise Refusal(
            f"Give the same factors for both sides, at least one and at most {MOST_FACTORS}."
        )
    try:
        values = np.broadcast_arrays(
            *(
                np.asarray(side[name], dtype=float)
                for side in (factors_a, factors_b)
                for name in names
            )
        )
    except ValueError:
        raise Refusal("Every factor must be one number, or one number for every stratum.") from None
    a, b = dict(zip(names, values)), dict(zip(names, values[len(names) :]))
    return {name: float(np.sum((b[name] - a[name]) * _others(name, a, b))) for name in names}


def describe_das_gupta(effects, *, unit=""):
    """The effects of the factors and their sum, in a sentence."""
    each = ", ".join(f"{name} {effect:+,.4g}{unit}" for name, effect in effects.items())
    return f"The difference of {sum(effects.values()):+,.4g}{unit} is made of: {each}."


def between_within_schools(frame, *, focus, comparison, year=None, test="Mathematics"):
    """How much of a gap in percent meeting the standard lies between schools and how much within
    them (``BetweenWithin``).

    Kitagawa's parts with schools as strata: between = sum of (w_c - w_f)(p_c + p_f)/2, within = sum
    of (p_c - p_f)(w_c + w_f)/2. From the districts' own school rows (types 7 and 10) of one year
    (the latest if None), all grades in the frame but 13. Only school grades that show **both**
    groups are counted, so that both percents of a school are of the same grades; the students this
    leaves out are why coverage and ``district_gap`` are part of the result. Intervals are analytic
    (delta method), with students as drawn at random over schools and levels; where one group is
    part of the other, as in "All students", they are wider than they need be. Empty (NaN) with
    fewer than two schools that show both groups.
    """
    codes = {"focus": group_code(focus), "comparison": group_code(comparison)}
    if codes["focus"] == codes["comparison"]:
        raise Refusal("A gap needs two different student groups; choose another comparison group.")
    rows = {
        side: school_rows(frame, group=code, year=year, test=test) for side, code in codes.items()
    }
    years = [set(side["year"]) for side in rows.values()]
    latest = max(years[0] & years[1] or years[0] | years[1], default=None)
    rows = {side: these[these["year"] == latest] for side, these in rows.items()}
    cells = _paired(rows, [*SCHOOL_KEY, "grade"])
    table = cells.groupby(SCHOOL_KEY, as_index=False).agg(
        {
            "school_name": "first",
            **{f"{what}_{side}": "sum" for side in codes for what in ("n", "meeting")},
        }
    )
    seen = pd.concat(
        [side.loc[side["shown"] | side["hidden"], SCHOOL_KEY] for side in rows.values()]
    ).drop_duplicates()
    context = {side: GROUPS[code] for side, code in codes.items()} | {
        f"n_{side}": int(table[f"n_{side}"].sum()) for side in SIDES
    }
    context |= {
        "year": "" if latest is None else str(latest),
        "schools": len(table),
        "schools_left_out": len(seen) - len(table),
    }
    all_n, all_percent = _district_totals(
        frame, codes, latest, test, seen[["county_code", "district_code"]].drop_duplicates()
    )
    context |= {
        f"coverage_{side}": 100 * context[f"n_{side}"] / all_n[side] if all_n[side] else np.nan
        for side in SIDES
    }
    return BetweenWithin(
        **context,
        district_gap=float(all_percent["comparison"] - all_percent["focus"]),
        **_split(table),
    )


def describe_between_within(result):
    """What the two parts of the gap are, in plain words, with their intervals and what was not
    counted; claims no cause.
    """
    focus, comparison, when = (
        students_of(result.focus),
        students_of(result.comparison),
        f"In {result.year or 'these data'}",
    )
    if np.isnan(result.gap):
        have = "only one school shows" if result.schools else "no school shows"
        return (
            f"{when}, {have} results for both {focus} and {comparison}{_left_out(result)}, "
            "so the gap cannot be split into a part "
            "between and a part within schools."
        )
    apart = (
        " The two parts have opposite signs: they work against each other."
        if result.between * result.within < 0
        else ""
    )
    return (
        f"{when}, {result.schools} schools show results for both {focus} ({result.n_focus:,} "
        f"students counted) and {comparison} "
        f"({result.n_comparison:,}){_left_out(result)}. "
        f"{_coverage_words(result, focus, comparison)} Among the students counted the gap is "
        f"{_points(result.gap, result.gap_interval)}. Of it, "
        f"{_points(result.between, result.between_interval)} lie between schools: "
        "that much would remain if in every school both groups did equally well, because the "
        "two groups are spread "
        "differently over schools. The other "
        f"{_points(result.within, result.within_interval)} lie within schools: that much "
        "would "
        f"remain if both groups were spread over the schools alike.{apart} This says where "
        "the gap sits, not why."
    )


def _others(name, a, b):
    others = [other for other in a if other != name]
    total = 0.0
    for size in range(len(others) + 1):
        share = factorial(size) * factorial(len(others) - size) / factorial(len(others) + 1)
        for changed in combinations(others, size):
            total = total + share * np.prod(
                [b[other] if other in changed else a[other] for other in others], axis=0
            )
    return total


def _shares(weights):
    weights = np.asarray(weights, dtype=float)
    if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        raise Refusal(
            "Weights are counts or shares: none may be negative or missing, and their sum "
            "must be above 0."
        )
    return weights / weights.sum()


def _index(*sides):
    indexes = [side.index for side in sides if isinstance(side, pd.Series)]
    if any(not index.equals(indexes[0]) for index in indexes):
        raise Refusal(
            "The weights and the rates name different strata; bring them into the same order first."
        )
    return indexes[0] if indexes else None


def _paired(rows, cell):
    shown = {side: these[these["shown"]] for side, these in rows.items()}
    return shown["focus"][[*cell, "school_name", "n", "meeting"]].merge(
        shown["comparison"][[*cell, "n", "meeting"]], on=cell, suffixes=("_focus", "_comparison")
    )


def _split(table):
    columns = [
        "school_code",
        "school_name",
        "n_focus",
        "percent_focus",
        "n_comparison",
        "percent_comparison",
        "between",
        "within",
    ]
    if len(table) < LEAST_SCHOOLS:
        nothing = dict.fromkeys(PARTS, np.nan) | {
            f"{part}_interval": (np.nan, np.nan) for part in PARTS
        }
        return nothing | {"table": table.iloc[:0].reindex(columns=columns)}
    table = table.assign(
        **{f"percent_{side}": 100 * table[f"meeting_{side}"] / table[f"n_{side}"] for side in SIDES}
    )
    parts = kitagawa(
        table["n_focus"], table["percent_focus"], table["n_comparison"], table["percent_comparison"]
    )
    table = table.assign(between=parts.parts["composition"], within=parts.parts["rate"])
    points = dict(zip(PARTS, (parts.total, parts.composition, parts.rate)))
    reach = {part: norm.ppf(0.975) * error for part, error in _standard_errors(table).items()}
    intervals = {
        f"{part}_interval": (points[part] - reach[part], points[part] + reach[part])
        for part in PARTS
    }
    return (
        points
        | intervals
        | {"table": table.sort_values(["school_name", "school_code"], ignore_index=True)[columns]}
    )


def _standard_errors(table):
    # Influence of one student on each part, group by group. Half a student is added to both
    # outcomes of every school, because a school where nobody or everybody meets the standard would
    # otherwise count as known without error.
    n = {side: table[f"n_{side}"].to_numpy(dtype=float) for side in SIDES}
    p = {side: (table[f"meeting_{side}"].to_numpy(dtype=float) + 0.5) / (n[side] + 1) for side in n}
    w = {side: n[side] / n[side].sum() for side in n}
    halves = {
        "gap": (p, None),
        "between": ((p["focus"] + p["comparison"]) / 2, -1),
        "within": ((p["comparison"] - p["focus"]) / 2, 1),
    }
    return {
        name: 100 * np.sqrt(sum(_variance(side, n, p, w, *half) for side in n))
        for name, half in halves.items()
    }


def _variance(side, n, p, w, value, sign):
    other = w["comparison" if side == "focus" else "focus"]
    value = value[side] if sign is None else value
    slope = np.ones_like(other) if sign is None else (w[side] + sign * other) / (2 * w[side])
    where = np.sum(w[side] * value**2) - np.sum(w[side] * value) ** 2
    return (where + np.sum(w[side] * slope**2 * p[side] * (1 - p[side]))) / n[side].sum()


def _district_totals(frame, codes, year, test, districts):
    """Students with scores and percent meeting in the district rows, by side (two dicts; 0 and NaN
    where there are none).
    """
    rows = {side: rows_of(frame, group=code, year=year, test=test) for side, code in codes.items()}
    rows = {
        side: with_counts(these[(these["level"] == "district").astype(bool)])
        for side, these in rows.items()
    }
    rows = {
        side: these.merge(districts, on=["county_code", "district_code"])
        for side, these in rows.items()
    }
    n = {side: int(these["n"].sum()) for side, these in rows.items()}
    return n, {
        side: 100 * rows[side]["meeting"].sum() / n[side] if n[side] else np.nan for side in n
    }


def _coverage_words(result, focus, comparison):
    if np.isnan(result.district_gap):
        return (
            "The district's own row is not in the data for both groups, so what share of its "
            "students this is cannot be said."
        )
    return (
        f"They hold {result.coverage_focus:.0f}% of the district's {focus} and "
        f"{result.coverage_comparison:.0f}% of its {comparison} "
        f"with scores; for all of them the gap is {result.district_gap:.1f} points."
    )


def _left_out(result):
    count = result.schools_left_out
    who = f"{count}{' more' if result.schools else ''} {'is' if count == 1 else 'are'}"
    return f"; {who} left out because one group or both cannot be shown there" if count else ""


def _points(value, interval):
    return f"{value:.1f} points (95% interval {interval[0]:.1f} to {interval[1]:.1f})"

"""Splits a difference between two groups into parts: Kitagawa, and between and within schools."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from see_the_system.data.codes import GROUPS, group_code
from see_the_system.display import Shown
from see_the_system.gaps.chance import Z95
from see_the_system.gaps.paired import SIDES
from see_the_system.gaps.result_words import interval_words, spoken
from see_the_system.gaps.schools import (
    SCHOOL_KEY,
    rows_of,
    rows_where,
    school_rows,
    students_of,
    with_counts,
)
from see_the_system.messages import Refusal, are, counted, digits_that_add_up, listed, whole_percent

LEAST_SCHOOLS = 2
PARTS = ("gap", "between", "within")
COLUMNS = [
    *("school_code", "school_name"),
    *("n_focus", "percent_focus", "n_comparison", "percent_comparison"),
    *("between", "within"),
]


@dataclass(frozen=True)
class Kitagawa:
    """The difference b - a of two overall rates: ``composition`` + ``rate`` = ``total``.

    ``parts`` has both for each stratum.
    """

    composition: float
    rate: float
    total: float
    parts: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class BetweenWithin(Shown):
    """A gap (comparison - focus, percentage points) as a part between and a part within schools.

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

    @property
    def digits(self):
        """The fewest digits with which the parts, as they are said, add up to the gap (int)."""
        return digits_that_add_up((self.gap, (self.between, self.within)), digits=(1, 2))


def kitagawa(weights_a, rates_a, weights_b, rates_b):
    """The difference of two overall rates, b - a, as parts from composition and from rates.

    Gives ``Kitagawa``. One entry a stratum; weights are counts or shares (each side is divided by
    its sum). composition = sum of (w_b - w_a)(r_a + r_b)/2, rate = sum of (r_b - r_a)(w_a + w_b)/2:
    Kitagawa (1955), JASA 50:1168, Das Gupta (1993), Census P23-186. A stratum that one side does
    not have may have no rate there (NaN): its whole part is then composition. Raises ``Refusal``
    for lengths that differ, negative weights, or a missing rate where there is weight.

    >>> parts = kitagawa([60, 140, 260], [.41, .36, .30], [300, 200, 100], [.62, .55, .48])
    >>> round(parts.composition, 5), round(parts.rate, 6), round(parts.total, 6)
    (0.04808, 0.192645, 0.240725)
    """
    w_a, w_b = _shares(weights_a), _shares(weights_b)
    r_a, r_b = np.asarray(rates_a, dtype=float), np.asarray(rates_b, dtype=float)
    if not len(w_a) == len(r_a) == len(w_b) == len(r_b):
        raise Refusal(
            "The weights and the rates must have one entry for every stratum, in the same order."
        )
    if (np.isnan(r_a) & (w_a > 0)).any() or (np.isnan(r_b) & (w_b > 0)).any():
        raise Refusal(
            "A stratum with people in it has no rate; leave the stratum out on both sides, "
            "and say so."
        )
    # where one side has nobody, the other's rate makes the part from rates 0
    r_a, r_b = _filled(r_a, r_b), _filled(r_b, r_a)
    composition = (w_b - w_a) * (r_a + r_b) / 2
    rate = (r_b - r_a) * (w_a + w_b) / 2
    parts = pd.DataFrame({"composition": composition, "rate": rate})
    of_composition, of_rate = float(parts["composition"].sum()), float(parts["rate"].sum())
    return Kitagawa(of_composition, of_rate, of_composition + of_rate, parts)


def between_within_schools(frame, *, focus, comparison, year=None, test="Mathematics"):
    """How much of a gap in percent meeting the standard lies between and how much within schools.

    Gives ``BetweenWithin``: Kitagawa's parts with schools as strata: between = sum of
    (w_c - w_f)(p_c + p_f)/2, within = sum of (p_c - p_f)(w_c + w_f)/2. From the districts' own
    school rows (types 7 and 10) of one year (the latest if None), all grades in the frame but 13.
    Only school grades that show **both** groups are counted, so that both percents of a school are
    of the same grades; the students this leaves out are why coverage and ``district_gap`` are part
    of the result. Intervals are analytic (delta method), with students as drawn at random over
    schools and levels; where one group is part of the other, as in "All students", they are wider
    than they need be. Empty (NaN) with fewer than two schools that show both groups.
    """
    codes = dict(zip(SIDES, (group_code(focus), group_code(comparison)), strict=True))
    if codes["focus"] == codes["comparison"]:
        raise Refusal("A gap needs two different student groups; choose another comparison group.")
    rows = {
        side: school_rows(frame, group=code, year=year, test=test) for side, code in codes.items()
    }
    latest = _latest_of_both(*rows.values())
    rows = {side: school[school["year"] == latest] for side, school in rows.items()}
    table = _schools_with_both(rows)
    any_result = [school[school["shown"] | school["hidden"]] for school in rows.values()]
    seen = pd.concat(any_result)[SCHOOL_KEY].drop_duplicates()
    found = {
        "year": "" if latest is None else str(latest),
        "schools": len(table),
        "schools_left_out": len(seen) - len(table),
    }
    percent = {}
    for side, code in codes.items():
        district = _district_rows(frame, code, latest, test, seen)
        n, counted = int(district["n"].sum()), int(table[f"n_{side}"].sum())
        percent[side] = 100 * district["meeting"].sum() / n if n else np.nan
        found[side] = GROUPS[code]
        found[f"n_{side}"] = counted
        found[f"coverage_{side}"] = 100 * counted / n if n else np.nan
    district_gap = float(percent["comparison"] - percent["focus"])
    return BetweenWithin(**found, district_gap=district_gap, **_split(table))


def describe_between_within(result):
    """What the two parts of the gap are, in plain words; claims no cause (text).

    With their intervals and what was not counted.
    """
    focus, comparison = students_of(result.focus), students_of(result.comparison)
    when, left_out = f"In {result.year or 'these data'}", _left_out(result)
    if np.isnan(result.gap):
        have = "only one school shows" if result.schools else "no school shows"
        return (
            f"{when}, {have} results for both {focus} and {comparison}{left_out}, so the gap "
            "cannot be split into a part between and a part within schools."
        )
    apart = ""
    told = result.between_interval[0] * result.between_interval[1] > 0
    told &= result.within_interval[0] * result.within_interval[1] > 0
    if told and result.between * result.within < 0:
        apart = " The two parts have opposite signs: they work against each other."
    return (
        f"{when}, {result.schools} schools show results for both {focus} ({result.n_focus:,} "
        f"students counted) and {comparison} ({result.n_comparison:,}){left_out}. "
        f"{_coverage_words(result, focus, comparison)} Among the students counted the gap is "
        f"{_points(result, 'gap')}. Of it, {_points(result, 'between')} lie between schools: that "
        "much would remain if in every school both groups did equally well, because the two "
        "groups are spread differently over schools. The other "
        f"{_points(result, 'within')} lie within schools: that much would remain if both groups "
        f"were spread over the schools alike.{apart}{_not_told(result, focus)} "
        "This says where the gap sits, not why."
    )


def _shares(weights):
    weights = np.asarray(weights, dtype=float)
    if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        raise Refusal(
            "Weights are counts or shares: none may be negative or missing, and their sum "
            "must be above 0."
        )
    return weights / weights.sum()


def _filled(rates, others):
    """The rates, each that is missing being the other side's; 0 where both are."""
    return np.nan_to_num(np.where(np.isnan(rates), others, rates))


def _latest_of_both(focus, comparison):
    """The latest year with rows of both groups, else of either; None where there is none."""
    years = [set(rows["year"]) for rows in (focus, comparison)]
    return max(years[0] & years[1] or years[0] | years[1], default=None)


def _schools_with_both(rows):
    """n and meeting of both groups by school, from the school grades that show both."""
    cell = [*SCHOOL_KEY, "grade"]
    shown = {side: school[school["shown"]] for side, school in rows.items()}
    cells = shown["focus"][[*cell, "school_name", "n", "meeting"]].merge(
        shown["comparison"][[*cell, "n", "meeting"]], on=cell, suffixes=("_focus", "_comparison")
    )
    sums = dict.fromkeys(["n_focus", "meeting_focus", "n_comparison", "meeting_comparison"], "sum")
    return cells.groupby(SCHOOL_KEY, as_index=False).agg({"school_name": "first", **sums})


def _district_rows(frame, code, year, test, schools):
    """A group's rows of the districts that these schools belong to."""
    key = ["county_code", "district_code"]
    rows = rows_of(frame, group=code, year=year, test=test)
    rows = with_counts(rows_where(rows, level="district"))
    return rows.merge(schools[key].drop_duplicates(), on=key)


def _split(table):
    """The gap, its two parts, their intervals and the schools' own parts (dict)."""
    if len(table) < LEAST_SCHOOLS:
        points, errors = dict.fromkeys(PARTS, np.nan), dict.fromkeys(PARTS, np.nan)
        table = table.iloc[:0].reindex(columns=COLUMNS)
    else:
        for side in SIDES:
            table[f"percent_{side}"] = 100 * table[f"meeting_{side}"] / table[f"n_{side}"]
        split = kitagawa(*(table[f"{what}_{side}"] for side in SIDES for what in ("n", "percent")))
        points = {"gap": split.total, "between": split.composition, "within": split.rate}
        errors = _standard_errors(table)
        table = table.assign(between=split.parts["composition"], within=split.parts["rate"])
        table = table.sort_values(["school_name", "school_code"], ignore_index=True)[COLUMNS]
    intervals = {}
    for part in PARTS:
        half = Z95 * errors[part]
        # two percents differ by 100 points at most, and so do their parts
        low, high = np.clip([points[part] - half, points[part] + half], -100, 100)
        intervals[f"{part}_interval"] = (float(low), float(high))
    return points | intervals | {"table": table}


def _standard_errors(table):
    """The standard errors of the gap and of its two parts, in percentage points (dict).

    A student drawn at random moves a part by the school they are in and by how they do there; each
    group's students add (sum of w place^2 - (sum of w place)^2 + sum of w slope^2 p (1 - p)) / n.
    Both parts are sums of products, so that the product of the two errors is added: without it a
    part between schools that are all alike would count as known without error (Goodman 1960, JASA
    55:708).
    """
    n, p, w = {}, {}, {}
    for side in SIDES:
        n[side] = table[f"n_{side}"].to_numpy(dtype=float)
        # Half a student is added to both outcomes of every school, because a school where nobody or
        # everybody meets the standard would otherwise count as known without error.
        p[side] = (table[f"meeting_{side}"].to_numpy(dtype=float) + 0.5) / (n[side] + 1)
        w[side] = n[side] / n[side].sum()
    middle, apart = (p["focus"] + p["comparison"]) / 2, (p["comparison"] - p["focus"]) / 2
    variance = dict.fromkeys(PARTS, 0.0)
    for side, other in (SIDES, SIDES[::-1]):
        own, theirs = w[side], w[other]
        influence = {
            "gap": (p[side], np.ones_like(own)),
            "between": (middle, (own - theirs) / (2 * own)),
            "within": (apart, (own + theirs) / (2 * own)),
        }
        for part, (place, slope) in influence.items():
            where = np.sum(own * place**2) - np.sum(own * place) ** 2
            how = np.sum(own * slope**2 * p[side] * (1 - p[side]))
            variance[part] += (where + how) / n[side].sum()
    of_weight = sum(w[side] * (1 - w[side]) / n[side].sum() for side in SIDES)
    of_rate = sum(p[side] * (1 - p[side]) / n[side] for side in SIDES)
    second = np.sum(of_weight * of_rate) / 4
    variance["between"] += second
    variance["within"] += second
    return {part: 100 * np.sqrt(variance[part]) for part in PARTS}


def _coverage_words(result, focus, comparison):
    if np.isnan(result.district_gap):
        return (
            "The district's own row is not in the data for both groups, so what share of its "
            "students this is cannot be said."
        )
    return (
        f"They hold {whole_percent(result.coverage_focus)} of the district's {focus} and "
        f"{whole_percent(result.coverage_comparison)} of its {comparison} with scores; for all of "
        "them the "
        f"gap is {spoken(result.district_gap, 1)} points."
    )


def _left_out(result):
    count = result.schools_left_out
    if not count:
        return ""
    more = " more" if result.schools else ""
    schools = counted(count, f"{more} school".strip())
    return f"; {schools} {are(count)} left out because one group or both cannot be shown there"


def _points(result, part):
    low, high = getattr(result, f"{part}_interval")
    value = spoken(getattr(result, part), result.digits)
    return f"{value} points ({interval_words(low, high, 1)})"


def _not_told(result, focus):
    """Which of the three cannot be told from zero, and that a gap is the other way (text)."""
    names = {"gap": "the gap", "between": "the part between", "within": "the part within"}
    unclear = [
        name
        for part, name in names.items()
        if getattr(result, f"{part}_interval")[0] <= 0 <= getattr(result, f"{part}_interval")[1]
    ]
    other_way = (
        f" The results of {focus} are the higher ones." if result.gap_interval[1] < 0 else ""
    )
    if not unclear:
        return other_way
    told, them = "interval of {} includes", "it"
    if len(unclear) > 1:
        told, them = "intervals of {} include", "them"
    return (
        f"{other_way} The {told.format(listed(unclear))} zero: these numbers alone do not "
        f"tell {them} from none."
    )

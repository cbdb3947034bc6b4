"""Multiple measures: the public measures of a school or a district side by side, each with its n.

No number sums them up and nothing is ranked: each counts other students, and a school can be ahead
in one and behind in another. The idea of several measures, of achievement and of culture and
climate, is the CORE districts' (Hough, Byun & Mulfinger, 2018, Getting Down to Facts II).
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from see_the_system.data.dashboard_rules import COLORS
from see_the_system.data.indicators import INDICATORS, PERCENT
from see_the_system.display import Shown
from see_the_system.gaps.chance import newcombe, wilson
from see_the_system.gaps.result_words import ends_words, spoken
from see_the_system.messages import Refusal, listed, nearest, whole_percent

ALL = "All students"
HIDDEN = "10 or fewer students, or what would give such a result away"
COLUMNS = [
    *("indicator", "name", "year", "group", "n", "value", "missing", "color", "low", "high"),
    *("beside_n", "beside_value", "before", "change", "change_low", "change_high"),
]


@dataclass(frozen=True)
class MultipleMeasures(Shown):
    """What the state's public measures show of one school, or of a whole district.

    ``place``: its name; ``beside``: the name of what it is set beside. ``table``: a row for each
    indicator and group, in the order of ``INDICATORS``: indicator, name, year (its newest here),
    group, n, value (percent or points), low, high (95 %, of percents), missing, beside_n,
    beside_value, before (the value of the year before), change, change_low, change_high, color
    (the Dashboard's, 1 red to 5 blue).
    """

    place: str
    beside: str
    groups: tuple
    table: pd.DataFrame = field(repr=False)


def multiple_measures(frame, school=None, *, groups=(ALL,)):
    """The newest value of each public measure, and how it changed (``MultipleMeasures``).

    frame: the indicators of one district, through ``protect_indicators``; school: a name or a code
    of seven digits, None for the whole district. A school is set beside its district, a district
    beside its county, or the state where the files have no county. A change is told where the year
    before is there: of shares with Newcombe's interval, of points as the Dashboard has it.
    ``Refusal`` where there are no rows, and for a school or group that is not there.
    """
    if frame.empty:
        raise Refusal(
            "There are no other public measures of this district. Add the state's files of "
            "indicators with 'see-the-system data add FILE'."
        )
    names = _groups_named(frame, groups)
    own, place = _own_rows(frame, school)
    beside, beside_name = _rows_beside(frame, is_school=school is not None)
    found = [
        _row(indicator, group, of_indicator, beside)
        for indicator in INDICATORS
        for of_indicator in [own[(own["indicator"] == indicator) & own["group"].isin(names)]]
        for group in names
        if len(of_indicator)
    ]
    table = pd.DataFrame([row for row in found if row], columns=COLUMNS)
    return MultipleMeasures(place, beside_name, tuple(names), table)


def _groups_named(frame, groups):
    groups = [groups] if isinstance(groups, str) else list(dict.fromkeys(groups))
    known = dict.fromkeys(frame["group"])
    for group in groups:
        if group not in known:
            close = listed(nearest(group, known) or list(known)[:4], "or")
            raise Refusal(f"No public measure here has a group {group!r}. Choose {close}.")
    return groups


def _own_rows(frame, school):
    """The rows of a school or of the district, and its name."""
    if school is None:
        own = frame[frame["level"] == "district"]
        return own, _newest_name(own, "district_name") or "The district"
    schools = frame[frame["level"] == "school"]
    own = schools[(schools["school_code"] == school) | (schools["school_name"] == school)]
    if own.empty:
        names = schools["school_name"].unique()
        close = listed(nearest(str(school), names) or sorted(names)[:3], "or")
        raise Refusal(f"There is no school {school!r} in these measures. Choose {close}.")
    if own["school_code"].nunique() > 1:
        codes = listed(sorted(own["school_code"].unique()), "or")
        raise Refusal(f"Several schools are called {school!r}. Give the code of one: {codes}.")
    return own, _newest_name(own, "school_name") or f"School {own['school_code'].iloc[0]}"


def _newest_name(rows, column):
    named = rows[rows[column] != ""].sort_values("year")
    return named[column].iloc[-1] if len(named) else ""


def _rows_beside(frame, *, is_school):
    """The rows that a place is set beside, and what they are called."""
    for level, column in (
        ("district", "district_name"),
        ("county", "county_name"),
        ("state", None),
    )[0 if is_school else 1 :]:
        rows = frame[frame["level"] == level]
        if len(rows):
            return rows, "California" if level == "state" else _newest_name(rows, column)
    return frame.iloc[:0], ""


def _row(indicator, group, own, beside):
    """One indicator of one group in its newest year (dict); None where it has no row there."""
    year = int(own["year"].max())
    now = _one(own, indicator, group, year)
    if now is None:
        return None
    kind = INDICATORS[indicator]
    other = _one(beside, indicator, group, year)
    before = _one(own, indicator, group, year - 1)
    low, high = _interval(now, kind)
    row = {
        "indicator": indicator,
        "name": kind.name,
        "year": year,
        "group": group,
        **{name: now[name] for name in ("n", "value", "missing", "color")},
        "low": low,
        "high": high,
        "beside_n": other["n"] if other else pd.NA,
        "beside_value": other["value"] if other else pd.NA,
    }
    return row | _change(now, before, kind)


def _one(rows, indicator, group, year):
    is_it = (rows["indicator"] == indicator) & (rows["group"] == group) & (rows["year"] == year)
    found = rows[is_it]
    return found.iloc[0].to_dict() if len(found) else None


def _interval(row, kind):
    if kind.unit != PERCENT or pd.isna(row["value"]):
        return np.nan, np.nan
    low, high = wilson(*counted_of(row))
    return 100 * float(low), 100 * float(high)


def counted_of(row):
    """How many of how many (two floats); where no count is published, by the percent."""
    n = float(row["n"])
    count = row["value"] * n / 100 if pd.isna(row["count"]) else row["count"]
    return float(count), n


def _change(now, before, kind):
    """The value of the year before and the change since, with its 95 % interval (dict)."""
    none = {"before": np.nan, "change": np.nan, "change_low": np.nan, "change_high": np.nan}
    if pd.isna(now["value"]):
        return none
    if kind.unit != PERCENT:
        if pd.isna(now["change"]):
            return none
        return none | {"before": float(now["prior_value"]), "change": float(now["change"])}
    if before is None or pd.isna(before["value"]):
        return none
    low, high = newcombe(*counted_of(now), *counted_of(before))
    return {
        "before": float(before["value"]),
        "change": float(now["value"] - before["value"]),
        "change_low": 100 * float(low),
        "change_high": 100 * float(high),
    }


def describe_multiple_measures(result):
    """The measures in sentences, one an indicator, and what they cannot say (text)."""
    if result.table.empty:
        return f"No public measure of {result.place} is there."
    lines = [
        indicator_words(result, rows) for _, rows in result.table.groupby("indicator", sort=False)
    ]
    return "\n".join(
        [
            f"{result.place}, measure by measure, the newest year of each:",
            *lines,
            "Each measure counts other students, so no one number sums them up; what students, "
            "families and teachers would say of the school is in none of them.",
        ]
    )


def indicator_words(result, rows):
    """One indicator of all groups in sentences (text). rows: its rows of ``result.table``."""
    kind = INDICATORS[rows["indicator"].iloc[0]]
    year = rows["year"].iloc[0]
    each = [_group_words(row, kind) for row in rows.to_dict("records")]
    what = f", {kind.whom} who {kind.what}" if kind.what else f", {kind.whom}"
    better = " Lower is better." if kind.good == "low" else ""
    caution = f" {kind.caution}" if kind.caution else ""
    first = rows.to_dict("records")[0]
    return (
        f"{kind.name}, {year}{what}: {'; '.join(each)}.{_beside_words(result, first, kind)}"
        f"{change_words(first, kind)}{better}{caution}"
    )


def _group_words(row, kind):
    group = row["group"]
    if pd.isna(row["value"]):
        why = HIDDEN if row["missing"].startswith("suppressed") else row["missing"]
        return f"{group} hidden ({why})"
    n = f"{int(row['n']):,} students"
    if kind.unit != PERCENT:
        return f"{group} {points_words(row['value'])} ({n})"
    ends = ends_words(row["low"], row["high"], 0)
    return f"{group} {whole_percent(row['value'])} of {n} ({ends})"


def points_words(value):
    """Points from the standard as they are said (text)."""
    side = "below" if value < 0 else "above"
    return f"{abs(value):.1f} points {side} the standard"


def _beside_words(result, row, kind):
    if pd.isna(row["value"]) or pd.isna(row["beside_value"]) or not result.beside:
        return ""
    value, n = row["beside_value"], f"{int(row['beside_n']):,}"
    if kind.unit == PERCENT:
        return f" {result.beside}: {whole_percent(value)} of {n}."
    return f" {result.beside}: {points_words(value)} ({n} students)."


def change_words(row, kind):
    """What became of the first group's value since the year before (text with a blank before)."""
    if pd.isna(row["change"]):
        return ""
    before = row["year"] - 1
    change = f"{spoken(abs(row['change']), 1)} points {'more' if row['change'] > 0 else 'less'}"
    if round(float(row["change"]), 1) == 0:
        change = "no change"
    if kind.unit != PERCENT:
        said = ""
        if pd.notna(row["color"]):
            said = f"; its color on the Dashboard is {COLORS[int(row['color']) - 1].lower()}"
        return f" Since {before}: {change}{said}."
    if change == "no change":
        return f" Since {before}: no change."
    if row["change_low"] <= 0 <= row["change_high"]:
        return f" Since {before}: {change}, which can be chance."
    ends = ends_words(row["change_low"], row["change_high"], 1)
    return f" Since {before}: {change}, more than chance ({ends})."

"""The section about the state's other public measures, as ``gap_sections``."""

import dataclasses
from functools import lru_cache

import pandas as pd

from see_the_system.data.codes import ALL_STUDENTS, GROUPS
from see_the_system.data.dashboard_rules import COLORS
from see_the_system.data.indicators import INDICATORS, PERCENT
from see_the_system.data.store import Store
from see_the_system.gaps.multiple_measures import HIDDEN, indicator_words, multiple_measures
from see_the_system.gaps.result_words import never_as_zero, spoken
from see_the_system.messages import listed
from see_the_system.privacy.indicator_gate import protect_indicators
from see_the_system.reports import group_charts as charts
from see_the_system.reports import sections as tables
from see_the_system.reports.sections import Section

OF_MEASURES = (
    "Percents are as published, with Wilson's interval; a change from the year before is told from "
    "chance by Newcombe's."
)
# What is named of them in the section's lead; measures that share a word are named once.
_IN_THE_LEAD = {
    "chronic_absence": "days missed",
    "dashboard_chronic": "days missed",
    "dashboard_suspension": "suspensions",
    "graduation": "diplomas",
    "a_g_of_graduates": "diplomas",
    "a_g_of_cohort": "diplomas",
    "dashboard_graduation": "diplomas",
    "dashboard_college_career": "readiness for college and career",
    "college_going": "what comes after",
    "college_going_16": "what comes after",
}


def other_measures(report):
    """What the state publishes of the district beside its tests; empty where no such files are."""
    frame = report.store.indicators(report.code)
    if "district" not in set(frame["level"]):
        return Section()
    shown = protect_indicators(frame, min_n=report.min_n, schools=False)
    shown = shown[shown["year"] <= max(report.years)]
    if shown.empty:
        return Section()
    there = set(shown.loc[shown["level"] == "district", "group"])
    wanted = [GROUPS[code] for code in (ALL_STUDENTS, *report.sides.values())]
    result = multiple_measures(shown, groups=[group for group in wanted if group in there])
    if result.table["value"].isna().all():
        return Section()
    words = tuple(filter(None, (_points_words(result), _changes_words(result), _hidden(result))))
    return Section(
        heading="Beyond the test",
        lead=f"Look at what else the state counts: {_counted_here(result)}.",
        picture=charts.multiple_measures(
            _to_draw(result), name="Public measures side by side", words=" ".join(words)
        ),
        words=words,
        table=measures_table(result),
        caption="The state's other public measures, each in its newest year",
        how=(*_cautions(result), OF_MEASURES),
    )


def _counted_here(result):
    """What the measures that are shown count (text); scores alone are named by themselves."""
    shown = set(result.table.loc[result.table["value"].notna(), "indicator"])
    named = list(dict.fromkeys(words for name, words in _IN_THE_LEAD.items() if name in shown))
    if not named:
        return "how far scores on the Dashboard lie from the standard"
    if len(named) < 3:
        return listed(named)
    return f"{', '.join(named[:-1])}, and {named[-1]}"


def beyond_the_test(report):
    """``other_measures``, or which files would show them."""
    section = other_measures(report)
    if section.heading:
        return section
    return Section(
        words=(
            "No other public measures of this district were added: chronic absence, graduation, "
            "college-going, the Dashboard. See docs/data.md for the files.",
        )
    )


@lru_cache(maxsize=32)
def school_names(folder, district):
    """The schools of a district that have other public measures: code to newest name (dict).

    ``folder`` is the store's.
    """
    frame = Store(folder).indicators(district)
    schools = frame[(frame["level"] == "school") & (frame["school_name"] != "")]
    newest = schools.sort_values("year").drop_duplicates("school_code", keep="last")
    names = dict(zip(newest["school_code"], newest["school_name"], strict=True))
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def school_profile(report, school):
    """One school's public measures side by side, beside its district; says so where none are."""
    store = report.store
    version = store.fingerprint(report.code)
    shown = _with_schools(str(store.folder), version, report.code, report.min_n)
    if school not in set(shown["school_code"]):
        return Section(
            words=(
                "No other public measures of this school were added. Add the state's files of "
                "chronic absence, graduation, college-going or the Dashboard with 'see-the-system "
                "data add FILE'.",
            )
        )
    own = shown[(shown["school_code"] == school) | (shown["level"] == "district")]
    there = set(own.loc[own["school_code"] == school, "group"])
    wanted = [GROUPS[code] for code in (ALL_STUDENTS, *report.sides.values())]
    result = multiple_measures(own, school, groups=[group for group in wanted if group in there])
    words = tuple(
        indicator_words(result, rows) for _, rows in result.table.groupby("indicator", sort=False)
    )
    return Section(
        heading=result.place,
        lead="Look for where this school does well and where not; each measure counts other "
        "students, and no one number sums them up.",
        picture=charts.multiple_measures(
            result, name="Public measures side by side", words=" ".join(words)
        ),
        words=words,
        table=measures_table(result),
        caption="The school's public measures, each in its newest year",
        how=(OF_MEASURES,),
    )


@lru_cache(maxsize=8)
def _with_schools(folder, version, district, min_n):
    """A district's measures with its schools', of each indicator's two newest years, protected.

    ``version`` is not read: it makes that they are read again when the data change.
    """
    frame = Store(folder).indicators(district)
    newest = frame.groupby("indicator")["year"].transform("max")
    recent = (frame["level"] != "school") | (frame["year"] >= newest - 1)
    return protect_indicators(frame[recent], min_n=min_n)


def _to_draw(result):
    """The measures that are drawn: each once, of the district alone, for a page has five sheets."""
    table = result.table[result.table["indicator"] != "a_g_of_graduates"]
    return dataclasses.replace(result, table=table, beside="")


def _points_words(result):
    """The Dashboard's points, status and change, of all groups (text)."""
    said = []
    for indicator, rows in result.table.groupby("indicator", sort=False):
        kind = INDICATORS[indicator]
        if kind.unit == PERCENT or rows["value"].isna().all():
            continue
        each = [_points(row) for row in rows.to_dict("records") if pd.notna(row["value"])]
        said.append(f"On the Dashboard of {rows['year'].iloc[0]}, {kind.name}: {'; '.join(each)}.")
    return " ".join(said)


def _points(row):
    said = f"{row['group']} {spoken(row['value'], 1, '+')}"
    if pd.notna(row["change"]):
        changed = round(float(row["change"]), 1) != 0
        change = spoken(row["change"], 1, "+") if changed else "no change"
        said += f" ({change} since {row['year'] - 1}"
        said += "" if pd.isna(row["color"]) else f", {COLORS[int(row['color']) - 1].lower()}"
        said += ")"
    return said


def _changes_words(result):
    """Which shares of all students changed by more than chance since the year before (text)."""
    table = result.table[result.table["group"] == result.groups[0]]
    told = table[table["change_low"].notna()]
    if told.empty:
        return ""
    clear = told[(told["change_low"] > 0) | (told["change_high"] < 0)]
    if clear.empty:
        return "Of all students no share changed by more than chance since the year before."
    each = (
        f"{row.name_} {never_as_zero(row.change, 1, '+')} points since {row.year - 1}"
        for row in clear.rename(columns={"name": "name_"}).itertuples()
    )
    return f"Of all students, by more than chance: {listed(each)}."


def _hidden(result):
    hidden = result.table[result.table["missing"].str.startswith("suppressed")]
    if hidden.empty:
        return ""
    each = (f"{row['name']} of {row['group']}" for row in hidden.to_dict("records"))
    return f"Hidden ({HIDDEN}): {listed(each)}."


def _cautions(result):
    """What has to be known beside the numbers, each indicator once (list of text)."""
    found = []
    for indicator in result.table["indicator"].unique():
        kind = INDICATORS[indicator]
        what = f"{kind.whom} who {kind.what}" if kind.what else kind.whom
        found.append(f"{kind.name}: {what}. {kind.caution}".rstrip())
    return found


def measures_table(result):
    """The measures with their numbers of students, ready to read (DataFrame)."""
    rows = result.table
    table = {
        "Measure": [f"{row['name']}, {row['year']}" for row in rows.to_dict("records")],
        "Group": rows["group"],
        "Students": ["hidden" if pd.isna(n) else f"{int(n):,}" for n in rows["n"]],
        "Percent or points": tables.fixed(rows["value"]),
        "95% interval": tables.between(rows, digits=0),
        "Year before": tables.fixed(rows["before"]),
    }
    if result.beside:
        table[result.beside] = tables.fixed(rows["beside_value"])
    return pd.DataFrame(table).reset_index(drop=True)

"""What happened to a gap as the same classes moved up the grades: mostly the same students.

And how much places changed over so many years, whoever their students were.

There was no test in 2020, and few students were tested in 2021: classes are followed over them.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from see_the_system.data.codes import ETHNICITIES, GROUPS, group_code
from see_the_system.gaps.measures import as_list, distance_from_standard, percent_meeting
from see_the_system.gaps.paired import SIDES, finish
from see_the_system.gaps.peers import DISTRICT_KEY
from see_the_system.gaps.result_words import (
    NOT_FOR_TREND,
    UNITS,
    interval_words,
    latest_rows,
    led_by_place,
    note,
    redefined,
    spoken,
    with_commas,
)
from see_the_system.gaps.schools import SCHOOL_KEY, rows_where
from see_the_system.gaps.trends import fit_for_trend
from see_the_system.gaps.two_groups import gap_in_points, gap_in_sd, who_is_higher
from see_the_system.messages import Refusal, counted

GAP = ("gap", "low", "high")
LEAST_STUDENTS = 30
COHORT = (
    *(*SIDES, "measure", "year_from", "grade_from", "year_to", "grade_to"),
    *("n_focus_from", "n_focus_to", "n_comparison_from", "n_comparison_to"),
    *("n_change_focus", "n_change_comparison"),
    *("focus_from", "focus_to", "comparison_from", "comparison_to"),
    *("gap_from", "gap_to", "change", "low", "high"),
)
# a student is male or female, and of one ethnic group, from one year to the next
LASTING = {GROUPS[code] for code in (*ETHNICITIES, 3, 4)}
# a class with so many percent more or fewer students is in part another class
OTHERS = 10
# what stands after a column's name on each ruler of ``class_gaps``
RULERS = {"gap": "", "v": "_v"}
# whether a change is clear in points, and in standard deviations
_VERDICTS = {
    (False, False): "No clear change on either ruler.",
    (True, False): "A clear change in points, and none in standard deviations.",
    (False, True): "A clear change in standard deviations, and none in points.",
    (True, True): "A clear change on both rulers.",
}


def quasi_cohorts(frame, *, focus, comparison, measure="gap", by=()):
    """The gap of a class in one year, and one grade up in the next year (DataFrame).

    Mostly the same students. ``measure`` is "gap" (percentage points meeting the standard), "v"
    (standard deviations) or "dfs" (mean distance from standard, whose change has no interval, for
    the files give no spread). Years follow each other as the frame has them, without 2020 and 2021:
    2019 to 2022 is grade 4 to grade 7. Columns: ``by``, focus, comparison, measure, year_from,
    grade_from, year_to, grade_to; students with scores at both ends and their change in percent;
    both groups' results at both ends (NaN for "v"); gap_from, gap_to, change, low, high. The
    intervals take the two ends as independent; as most students are the same, they are, if
    anything, too wide.
    """
    if measure not in UNITS:
        raise Refusal(
            f"There is no measure {measure!r} of a gap. Choose one of 'gap', 'v' or 'dfs'."
        )
    cell = [column for column in as_list(by) if column not in ("year", "grade")]
    table, notes = _gaps_by_grade(frame, focus, comparison, measure, [*cell, "year", "grade"])
    years = sorted({int(year) for year in frame["year"].unique()} - set(NOT_FOR_TREND))
    both = _two_ends(table, cell, dict(pairwise(years)))
    start, end = ([both[f"{name}_{at}"] for name in GAP] for at in ("from", "to"))
    both["change"], both["low"], both["high"] = _change_with_interval(start, end)
    for side in SIDES:
        both[f"n_change_{side}"] = 100.0 * (both[f"n_{side}_to"] / both[f"n_{side}_from"] - 1)
    both = both.assign(measure=measure).sort_values([*cell, "year_to", "grade_to"])
    return finish(both, cell, COHORT, notes | {"years": with_commas(years)})


def class_gaps(frame, *, focus, comparison):
    """The gap of each class on both rulers: in points, and beside it in standard deviations.

    The rows of ``quasi_cohorts`` in points; the same classes' gap_from, gap_to, change, low and
    high in standard deviations have ``_v`` after their names, NaN where the data give none.
    """
    sides = {"focus": focus, "comparison": comparison}
    points, in_sd = (quasi_cohorts(frame, **sides, measure=measure) for measure in ("gap", "v"))
    same = ["year_from", "grade_from", "year_to", "grade_to"]
    columns = [*same, "gap_from", "gap_to", "change", "low", "high"]
    both = points.merge(in_sd[columns], on=same, how="left", suffixes=("", "_v"))
    both.attrs = points.attrs
    return both


def past_changes(frame, *, group, years, level="district", least=LEAST_STUDENTS):
    """How much the percent meeting the standard changed in each place over so many years.

    Gives a DataFrame, a row for each pair of years: the place's codes, year_from, year_to, n_from,
    n_to, percent_from, percent_to, change. frame: tidy rows, many places and years; level:
    "district" or "school". Only the same shown grades at both ends, ``least`` students or more,
    without 2020 and 2021.
    """
    key = DISTRICT_KEY if level == "district" else SCHOOL_KEY
    rows = rows_where(frame, level=level, group_id=group_code(group))
    table = percent_meeting(rows, [*key, "year"])
    table = fit_for_trend(table[table["n"] >= least]).astype({"year": "int64"})
    table = table[[*key, "grades", "year", "n", "percent"]]
    end = table.rename(columns={"year": "year_to"})
    pairs = table.assign(year_to=table["year"] + years).merge(
        end, on=[*key, "grades", "year_to"], suffixes=("_from", "_to")
    )
    pairs = pairs.rename(columns={"year": "year_from"})
    pairs["change"] = pairs["percent_to"] - pairs["percent_from"]
    ends = [f"{name}_{end}" for name in ("year", "n", "percent") for end in ("from", "to")]
    return pairs[[*key, *ends, "change"]]


def describe_quasi_cohorts(result):
    """How the gap of each class moved, with what must be kept in mind, in sentences (text).

    result: a frame of ``quasi_cohorts`` (the latest year reached is told) or one of its rows.
    """
    rows = latest_rows(result, "year_to")
    if not rows:
        usable = note(result, "years")
        years = f" (usable years: {usable})" if usable else ""
        none = f"No class can be followed from one year to the next{years}."
        return f"{none} {note(result, 'left_out')}".strip()
    return " ".join([*map(_sentences_on_class, rows), *_cautions(rows[0])])


def describe_class_gaps(result):
    """How the gap of each class moved on both rulers, with what must be kept in mind (text).

    result: a frame of ``class_gaps``; the latest year reached is told.
    """
    return " ".join(sentences_on_class_gaps(result))


def sentences_on_class_gaps(result):
    """The same: a sentence on all classes, some on each, and the last on all again (list)."""
    rows = latest_rows(result, "year_to")
    if not rows:
        return [describe_quasi_cohorts(result)]
    first = rows[0]
    in_points, in_sd = (sum(_clear(row, ruler) for row in rows) for ruler in RULERS)
    changed = f"{in_points or 'none'} in points, and in {in_sd or 'none'} in standard deviations"
    whole = (
        f"From {first['year_from']} to {first['year_to']} the gap between {first['focus']} and "
        f"{first['comparison']} can be followed in {counted(len(rows), 'class', 'classes')}. It "
        f"changed clearly in {changed if in_points or in_sd else 'none, on either ruler'}."
    )
    cautions = [*_cautions(first), redefined(first, first["year_from"], first["year_to"])]
    return [whole, *map(_words_on_class, rows), " ".join(cautions).strip()]


def _words_on_class(row):
    """How the gap of one class moved on both rulers (text)."""
    moved = _moved(row, "gap") + who_is_higher(row, (row["gap_from"], row["gap_to"]), 1)
    if pd.isna(row["change_v"]):
        verdict = "A clear change." if _clear(row, "gap") else "No clear change."
        verdict += " For standard deviations the data do not suffice."
    else:
        moved += f"; {_moved(row, 'v')}"
        verdict = _VERDICTS[_clear(row, "gap"), _clear(row, "v")]
    words = f"Grade {row['grade_from']}, then grade {row['grade_to']}: {moved}. {verdict}"
    others = [
        f"{row[side]} {spoken(row[f'n_change_{side}'], 0, '+')}%"
        for side in SIDES
        if abs(row[f"n_change_{side}"]) >= OTHERS
    ]
    if others:
        words += f" In part other students: their number changed ({', '.join(others)})."
    return words


def _moved(row, ruler):
    suffix = RULERS[ruler]
    unit, digits = UNITS[ruler]
    before, after = (spoken(row[f"gap_{end}{suffix}"], digits) for end in ("from", "to"))
    interval = interval_words(row[f"low{suffix}"], row[f"high{suffix}"], digits, "+")
    change = spoken(row[f"change{suffix}"], digits, "+")
    return f"from {before} to {after} {unit}, a change of {change} ({interval})"


def _clear(row, ruler):
    """Whether the gap of a class changed by more than chance alone may make it (bool)."""
    low, high = row[f"low{RULERS[ruler]}"], row[f"high{RULERS[ruler]}"]
    return bool(pd.notna(low) and not low <= 0 <= high)


def _gaps_by_grade(frame, focus, comparison, measure, keys):
    """Both groups' results and their gap by year and grade, whatever the measure; the notes."""
    names = {"focus": focus, "comparison": comparison}
    if measure == "v":
        table = gap_in_sd(frame, **names, by=keys).rename(columns={"v": "gap"})
        notes = table.attrs
        table = table[table["gap"].notna()].assign(focus=np.nan, comparison=np.nan)
    else:
        table = gap_in_points(frame, **names, by=keys)
        notes = table.attrs
        table = table.assign(**{side: table[f"percent_{side}"] for side in SIDES})
    if measure == "dfs":
        for side, group in names.items():
            rows = frame[frame["group_id"] == group_code(group)]
            means = distance_from_standard(rows, keys).rename(columns={"dfs": side})
            table = table.drop(columns=side).merge(means[[*keys, side]], on=keys)
        gap = table["comparison"] - table["focus"]
        table = table.assign(gap=gap, low=np.nan, high=np.nan)
    return table[[*keys, "n_focus", "n_comparison", *SIDES, *GAP]], notes


def _two_ends(table, cell, following):
    """Each class in one year beside itself in the year that is ``following`` (suffixes)."""
    end = table.rename(columns={"year": "year_to", "grade": "grade_to"})
    end = end.astype({"year_to": "int64", "grade_to": "int64"})
    start = table[table["year"].isin(list(following))].astype({"grade": "int64"})
    start = start.assign(year_to=start["year"].map(following).astype("int64"))
    start = start.assign(grade_to=start["grade"] + start["year_to"] - start["year"])
    both = start.merge(end, on=[*cell, "year_to", "grade_to"], suffixes=("_from", "_to"))
    return both.rename(columns={"year": "year_from", "grade": "grade_from"})


def _change_with_interval(start, end):
    """The change from one gap to another with its interval, the two taken as independent.

    start, end: gap, low and high. Each end of the interval adds the squares of the two distances
    that move the change in its direction, so that the intervals may be lopsided (Zou & Donner 2008,
    Statistics in Medicine 27:1693).
    """
    gap_from, low_from, high_from = start
    gap_to, low_to, high_to = end
    change = gap_to - gap_from
    down = np.hypot(gap_to - low_to, high_from - gap_from)
    up = np.hypot(high_to - gap_to, gap_from - low_from)
    return change, change - down, change + up


def _sentences_on_class(row):
    unit, digits = UNITS[row["measure"]]
    change, unclear = spoken(row["change"], digits, "+"), ""
    if pd.notna(row["low"]):
        change += f" ({interval_words(row['low'], row['high'], digits, '+')})"
        if row["low"] <= 0 <= row["high"]:
            unclear = " The interval includes zero: no clear change."
    students = "; ".join(
        f"{row[side]}: {row[f'n_{side}_from']:,} students with scores, then "
        f"{row[f'n_{side}_to']:,} ({spoken(row[f'n_change_{side}'], 0, '+')}%)"
        for side in SIDES
    )
    return (
        f"{led_by_place(row, ', from', 'From')} grade {row['grade_from']} in {row['year_from']} to "
        f"grade {row['grade_to']} in {row['year_to']} the gap between {row['focus']} and "
        f"{row['comparison']} went from {spoken(row['gap_from'], digits)} to "
        f"{spoken(row['gap_to'], digits)} {unit}, a change of {change}"
        f"{who_is_higher(row, (row['gap_from'], row['gap_to']), digits)}.{unclear} {students}."
        f"{redefined(row, row['year_from'], row['year_to'])}"
    )


def _cautions(row):
    """What must be kept in mind beside these numbers (list of sentences)."""
    cautions = ["These are mostly, not wholly, the same students: some have moved in or out."]
    moving = [row[side] for side in SIDES if row[side] not in LASTING]
    if moving:
        groups = " and the group ".join(moving)
        cautions.append(f"Students also enter and leave the group {groups} from year to year.")
    if row["measure"] == "gap":
        cautions.append(
            "The standard is not equally demanding in every grade, so look at the gap in "
            "standard deviations as well."
        )
    if row["measure"] == "dfs":
        # the spread of mathematics scores is about 85 to 95 points in grade 3 and 140 to 150 in
        # grade 8
        cautions.append(
            "Scores spread wider in higher grades, which alone widens a gap in points; look "
            "at standard deviations as well."
        )
    return cautions

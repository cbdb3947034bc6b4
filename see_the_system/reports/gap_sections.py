"""The sections about the gap of the whole district: a ``DistrictReport`` in, a ``Section`` out."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtr

from see_the_system.data.codes import GROUPS
from see_the_system.gaps import cohorts, measures
from see_the_system.gaps import two_groups as gaps
from see_the_system.gaps.result_words import (
    describe_both_rulers,
    ends_words,
    note,
    redefined,
    spoken,
    verdict_words,
)
from see_the_system.gaps.trends import describe_trend
from see_the_system.messages import digits_that_add_up, whole_percent
from see_the_system.reports import report_charts as charts
from see_the_system.reports import sections as tables
from see_the_system.reports.sections import Section

# How the findings are worked out, each told where it is used.
OF_TRENDS = (
    "Each year weighs by its error from chance; 2020 and 2021 never enter. An interval treats a "
    "year's students as a sample of those the same system could have served."
)
OF_RULERS = (
    "Standard deviations: V, from the four levels by ordered probit (Ho & Reardon 2012), averaged "
    "over grades."
)


def headline(report):
    """The finding in one sentence, and both groups' levels; for explorers."""
    sentence = headline_sentence(report.name, report.gap_now)
    section = levels(report)
    return replace(
        section,
        heading=f"In {report.latest}, in one sentence",
        lead=sentence,
        kind="headline",
        headline=sentence,
        words=(*section.words, report.not_the_newest()),
    )


def levels(report):
    """Both groups' levels in the latest year."""
    counted = measures.counts(report.gap_rows, ["group_id"])
    found = counted.set_index("group_id").loc[list(report.sides.values())].reset_index()
    found = found.assign(group=found["group_id"].map(GROUPS))
    in_grades = tables.grades_in_words(report.gap_now["grades"].split(", "))
    words = _levels_words(found)
    return Section(
        heading="At each level of the test",
        picture=charts.levels(found, name=f"Levels in {report.latest}", words=words),
        words=(words,),
        table=tables.levels_table(found),
        caption=f"Students at each level in {report.latest}, {in_grades}",
    )


def headline_sentence(name, gap):
    """The finding in one sentence (text): both groups' percents, the gap, its interval."""
    in_grades = tables.grades_in_words(gap["grades"].split(", "))
    focus = tables.students(gap["focus"])
    comparison = tables.students(gap["comparison"])
    parts = (gap["percent_focus"], gap["gap"])
    digits = digits_that_add_up((gap["percent_comparison"], parts))
    of_focus, of_comparison = (
        whole_percent(gap[f"percent_{side}"], digits) for side in ("focus", "comparison")
    )
    finding = (
        f"In {name}, {of_focus} of {gap['n_focus']:,} {focus} and "
        f"{of_comparison} of {gap['n_comparison']:,} {comparison} in {in_grades} "
        "met or exceeded the mathematics standard"
    )
    if gap["low"] <= 0 <= gap["high"]:
        return (
            f"{finding}; with these numbers of students that difference cannot be told from chance."
        )
    low, high = sorted([abs(gap["low"]), abs(gap["high"])])
    points = abs(gap["gap"])
    turned = f", with the results of {focus} the higher ones" if gap["gap"] < 0 else ""
    return (
        f"{finding}: a gap of {points:.{digits}f} percentage points (95% interval "
        f"{ends_words(low, high, digits)}){turned}."
    )


def _levels_words(levels):
    groups = []
    for row in levels.itertuples():
        shares = zip(tables.level_words(row), tables.LEVELS.values(), strict=True)
        percents = ", ".join(f"{share} {name.lower()}" for share, name in shares)
        groups.append(f"{row.group}: {percents} (n={row.n:,})")
    return f"{'; '.join(groups)}."


def too_little(report):
    """The short report: what is known, why no more is shown, and what a team can do anyway."""
    every = measures.percent_meeting(report.all_students(), ["year"])
    fit = tables.fit_for_trend(every)
    shown = fit if len(fit) else every
    newest = shown[shown["year"] == shown["year"].max()]
    words = measures.describe_percent(newest, who="all students")
    if len(shown) and not len(fit):
        words += f" In 2021 {tables.NOT_FOR_TREND[2021]}, so take it with care."
    sentence = _too_few_sentence(report)
    return Section(
        heading="What can be said",
        lead=sentence,
        kind="headline",
        headline=sentence,
        words=(
            note(report.by_year, "left_out") if " in no year " in sentence else "",
            words,
            "That is no finding about the students. A district sees its system in other ways too:",
        ),
        points=(
            "Look at each student's path with the people who teach them, inside the district, "
            "where names may be known.",
            "Talk with students and families about their experience of mathematics; a handful of "
            "conversations tells what no number does.",
            "Map how placement and extra help work, step by step: a process can be studied "
            "however few go through it.",
            "Join with neighbouring districts to look at several years or several districts "
            "together.",
        ),
        table=tables.percent_table(shown),
        caption="All students who met or exceeded the standard, by year",
    )


def _too_few_sentence(report):
    focus = tables.students(GROUPS[report.focus])
    comparison = tables.students(GROUPS[report.comparison])
    grades = tables.grades_in_words(report.grades)
    of_2021 = measures.in_its_year("", 2021)
    reasons = [why.removesuffix(of_2021) for why in report.by_year.attrs["reasons"]]
    reasons = list(dict.fromkeys(reasons))
    reasons += [f"in {year} {tables.NOT_FOR_TREND[year]}" for year in report.by_year["year"]]
    why = "in no year can the results of both groups be shown"
    if len(reasons) < 2:
        why = next(iter(reasons), "these data have no row of either group")
    gap = f"No gap between {focus} and {comparison} in {grades}"
    return f"{gap} can be shown for {report.name}: {why}."


def over_time(report):
    """The gap by year, with what can be said of its course."""
    words = _course_words(report.course)
    title = "Percent meeting the standard by year"
    return Section(
        heading="The gap over time",
        lead="Look for the distance between the two lines, and whether both rise.",
        picture=charts.gap_over_time(report.by_year, name=title, words=words),
        words=(words,),
        table=tables.gap_table(report.by_year, "Year", "year"),
        caption="Percent meeting the standard and gap, by year",
        how=(describe_trend(report.course), OF_TRENDS),
    )


def _course_words(course):
    row = course.iloc[0]
    if row["n_years"] < 2:
        return describe_trend(course)
    first, last = row["first_year"], row["last_year"]
    words = f"From {first} to {last}, over {row['n_years']} usable years, the gap "
    words += tables.change_words(row, "change", "verdict")
    if row["since_years"]:
        words += f"; since 2019 it {tables.change_words(row, 'since', 'since_verdict')}"
    grades = "" if row["same_grades"] else " Not every year shows the same grades."
    left_out = "".join(
        f" Left out too: {why}."
        for why in row["left_out"].split("; ")
        if why and why.split(": ")[-1] not in tables.NOT_FOR_TREND.values()
    )
    left_out += f" {note(course, 'left_out')}".rstrip()
    widened = redefined(row, first, last)
    years = {"first": first, "since": 2019, "last": last}
    if not row["since_years"]:
        del years["since"]
    return f"{words}. {tables.percents_words(row, years)}{grades}{widened}{left_out}"


def by_grade(report):
    """The gap of the latest year in each grade."""
    table = report.gaps_by_grade
    words = _by_grade_words(table, report.latest)
    absent = sorted(set(report.grades) - set(report.latest_rows["grade"]))
    not_there = f"In {report.latest} these data have no {tables.grades_in_words(absent)}."
    return Section(
        heading="Grade by grade",
        lead="They are different students in each grade, not the same ones growing older.",
        picture=charts.gap_by_grade(table, name=f"Gap by grade in {report.latest}", words=words),
        words=(words, not_there if absent else ""),
        table=tables.gap_table(table, "Grade", "grade"),
        caption=f"Percent meeting the standard and gap, by grade, {report.latest}",
    )


def _by_grade_words(table, year):
    if len(table) < 2:
        return gaps.describe_gap(table)
    widest = table.loc[table["gap"].idxmax()]
    least = table.loc[table["gap"].idxmin()]
    from_least = f"{spoken(least['gap'], 1)} points in grade {least['grade']}"
    to_widest = f"{spoken(widest['gap'], 1)} in grade {widest['grade']}"
    higher = gaps.who_is_higher(widest, (least["gap"], widest["gap"]), 1)
    words = f"In {year} the gap runs from {from_least} to {to_widest}{higher}."
    left_out = note(table, "left_out")
    return f"{words} {tables.overlap_words(least, widest)} {left_out}".strip()


def two_rulers(report):
    """The gap in standard deviations beside the gap in points, and why both."""
    heading = "Two rulers for one gap"
    in_sd = report.sd_by_year
    if in_sd["v"].isna().all():
        return Section(heading=heading, words=(gaps.describe_gap_in_sd(in_sd),))
    now = gaps.describe_gap_in_sd(in_sd[in_sd["year"] == report.latest])
    words = f"{_sd_words(in_sd, report.latest)} {_agree_words(report)}".strip()
    title = "The gap in points and in standard deviations, by year"
    return Section(
        heading=heading,
        lead="Points depend on where the bar lies; standard deviations use all four levels.",
        picture=charts.points_and_sd(report.by_year, in_sd, name=title, words=words),
        words=(words,),
        table=tables.rulers_table(report.by_year, in_sd),
        caption=title,
        how=(
            now,
            describe_trend(report.course_in_sd),
            describe_both_rulers(report.course, report.course_in_sd),
            _at_every_cut(report),
            OF_RULERS,
        ),
    )


def _sd_words(in_sd, year):
    row = in_sd[in_sd["year"] == year].iloc[0]
    if pd.isna(row["v"]):
        return f"For {year} the gap cannot be given in standard deviations."
    higher = row["comparison"] if row["v"] >= 0 else row["focus"]
    pairs = 100 * ndtr(abs(row["v"]) / np.sqrt(2))
    return (
        f"In {year} the gap is {spoken(row['v'], 2)} standard deviations: in 100 random pairs of "
        f"one student from each group, the one from the group {higher} would score higher in about "
        f"{pairs:.0f}."
    )


def _agree_words(report):
    """Whether both rulers tell the same of the gap since 2019, or since its first year (text)."""
    if not len(report.course_in_sd):
        return ""
    points, in_sd = report.course.iloc[0], report.course_in_sd.iloc[0]
    since = points["since_years"] and in_sd["since_years"]
    which = "since_verdict" if since else "verdict"
    when = "Since 2019" if since else "Over the years"
    one, other = points[which], in_sd[which]
    if "too few years" in (one, other):
        return ""
    if one == other:
        return f"{when} both rulers say the same of it: {one}."
    return (
        f"{when} it {verdict_words(one)} in points and {verdict_words(other)} in standard "
        "deviations. Say of it only what both show."
    )


def at_every_level(report):
    """What a percent hides, in standard deviations and at every cut; for explorers."""
    section = two_rulers(report)
    if not section.picture:
        return section
    now, *_ = section.how
    return Section(
        heading="What a percent hides",
        lead="Look for whether the gap is as wide at every level of the test, or only at one.",
        picture=section.picture,
        words=(now, _at_every_cut(report)),
    )


def _at_every_cut(report):
    """The gap of the latest year wherever the bar lies (text)."""
    cuts = gaps.gap_at_every_cut(report.latest_rows, **report.sides)
    return gaps.describe_gap_at_every_cut(cuts)


def a_class_later(report):
    """What became of the gap of each class within a year, on both rulers; for explorers."""
    heading = "A class a year later"
    found = cohorts.class_gaps(report.district_rows, **report.sides)
    whole, *each = cohorts.sentences_on_class_gaps(found)
    if not each:
        more = "To follow classes, choose several grades, such as 3 to 8."
        return Section(heading=heading, words=(whole, more))
    words = cohorts.describe_class_gaps(found)
    return Section(
        heading=heading,
        lead="Look for whether the gap of a class grows from one grade to the next: where the line "
        "through a mark crosses zero, it may be chance.",
        picture=charts.class_gaps(
            found[found["year_to"] == found["year_to"].max()],
            name="How the gap of each class changed in a year",
            words=words,
        ),
        words=(whole,),
        points=tuple(each[:-1]),
        after=tuple(each[-1:]),
        table=tables.class_table(found),
        caption="Every class, from one year to the next",
    )

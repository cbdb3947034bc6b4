"""The sections about the gap and about its schools: a ``DistrictReport`` in, a ``Section`` out."""

import pandas as pd

from see_the_system.data.codes import GROUPS
from see_the_system.gaps import bright_spots as spots
from see_the_system.gaps import cohorts, decomposition, measures, peers, variation
from see_the_system.gaps import two_groups as gaps
from see_the_system.gaps.result_words import describe_both_rulers, ends_words, note
from see_the_system.gaps.schools import schools_for_group
from see_the_system.gaps.trends import describe_trend, trend
from see_the_system.messages import whole_percent
from see_the_system.reports import report_charts as charts
from see_the_system.reports import school_charts
from see_the_system.reports import sections as tables
from see_the_system.reports.sections import Section

METHODS = (
    "Standard deviations: V, from the four levels by ordered probit (Ho & Reardon "
    "2012), averaged over grades.",
    "Between and within schools: Kitagawa (1955). Funnel: Spiegelhalter (2005, 2012), "
    "with the spread among schools allowed for.",
    "Bright spots: results above what the other schools' grades and student mix "
    "predict (Fay & Herriot 1979), over all years together and in two or more by "
    "themselves, held against how many schools were looked at (Holm 1979).",
)


def headline(report):
    """The finding in one sentence, and both groups' levels."""
    gap = report.usable[report.usable["year"] == report.latest].iloc[0]
    grades = gap["grades"].split(", ")
    in_grades = tables.grades_in_words(grades)
    sentence = _headline_sentence(report.name, gap, in_grades)
    levels = _levels(report, grades)
    words = _levels_words(levels)
    return Section(
        heading=f"In {report.latest}, in one sentence",
        lead=sentence,
        kind="headline",
        headline=sentence,
        picture=charts.levels(levels, name=f"Achievement levels in {report.latest}", words=words),
        words=(words, _not_the_newest(report)),
        table=tables.levels_table(levels),
        caption=f"Students at each level in {report.latest}, {in_grades}",
    )


def _headline_sentence(name, gap, in_grades):
    focus = tables.students(gap["focus"])
    comparison = tables.students(gap["comparison"])
    digits = _digits_that_add_up(gap)
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


def _digits_that_add_up(gap):
    """The fewest digits with which the gap, rounded, is that of the rounded percents (int)."""
    for digits in (0, 1):
        focus, comparison, difference = (
            round(float(gap[name]), digits)
            for name in ("percent_focus", "percent_comparison", "gap")
        )
        if round(comparison - focus, digits) == difference:
            return digits
    return 2


def _levels(report, grades):
    """Both groups' counts at each level, in the grades that the gap is of (DataFrame)."""
    rows = report.latest_rows[report.latest_rows["grade"].astype(str).isin(grades)]
    levels = measures.counts(rows, ["group_id"]).set_index("group_id")
    levels = levels.loc[[report.focus, report.comparison]].reset_index()
    return levels.assign(group=levels["group_id"].map(GROUPS))


def _levels_words(levels):
    groups = []
    for row in levels.itertuples():
        shares = zip(tables.level_words(row), tables.LEVELS.values(), strict=True)
        percents = ", ".join(f"{share} {name.lower()}" for share, name in shares)
        groups.append(f"{row.group}: {percents} (n={row.n:,})")
    return f"Each bar is all students of a group with scores. {'; '.join(groups)}."


def _not_the_newest(report):
    newest = max(report.years)
    if report.latest == newest:
        return ""
    if newest in tables.NOT_FOR_TREND:
        few = tables.NOT_FOR_TREND[newest]
        return (
            f"The data go to {newest}, but in {newest} {few}, so that this page tells of "
            f"{report.latest}."
        )
    return (
        f"The data go to {newest}, but {report.latest} is the newest year in which results of both "
        "groups are shown."
    )


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
    words = describe_trend(trend(report.by_year))
    return Section(
        heading="The gap over time",
        lead="Look for the distance between the two lines, and whether both rise.",
        picture=charts.gap_over_time(
            report.by_year, name="Percent meeting the standard by year", words=words
        ),
        words=(words,),
        table=tables.gap_table(report.by_year, "Year", "year"),
        caption="Percent meeting the standard and gap, by year",
    )


def by_grade(report):
    """The gap of the latest year in each grade."""
    table = gaps.gap_in_points(report.latest_rows, **report.sides, by=("year", "grade"))
    words = _by_grade_words(table, report.latest)
    absent = sorted(set(report.grades) - set(report.latest_rows["grade"]))
    not_there = f"In {report.latest} these data have no {tables.grades_in_words(absent)}."
    return Section(
        heading="Grade by grade",
        lead="Look for the grades where the distance opens. They are different students in each "
        "grade, not the same ones growing older.",
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
    from_least = f"{tables.gap_words(least)} in grade {least['grade']}"
    to_widest = f"{tables.gap_words(widest)} in grade {widest['grade']}"
    overlap = tables.overlap_words(least, widest)
    higher = gaps.who_is_higher(widest, (least["gap"], widest["gap"]), 1)
    words = f"In {year} the gap runs from {from_least} to {to_widest}{higher}. {overlap}"
    return f"{words} {note(table, 'left_out')}".strip()


def two_rulers(report):
    """The gap in standard deviations beside the gap in points, and why both."""
    heading = "Two rulers for one gap"
    in_sd = gaps.gap_in_sd(report.district_rows, **report.sides)
    in_sd.attrs["left_out"] = ""  # told with the gap over time, on the same page
    if in_sd["v"].isna().all():
        return Section(heading=heading, words=(gaps.describe_gap_in_sd(in_sd),))
    words = gaps.describe_gap_in_sd(in_sd[in_sd["year"] == report.latest])
    cuts = gaps.gap_at_every_cut(report.latest_rows, **report.sides)
    title = "The gap in points and in standard deviations, by year"
    course = trend(in_sd)
    agree = describe_both_rulers(trend(report.by_year), course)
    return Section(
        heading=heading,
        lead="A gap in percent meeting the standard depends on where the bar lies; a gap in "
        "standard deviations uses all four levels. Look for whether the two tell the same story.",
        picture=charts.points_and_sd(report.by_year, in_sd, name=title, words=words),
        words=(words, describe_trend(course), agree, gaps.describe_gap_at_every_cut(cuts)),
        table=tables.rulers_table(report.by_year, in_sd),
        caption=title,
    )


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


def between_and_within(report):
    """How much of the latest gap lies between schools and how much within them."""
    heading = "Between schools and within them"
    split = decomposition.between_within_schools(report.rows, **report.sides, year=report.latest)
    words = decomposition.describe_between_within(split)
    if pd.isna(split.gap):
        return Section(heading=heading, words=(words,))
    names = [GROUPS[code] for code in report.sides.values()]
    results = tables.both_groups(split.table, *names)
    table = pd.DataFrame({"School": split.table["school_name"], **results})
    return Section(
        heading=heading,
        lead="Look for which part is larger: they call for different work.",
        picture=school_charts.between_within(
            split, name="The gap between and within schools", words=words
        ),
        words=(words,),
        table=table,
        caption=f"Schools that show both groups, {report.latest}, by name",
    )


def schools(report):
    """The schools' results for the focus group, in the limits of a funnel."""
    heading = f"How much schools differ for {tables.students(GROUPS[report.focus])}"
    rates = schools_for_group(report.rows, group=report.focus, year=report.latest)
    funnel = variation.funnel(rates)
    words = variation.describe_funnel(funnel)
    if funnel.table.empty:
        return Section(heading=heading, words=(words,))
    table = pd.DataFrame(
        {
            "School": funnel.table["school_name"],
            "Students": funnel.table["n"],
            "% met or exceeded": tables.fixed(funnel.table["percent"]),
            "99.8% limits": tables.between(funnel.table, "lower_998", "upper_998", 0),
            "In the limits": funnel.table["flag"],
        }
    )
    return Section(
        heading=heading,
        lead="Each mark is a school. Look for marks outside the shaded funnel, which allows for "
        "ordinary differences between schools; the dashed lines allow for chance alone.",
        picture=school_charts.funnel(funnel, name="Funnel of schools", words=words),
        words=(words,),
        table=table,
        caption=f"Schools by name, {report.latest}",
    )


def bright_spots(report):
    """Schools to learn from, and the questions to take there."""
    heading = "Bright spots: where to go and see"
    found = spots.bright_spots(report.rows_and_mix, group=report.focus, district=report.code)
    lead, schools_in_words, basis = spots.bright_spot_words(found)
    if not basis:
        return Section(heading=heading, words=(lead,))
    years = zip(found["years_above"], found["years"], strict=True)
    table = pd.DataFrame(
        {
            "School": found["school_name"],
            "Years above": [f"{above} of {all_years}" for above, all_years in years],
            "% met or exceeded": tables.fixed(found["percent"]),
            "Expected": tables.fixed(found["expected"]),
            "Points above": tables.fixed(found["residual"]),
            "95% interval": tables.between(found, "lower", "upper"),
        }
    )
    questions = " ".join(spots.QUESTIONS)
    return Section(
        heading=heading,
        lead="Schools where results stand above what their grades and their mix of students "
        "predict, by name: places to learn from.",
        words=(f"{lead}:" if schools_in_words else f"{lead}.",),
        points=tuple(schools_in_words),
        after=(basis, f"Questions to take there: {questions}"),
        table=table,
        caption="Schools above what their mix predicts, by name",
    )


def comparison_districts(report):
    """Districts that serve students like this one's, as places to compare notes with."""
    heading = "Whom to compare notes with"
    found = peers.comparison_districts(report.mix(), report.code)
    if found.empty:
        return Section(heading=heading, words=(peers.describe_comparison_districts(found),))
    lead = (
        f"Districts in these data that serve students most like yours in {report.latest}, nearest "
        "first; their results played no part in the choice."
    )
    if not found["alike"].any():
        lead = (
            f"No district in these data serves students much like yours in {report.latest}. These "
            "are the nearest; their results played no part in the choice."
        )
    if found.attrs["grades"]:
        grades = tables.grades_in_words(found.attrs["grades"])
        lead += f" Going by {grades} alone: of the others too little can be shown."
    return Section(
        heading=heading,
        lead=lead,
        points=tuple(
            f"{row.district_name or row.district}: {row.why}." for row in found.itertuples()
        ),
        after=("Ask what they do differently for students like yours.",),
    )

"""The sections about schools and other districts: a ``DistrictReport`` in, a ``Section`` out."""

import pandas as pd

from see_the_system.data.codes import GROUPS
from see_the_system.gaps import bright_spots as spots
from see_the_system.gaps import decomposition, peers, variation
from see_the_system.pictures.figures import svg
from see_the_system.reports import report_charts as charts
from see_the_system.reports import report_tables as tables
from see_the_system.reports.sections import Section


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
    axes = charts.plot_between_within(split)
    return Section(
        heading=heading,
        lead="Look for which part is larger: they call for different work.",
        picture=svg(axes, name="The gap between and within schools", words=words),
        words=(words,),
        table=table,
        caption=f"Schools that show both groups, {report.latest}, by name",
    )


def schools(report):
    """The schools' results for the focus group, in the limits of a funnel."""
    heading = f"How much schools differ for {tables.students(GROUPS[report.focus])}"
    rates = variation.schools_for_group(report.rows, group=report.focus, year=report.latest)
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
    axes = charts.plot_funnel(funnel)
    return Section(
        heading=heading,
        lead="Each mark is a school. Look for marks outside the shaded funnel, which allows for "
        "ordinary differences between schools; the dashed lines allow for chance alone.",
        picture=svg(axes, name="Funnel of schools", words=words),
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
    return Section(
        heading=heading,
        lead=f"Districts in these data that serve students most like yours in {report.latest}, "
        "nearest first; their results played no part in the choice.",
        points=tuple(
            f"{row.district_name or row.district}: {row.why}." for row in found.itertuples()
        ),
        after=("Ask what they do differently for students like yours.",),
    )

"""The sections about a district's schools and about other districts, as ``gap_sections``."""

import pandas as pd

from see_the_system.data.codes import GROUPS
from see_the_system.gaps import bright_spots as spots
from see_the_system.gaps import decomposition, peers, variation
from see_the_system.gaps.result_words import spoken
from see_the_system.gaps.schools import schools_for_group
from see_the_system.messages import listed
from see_the_system.reports import group_charts as charts
from see_the_system.reports import sections as tables
from see_the_system.reports.sections import Section

MANY_SPOTS = 12
OF_PARTS = "The split is Kitagawa's (1955)."
OF_FUNNELS = "Funnel: Spiegelhalter (2005, 2012), with the spread among schools allowed for."
OF_SPOTS = (
    "Prediction from the other schools' grades and student mix: Fay & Herriot (1979), over all "
    "years together and in two or more by themselves; held against how many schools were looked "
    "at: Holm (1979)."
)


def between_and_within(report):
    """How much of the latest gap lies between schools and how much within them."""
    heading = "Between schools and within them"
    split = report.split
    full = decomposition.describe_between_within(split)
    if pd.isna(split.gap):
        return Section(heading=heading, words=(full,))
    gap, between, within = (
        spoken(part, split.digits) for part in (split.gap, split.between, split.within)
    )
    words = (
        f"Of the {gap} points among the students of the {split.schools} schools "
        f"that show both groups, {between} lie between schools (they would remain "
        f"if each school did equally well by both groups) and {within} within "
        "them (they would remain if both groups were spread over the schools alike). This says "
        "where the gap sits, not why."
    )
    picture = charts.between_within(split, name="The gap between and within schools", words=words)
    return Section(
        heading=heading,
        lead="Look for which part is larger: they call for different work.",
        picture=picture,
        words=(words,),
        table=_split_table(split, *[GROUPS[code] for code in report.sides.values()]),
        caption=f"Schools that show both groups, {report.latest}, by name",
        how=(full, OF_PARTS),
    )


def schools(report):
    """The schools' results for the focus group, in the limits of a funnel."""
    heading = f"How much schools differ for {tables.students(GROUPS[report.focus])}"
    rates = schools_for_group(report.rows, group=report.focus, year=report.latest)
    funnel = variation.funnel(rates)
    full = variation.describe_funnel(funnel)
    if funnel.table.empty:
        return Section(heading=heading, words=(full,))
    words = _funnel_words(funnel)
    return Section(
        heading=heading,
        lead="Each mark is a school. The shaded funnel allows for ordinary differences between "
        "schools, the dashed lines for chance alone.",
        picture=charts.funnel(funnel, name="Funnel of schools", words=words),
        words=(words,),
        table=_funnel_table(funnel.table),
        caption=f"Schools by name, {report.latest}",
        how=(full, OF_FUNNELS),
    )


def _funnel_words(funnel):
    flags = funnel.table["flag"].tolist()
    outside = [f"{flags.count(side)} {side}" for side in ("above", "below") if side in flags]
    go = " A school outside is a place to go and ask what is different." if outside else ""
    spread = "Schools vary no more than chance would make them."
    if funnel.tau2 > 0:
        spread = f"Schools vary {funnel.phi:.1f} times what chance would make it (as a variance)."
    return (
        f"In {funnel.year}, of {funnel.schools} schools {flags.count('within')} lie within the "
        f"funnel around {funnel.centre:.0f}%{', ' if outside else ''}{' and '.join(outside)}. "
        f"{spread}{go}"
    )


def bright_spots(report):
    """Schools to learn from, and the questions to take there."""
    heading = "Bright spots: where to go and see"
    found = report.spots
    lead, _, basis = spots.bright_spot_words(found)
    if not basis:
        return Section(heading=heading, words=(lead,))
    names = _spots_by_name(found)
    looked = found.attrs["schools"]
    words = f"Of {looked} school{'s' * (looked != 1)} looked at over the years"
    words += f", {len(found)} stood" if names else ", none stood"
    words += f" above it by more than chance in so many schools{':' if names else '.'}"
    more = f"More to ask there: {' '.join(spots.QUESTIONS[2:])}"
    caution = "A reason to go and see, not a verdict." if names else ""
    return Section(
        heading=heading,
        lead="Schools above what their grades and their mix of students predict, by name.",
        words=(words,),
        points=names,
        after=(f"{caution} Ask there: {' '.join(spots.QUESTIONS[:2])}".strip(),),
        table=_spots_table(found),
        caption="Schools above what their mix predicts, by name",
        how=(f"{lead}.", basis, OF_SPOTS, more),
    )


def _spots_by_name(found):
    """Each school with its points above (tuple of text); many in one line, for a page is short."""
    if len(found) > MANY_SPOTS:
        each = (f"{row.school_name} ({row.residual:.0f})" for row in found.itertuples())
        return (f"Points above in parentheses: {'; '.join(each)}.",)
    return tuple(
        f"{row.school_name}: {row.residual:.0f} points above, in {row.years_above} of {row.years} "
        "single years too"
        for row in found.itertuples()
    )


def comparison_districts(report):
    """Districts that serve students like this one's, as places to compare notes with."""
    heading = "Whom to compare notes with"
    found = report.comparable()
    if found.empty:
        return Section(heading=heading, words=(peers.describe_comparison_districts(found),))
    lead = f"Districts that served students most like yours in {report.latest}, nearest first."
    if not found["alike"].any():
        lead = (
            f"No district in these data serves students much like yours in {report.latest}; these "
            "are the nearest."
        )
    if found.attrs["grades"]:
        grades = tables.grades_in_words(found.attrs["grades"])
        lead += f" Going by {grades} alone: of the others too little can be shown."
    names = found["district_name"].where(found["district_name"] != "", found["district"])
    return Section(
        heading=heading,
        lead=lead,
        words=(f"{listed(names)}. Ask what they do differently for students like yours.",),
        how=(
            *(f"{name}: {why}." for name, why in zip(names, found["why"], strict=True)),
            "Results played no part in the choice.",
        ),
    )


def _split_table(split, *names):
    """The schools that a gap is split over, ready to read (DataFrame)."""
    return pd.DataFrame(
        {"School": split.table["school_name"], **tables.both_groups(split.table, *names)}
    )


def _funnel_table(table):
    """The schools of a funnel with their limits, ready to read (DataFrame)."""
    return pd.DataFrame(
        {
            "School": table["school_name"],
            "Students": table["n"],
            "% met or exceeded": tables.fixed(table["percent"]),
            "99.8% limits": tables.between(table, "lower_998", "upper_998", 0),
            "Outside the limits": table["flag"].replace("within", ""),
        }
    )


def _spots_table(found):
    """Bright spots and what they are held against, ready to read (DataFrame)."""
    years = zip(found["years_above"], found["years"], strict=True)
    return pd.DataFrame(
        {
            "School": found["school_name"],
            "Students a year": [spots.students_a_year(each) for each in found["n_by_year"]],
            "Years above": [f"{above} of {all_years}" for above, all_years in years],
            "% met or exceeded": tables.fixed(found["percent"]),
            "Expected": tables.fixed(found["expected"]),
            "Points above": tables.fixed(found["residual"]),
            "95% interval": tables.between(found, "lower", "upper"),
        }
    )

"""What a district report says beside its findings: limits, terms and sources, a notice."""

from see_the_system.reports.sections import Section


def cannot_tell(report):
    """What these data cannot say (Section)."""
    return Section(
        heading="What these data cannot tell",
        points=(
            "Why. The numbers show where results differ, not what in the system makes them "
            "differ; causes need interviews, process maps and tests of change.",
            "How a student learned over the year. Each year shows other students; one spring test "
            "is one kind of evidence.",
            "What 2020 and 2021 were like: there was no test in 2020, and in 2021 too few "
            "students were tested to compare.",
            f"Anything about groups of {report.min_n - 1} or fewer students. They are hidden, and "
            "so is some more, so that nobody can work them out.",
            "Results of direct-funded charter schools: the state counts them apart from the "
            "district, and so does this report.",
        ),
    )


def definitions(report):
    """Terms and sources (Section)."""
    first, last = min(report.years), max(report.years)
    source = (
        "Source: California Assessment of Student Performance and Progress (CAASPP), Smarter "
        f"Balanced research files, {first} to {last}."
    )
    if first < 2024:
        source += (
            " Before 2024 the state publishes percentages alone: counts are worked out from them, "
            "exact from 2017 and to about half a percent in 2015 and 2016."
        )
    if report.synthetic:
        source += (
            " These data are synthetic: the practice network of See the System, in the state's "
            "own file layouts."
        )
    return Section(
        heading="Definitions and sources",
        points=(
            "Met or exceeded the standard: levels 3 and 4 of the Smarter Balanced mathematics "
            "test. Percent and gap are of students with scores, grades added together student by "
            "student.",
            "Gap: the comparison group's percent minus the focus group's, in percentage points. "
            "It describes what the system gave to each group, not the students.",
            "95% interval: Wilson's for a percent, Newcombe's for a gap. It treats this year's "
            "students as a sample of those the same system could have served.",
            "Standard deviations: V, from the four levels by ordered probit (Ho & Reardon 2012), "
            "averaged over grades.",
            "Between and within schools: Kitagawa (1955). Funnel: Spiegelhalter (2005, 2012), "
            "with the spread among schools allowed for.",
            "Bright spots: results above what grades and student mix predict, after shrinkage "
            "(Fay & Herriot 1979), in two or more years.",
            source,
        ),
    )


def notice(report):
    """A line for every page made from synthetic data; nothing otherwise (Section)."""
    if not report.synthetic:
        return Section()
    return Section(
        lead="Synthetic data: this district, its schools and its students are invented, for "
        "practice.",
        kind="notice",
    )

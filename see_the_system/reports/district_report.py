"""The district report: what the state's tests show about one district's gap in mathematics, section
by section.

``DistrictReport`` reads and protects the data once; each method gives one ``Section``. A section
that has too little data says so in a sentence; where the district has nothing to compare at all,
the report is its first page alone.
"""

from functools import cached_property

import pandas as pd

from see_the_system.data import codes
from see_the_system.data.caaspp import district_code
from see_the_system.data.store import open_store
from see_the_system.gaps import bright_spots, decomposition, measures, peers, trends, variation
from see_the_system.gaps import two_groups as gaps
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.privacy import protect as privacy
from see_the_system.reports import report_charts as charts
from see_the_system.reports import report_tables as tables
from see_the_system.reports.sections import Section, picture

MIX_GROUPS = (codes.ALL_STUDENTS, 31, 128, 160, *codes.ETHNICITIES)
SYNTHETIC_COUNTY = "99"


class DistrictReport:
    """One district's data, protected, and its findings as sections.

    district: "CC-DDDDD"; focus and comparison: student groups by name or state code; grades and
    years: lists, years empty for all there are; store: a folder of files or a store, empty for the
    practice network; min_n: the fewest students shown.
    """

    def __init__(
        self,
        district,
        focus,
        comparison,
        *,
        grades=(4, 5, 6, 7, 8),
        years=(),
        store="",
        min_n=privacy.MIN_N,
    ):
        self.focus, self.comparison = codes.group_code(focus), codes.group_code(comparison)
        if self.focus == self.comparison:
            raise Refusal(
                "The focus group and the comparison group are both "
                f"{codes.GROUPS[self.focus]!r}. Choose two different groups."
            )
        self.store, self.code, self.grades = (
            open_store(store or SAMPLE),
            district_code(district),
            list(grades),
        )
        self.years = sorted(years) or self.store.years()
        wanted = sorted({*MIX_GROUPS, self.focus, self.comparison})
        frame = self.store.district(
            district, tests=["Mathematics"], grades=self.grades, groups=wanted, years=self.years
        )
        if frame.empty:
            raise Refusal(
                f"{district} has no mathematics results in grades "
                f"{tables.listed(self.grades)}. Choose other grades, or leave this district "
                "out."
            )
        # Only the two groups are printed. All students beside them would show the few outside both,
        # and cost rows of both to hide.
        told = frame["group_id"].isin([self.focus, self.comparison])
        self.frame = privacy.protect(frame[told].reset_index(drop=True), min_n=min_n)
        # The mix of students only feeds the prediction behind bright spots: none of it is printed.
        self.everything = pd.concat([self.frame, frame[~told]], ignore_index=True)
        own = frame[frame["level"] == "district"]
        self.name = (own if len(own) else frame)["district_name"].iloc[-1] or f"District {district}"
        self.min_n = min_n

    @property
    def sides(self):
        return {"focus": self.focus, "comparison": self.comparison}

    @cached_property
    def district_rows(self):
        return self.frame[self.frame["level"] == "district"]

    @cached_property
    def by_year(self):
        return gaps.gap_in_points(self.district_rows, **self.sides)

    @cached_property
    def usable(self):
        """The gap by year without years unfit for trends."""
        return self.by_year[~self.by_year["year"].isin(list(trends.NOT_FOR_TREND))]

    @property
    def enough(self):
        """Whether there is a gap to show at all (bool)."""
        return len(self.usable) > 0

    @property
    def latest(self):
        return int(self.usable["year"].max())

    def headline(self):
        """The finding in one sentence and one picture; where there is too little, an honest page
        instead.
        """
        if not self.enough:
            return self._too_little()
        row = self.usable[self.usable["year"] == self.latest]
        sentence = self._headline_sentence(row.iloc[0])
        rows = self.district_rows[
            (self.district_rows["year"] == self.latest)
            & self.district_rows["grade"].astype(str).isin(row.iloc[0]["grades"].split(", "))
        ]
        levels = measures.counts(rows, ["group_id"]).set_index("group_id")
        levels = levels.loc[[self.focus, self.comparison]].reset_index()
        levels = levels.assign(group=lambda f: f["group_id"].map(codes.GROUPS))
        words = self._levels_words(levels)
        return Section(
            heading=f"In {self.latest}, in one sentence",
            lead=sentence,
            kind="headline",
            headline=sentence,
            picture=picture(
                charts.plot_levels(levels), f"Achievement levels in {self.latest}", words
            ),
            words=(words, self._late()),
            table=tables.levels_table(levels),
            caption=f"Students at each level in {self.latest}, grades "
            f"{tables.listed(row.iloc[0]['grades'].split(', '))}",
        )

    def _headline_sentence(self, row):
        lead = (
            f"In {self.name}, {row['percent_focus']:.0f}% of {row['n_focus']:,} "
            f"{tables.students(row['focus'])} and {row['percent_comparison']:.0f}% of "
            f"{row['n_comparison']:,} {tables.students(row['comparison'])} in grades "
            f"{tables.listed(row['grades'].split(', '))} met or exceeded the mathematics "
            "standard"
        )
        if row["low"] <= 0 <= row["high"]:
            return (
                f"{lead}; with these numbers of students that difference cannot be told from "
                "chance."
            )
        low, high = sorted((abs(row["low"]), abs(row["high"])))
        turned = (
            f", with the results of {tables.students(row['focus'])} the higher ones"
            if row["gap"] < 0
            else ""
        )
        return (
            f"{lead}: a gap of {abs(row['gap']):.0f} percentage points (95% interval {low:.0f} "
            f"to {high:.0f}){turned}."
        )

    def _levels_words(self, levels):
        each = [
            f"{row.group}: {100 * row.n_not_met / row.n:.0f}% not met, "
            f"{100 * row.n_nearly_met / row.n:.0f}% nearly met, "
            f"{100 * row.n_met / row.n:.0f}% met, {100 * row.n_exceeded / row.n:.0f}% "
            f"exceeded (n={row.n:,})"
            for row in levels.itertuples()
        ]
        return "Each bar is all students of a group with scores. " + "; ".join(each) + "."

    def _late(self):
        newest = max(self.years)
        return (
            ""
            if self.latest == newest
            else f"The data go to {newest}, but {self.latest} is the newest year in which results "
            "of both groups are shown."
        )

    def _too_little(self):
        """The short report: what is known, why no more is shown, and what a team can do all the
        same.
        """
        everyone = self.everything[
            (self.everything["group_id"] == codes.ALL_STUDENTS)
            & (self.everything["level"] == "district")
        ]
        everyone = privacy.protect(everyone.reset_index(drop=True), min_n=self.min_n)
        shown = measures.percent_meeting(everyone, ["year"])
        shown = shown[~shown["year"].isin(list(trends.NOT_FOR_TREND))] if len(shown) else shown
        sentence = (
            f"{self.name} has too few {tables.students(codes.GROUPS[self.focus])} or "
            f"{tables.students(codes.GROUPS[self.comparison])} with mathematics scores "
            f"in grades {tables.listed(self.grades)} to show a gap: results of "
            f"{self.min_n - 1} or fewer students are hidden, to protect them."
        )
        words = (
            [
                measures.describe_percent(
                    shown[shown["year"] == shown["year"].max()], who="all students"
                )
            ]
            if len(shown)
            else ["No group is large enough to be shown."]
        )
        return Section(
            heading="What can be said",
            lead=sentence,
            kind="headline",
            headline=sentence,
            words=(
                *words,
                "That is no finding about the students. A small district sees its system in "
                "other ways:",
            ),
            points=(
                "Look at each student's path with the people who teach them, inside the "
                "district, where names may be known.",
                "Talk with students and families about their experience of mathematics; a "
                "handful of conversations reaches everyone here.",
                "Map how placement and extra help work, step by step: a process can be "
                "studied however few go through it.",
                "Join with neighbouring districts to look at several years or several "
                "districts together.",
            ),
            table=tables.percent_table(shown),
            caption="All students who met or exceeded the standard, by year",
        )

    def over_time(self):
        """The gap by year, with what can be said of its course."""
        if not self.enough:
            return Section()
        course = trends.trend(self.by_year)
        words = trends.describe_trend(course)
        return Section(
            heading="The gap over time",
            lead="Look for the distance between the two lines, and whether both rise.",
            picture=picture(
                charts.plot_gap_over_time(self.by_year),
                "Percent meeting the standard by year",
                words,
            ),
            words=(words,),
            table=tables.gap_table(self.by_year, "Year", "year"),
            caption="Percent meeting the standard and gap, by year",
        )

    def by_grade(self):
        """The gap of the latest year in each grade."""
        if not self.enough:
            return Section()
        table = gaps.gap_in_points(
            self.district_rows[self.district_rows["year"] == self.latest],
            **self.sides,
            by=("year", "grade"),
        )
        widest, least = table.loc[table["gap"].idxmax()], table.loc[table["gap"].idxmin()]
        words = (
            f"In {self.latest} the gap runs from {tables.gap_words(least)} in grade "
            f"{least['grade']} to {tables.gap_words(widest)} in grade {widest['grade']}. "
            + tables.overlap_words(least, widest)
            if len(table) > 1
            else gaps.describe_gap(table)
        )
        missing = sorted(set(self.grades) - set(table["grade"]))
        return Section(
            heading="Grade by grade",
            lead="Look for the grades where the distance opens. They are different students in "
            "each grade, not the same ones growing older.",
            picture=picture(
                charts.plot_gap_by_grade(table), f"Gap by grade in {self.latest}", words
            ),
            words=(
                words,
                f"Not shown: grade {tables.listed(missing)}, where a group is too small or "
                "was not tested."
                if missing
                else "",
            ),
            table=tables.gap_table(table, "Grade", "grade"),
            caption=f"Percent meeting the standard and gap, by grade, {self.latest}",
        )

    def in_sd(self):
        """The gap in standard deviations beside the gap in points, and why both."""
        if not self.enough:
            return Section()
        points, in_sd = self.by_year, gaps.gap_in_sd(self.district_rows, **self.sides)
        if not in_sd["v"].notna().any():
            return Section(
                heading="Two rulers for one gap", words=(gaps.describe_gap_in_sd(in_sd),)
            )
        cuts = gaps.gap_at_every_cut(
            self.district_rows[self.district_rows["year"] == self.latest], **self.sides
        )
        words = gaps.describe_gap_in_sd(in_sd[in_sd["year"] == self.latest])
        axes = charts.plot_points_and_sd(points, in_sd)
        course = trends.describe_trend(trends.trend(in_sd))
        table = points.merge(in_sd[["year", "v", "low", "high"]], on="year", suffixes=("", "_v"))
        table = pd.DataFrame(
            {
                "Year": tables.marked(table["year"]),
                "Gap, points": tables.fixed(table["gap"]),
                "95% interval ": tables.between(table),
                "Gap, SD": tables.fixed(table["v"], 2),
                "95% interval": tables.between(table, "_v", 2),
            }
        )
        return Section(
            heading="Two rulers for one gap",
            lead="A gap in percent meeting the standard depends on where the bar lies; a gap in "
            "standard deviations uses all four levels. Look for whether the two tell the "
            "same story.",
            picture=picture(
                axes[0], "The gap in points and in standard deviations, by year", words
            ),
            words=(words, course, gaps.describe_gap_at_every_cut(cuts)),
            table=table,
            caption="The gap in points and in standard deviations, by year",
        )

    def between_and_within(self):
        """How much of the latest gap lies between schools and how much within them."""
        if not self.enough:
            return Section()
        split = decomposition.between_within_schools(self.frame, **self.sides, year=self.latest)
        words = decomposition.describe_between_within(split)
        if pd.isna(split.gap):
            return Section(heading="Between schools and within them", words=(words,))
        table = split.table
        table = pd.DataFrame(
            {
                "School": table["school_name"],
                f"{codes.GROUPS[self.focus]}, students": table["n_focus"],
                "% met": tables.fixed(table["percent_focus"]),
                f"{codes.GROUPS[self.comparison]}, students": table["n_comparison"],
                "% met ": tables.fixed(table["percent_comparison"]),
            }
        )
        return Section(
            heading="Between schools and within them",
            lead="Look for which part is larger: they call for different work.",
            picture=picture(
                charts.plot_between_within(split), "The gap between and within schools", words
            ),
            words=(words,),
            table=table,
            caption=f"Schools that show both groups, {self.latest}, by name",
        )

    def schools(self):
        """The schools' results for the focus group, in the limits of a funnel."""
        if not self.enough:
            return Section()
        found = variation.schools_for_group(self.frame, group=self.focus, year=self.latest)
        result = variation.funnel(found)
        words = variation.describe_funnel(result)
        if result.table.empty:
            return Section(
                heading=f"How much schools differ for {tables.students(codes.GROUPS[self.focus])}",
                words=(words,),
            )
        table = result.table
        table = pd.DataFrame(
            {
                "School": table["school_name"],
                "Students": table["n"],
                "% met or exceeded": tables.fixed(table["percent"]),
                "99.8% limits": [
                    f"{low:.0f} to {high:.0f}"
                    for low, high in zip(table["lower_998"], table["upper_998"])
                ],
                "In the limits": table["flag"],
            }
        )
        return Section(
            heading=f"How much schools differ for {tables.students(codes.GROUPS[self.focus])}",
            lead="Each mark is a school. Look for marks outside the shaded funnel, which allows "
            "for ordinary differences between schools; the dashed lines allow for chance "
            "alone.",
            picture=picture(charts.plot_funnel(result), "Funnel of schools", words),
            words=(words,),
            table=table,
            caption=f"Schools by name, {self.latest}",
        )

    def bright_spots(self):
        """Schools to learn from, and the questions to take there."""
        if not self.enough:
            return Section()
        found = bright_spots.bright_spots(self.everything, group=self.focus, district=self.code)
        table = pd.DataFrame(
            {
                "School": found["school_name"],
                "Years above": [
                    f"{a} of {b}" for a, b in zip(found["years_above"], found["years"])
                ],
                "% met or exceeded": tables.fixed(found["percent"]),
                "Expected": tables.fixed(found["expected"]),
                "Points above": tables.fixed(found["residual"]),
                "95% interval": tables.between(found, names=("lower", "upper")),
            }
        )
        lead, schools, basis = bright_spots.bright_spot_words(found)
        if not basis:
            return Section(heading="Bright spots: where to go and see", words=(lead,))
        return Section(
            heading="Bright spots: where to go and see",
            lead="Schools where results stand above what their grades and their mix of students "
            "predict, by name: places to learn from.",
            words=(f"{lead}{':' if schools else '.'}",),
            points=tuple(schools),
            after=(basis, "Questions to take there: " + " ".join(bright_spots.QUESTIONS)),
            table=table,
            caption="Schools above what their mix predicts, by name",
        )

    def comparison_districts(self):
        """Districts that serve students like this one's, as places to compare notes with."""
        if not self.enough:
            return Section()
        everyone = self.store.read(
            level="district",
            tests=["Mathematics"],
            grades=self.grades,
            groups=list(MIX_GROUPS),
            years=[self.latest],
        )
        found = peers.comparison_districts(everyone, self.code)
        if found.empty:
            return Section(
                heading="Whom to compare notes with",
                words=(peers.describe_comparison_districts(found),),
            )
        return Section(
            heading="Whom to compare notes with",
            lead=f"Districts in these data that serve students most like yours in {self.latest}, "
            "nearest first; their results played no part in the choice.",
            points=tuple(
                f"{row.district_name or row.district}: {row.why}." for row in found.itertuples()
            ),
            after=("Ask what they do differently for students like yours.",),
        )

    def cannot_tell(self):
        """What these data cannot say."""
        return Section(
            heading="What these data cannot tell",
            points=(
                "Why. The numbers show where results differ, not what in the system makes "
                "them differ; causes need interviews, process maps and tests of change.",
                "How a student learned over the year. Each year shows other students; one "
                "spring test is one kind of evidence.",
                "What 2020 and 2021 were like: there was no test in 2020, and in 2021 too "
                "few students were tested to compare.",
                f"Anything about groups of {self.min_n - 1} or fewer students. They are "
                "hidden, and so is some more, so that nobody can work them out.",
                "Results of direct-funded charter schools: the state counts them apart from "
                "the district, and so does this report.",
            ),
        )

    def definitions(self):
        """Terms and sources."""
        synthetic = (
            " These data are synthetic: the practice network of See the System, in the "
            "state's own file layouts."
            if self.code.startswith(SYNTHETIC_COUNTY)
            else ""
        )
        counts = (
            " Before 2024 the state publishes percentages alone: counts are worked out from "
            "them, exact from 2017 and to about half a percent in 2015 and 2016."
            if min(self.years) < 2024
            else ""
        )
        return Section(
            heading="Definitions and sources",
            points=(
                "Met or exceeded the standard: levels 3 and 4 of the Smarter Balanced "
                "mathematics test. Percent and gap are of students with scores, grades added "
                "together student by student.",
                "Gap: the comparison group's percent minus the focus group's, in percentage "
                "points. It describes what the system gave to each group, not the students.",
                "95% interval: Wilson's for a percent, Newcombe's for a gap. It treats this "
                "year's students as a sample of those the same system could have served.",
                "Standard deviations: V, from the four levels by ordered probit (Ho & "
                "Reardon 2012), averaged over grades.",
                "Between and within schools: Kitagawa (1955). Funnel: Spiegelhalter (2005, "
                "2012), with the spread among schools allowed for.",
                "Bright spots: results above what grades and student mix predict, after "
                "shrinkage (Fay & Herriot 1979), in two or more years.",
                "Source: California Assessment of Student Performance and Progress "
                f"(CAASPP), Smarter Balanced research files, {min(self.years)} to "
                f"{max(self.years)}.{counts}{synthetic}",
            ),
        )

    def notice(self):
        """A line for every page made from synthetic data; nothing otherwise."""
        if not self.code.startswith(SYNTHETIC_COUNTY):
            return Section()
        return Section(
            lead="Synthetic data: this district, its schools and its students are invented, for "
            "practice.",
            kind="notice",
        )

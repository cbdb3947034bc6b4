"""The district report: what the state's tests show about one district's gap in mathematics.

``DistrictReport`` reads and protects the data once; each of its methods gives one ``Section``. A
section that has too little data says so in a sentence; where the district has nothing to compare at
all, the report is its first page alone.
"""

from functools import cached_property, wraps

import pandas as pd

from see_the_system.data import codes
from see_the_system.data.caaspp import COLUMNS, district_code
from see_the_system.data.parts import DISTRICT_COLUMNS
from see_the_system.data.store import open_store
from see_the_system.gaps import peers
from see_the_system.gaps.bright_spots import bright_spots as find_bright_spots
from see_the_system.gaps.decomposition import between_within_schools
from see_the_system.gaps.trends import NOT_FOR_TREND, trend
from see_the_system.gaps.two_groups import gap_in_points, gap_in_sd
from see_the_system.messages import NoResults, Refusal
from see_the_system.paths import SAMPLE
from see_the_system.privacy.protect import MIN_N, protect, protect_beside
from see_the_system.privacy.student_groups import must_share_nobody
from see_the_system.reports import (
    all_groups,
    first_page,
    gap_sections,
    measure_sections,
    school_sections,
)
from see_the_system.reports.all_groups import MIX_GROUPS, AllGroups
from see_the_system.reports.sections import Section, fit_for_trend, grades_in_words

# What no section reads: to bring it would take as long again.
UNREAD = ("pct_", "area", "missing_area", "enrolled", "missing_enrolled", "county_name")
SYNTHETIC_COUNTY = "99"
REPORTED_YEARS = 3  # a page tells of the newest year that shows both groups, mostly one of these


def _with_texts_of_python(method):
    """In frames as small as a report's, every use of Arrow's texts costs more than it saves."""

    @wraps(method)
    def same(*arguments, **options):
        with pd.option_context("mode.string_storage", "python"):
            return method(*arguments, **options)

    return same


def _where_enough(section):
    """A section as a method of the report; it is empty where there is no gap to show."""

    @wraps(section)
    def method(report):
        return section(report) if report.enough else Section()

    return _with_texts_of_python(method)


def _store_and_code(store, district):
    """The store that a district is read from (Store), and the district's code (text)."""
    if not isinstance(district, str):
        raise Refusal(
            f"The district is {district}, a number; its name or its code in quotes was expected. "
            'Write it as "99-10017".'
        )
    practice = open_store(SAMPLE)
    of_practice = district.strip().startswith(SYNTHETIC_COUNTY)
    opened = open_store(store) if store or not of_practice else practice
    nothing_added = not store and opened.folder == practice.folder
    try:
        code = district_code(district)
    except Refusal:
        code = ""
    if not code or (nothing_added and not of_practice):
        code = codes.district_named(opened.districts(), district, practice=nothing_added)
    return opened, code


class DistrictReport:
    """One district's data, protected, and its findings as sections.

    district: its code "CC-DDDDD", its name or the first words of it; focus and comparison: student
    groups by name or state code; grades and years: lists, one number, or grades as "6-8"; years
    empty for all there are; store: a folder of files or a store, empty for the data that were
    added, and for the practice network where it is asked for or there are none; min_n: the fewest
    students shown.
    """

    @_with_texts_of_python
    def __init__(
        self,
        district,
        focus,
        comparison,
        *,
        grades=(4, 5, 6, 7, 8),
        years=(),
        store="",
        min_n=MIN_N,
    ):
        self.focus = codes.group_code(focus)
        self.comparison = codes.group_code(comparison)
        must_share_nobody(self.focus, self.comparison)
        self.grades = codes.math_grades(grades)
        self.store, self.code = _store_and_code(store, district)
        self.years = sorted([years] if isinstance(years, int) else years) or self.store.years()
        self.min_n = min_n
        rows = self._read(self.code)
        self.name = self._name(rows)
        # Only the two groups are printed. All students beside them would show the few outside both,
        # and cost rows of both to hide.
        printed = rows["group_id"].isin([self.focus, self.comparison])
        self.rows = protect(rows[printed].reset_index(drop=True), min_n=min_n)
        # The mix of students only feeds the prediction behind bright spots: none of it is printed.
        self.rows_and_mix = pd.concat([self.rows, rows[~printed]], ignore_index=True)

    def _read(self, district):
        rows = self.store.district(
            district,
            tests=["Mathematics"],
            grades=self.grades,
            groups=sorted({*MIX_GROUPS, self.focus, self.comparison}),
            years=self.years,
            columns=[name for name in COLUMNS if not name.startswith(UNREAD)],
        )
        if rows.empty:
            raise NoResults(
                f"{district} has no mathematics results in {grades_in_words(self.grades)}. "
                "Choose other grades, or leave this district out."
            )
        return rows

    def _name(self, rows):
        """The district's newest name; a school's row has it where the district has no row."""
        own = rows[rows["level"] == "district"]
        names = (rows if own.empty else own)["district_name"]
        return names.iloc[-1] or f"District {self.code}"

    @property
    def sides(self):
        """The two groups by code, as the functions of the gaps take them (dict)."""
        return {"focus": self.focus, "comparison": self.comparison}

    @property
    def synthetic(self):
        """Whether this is a district of the practice network (bool)."""
        return self.code.startswith(SYNTHETIC_COUNTY)

    @cached_property
    def district_rows(self):
        """The protected rows of the whole district."""
        return self.rows[self.rows["level"] == "district"]

    @cached_property
    def by_year(self):
        """The gap by year (DataFrame)."""
        return gap_in_points(self.district_rows, **self.sides)

    @cached_property
    def usable(self):
        """The gap by year without years unfit for trends."""
        return fit_for_trend(self.by_year)

    @property
    def enough(self):
        """Whether there is a gap to show at all (bool)."""
        return len(self.usable) > 0

    @property
    def latest(self):
        """The newest year with a gap to show (int)."""
        return int(self.usable["year"].max())

    @property
    def gap_now(self):
        """The gap of the latest year (a row)."""
        return self.usable[self.usable["year"] == self.latest].iloc[0]

    @cached_property
    def course(self):
        """The course of the gap over the years, in points (a frame of ``trend``)."""
        return trend(self.by_year)

    @cached_property
    def sd_by_year(self):
        """The gap by year in standard deviations (DataFrame)."""
        found = gap_in_sd(self.district_rows, **self.sides)
        found.attrs["left_out"] = ""  # told with the gap over time, on the same page
        return found

    @cached_property
    def course_in_sd(self):
        """The course of the gap in standard deviations (a frame of ``trend``)."""
        return trend(self.sd_by_year)

    @cached_property
    def gaps_by_grade(self):
        """The gap of the latest year in each grade (DataFrame)."""
        return gap_in_points(self.latest_rows, **self.sides, by=("year", "grade"))

    @cached_property
    def split(self):
        """The latest gap between and within schools."""
        return between_within_schools(self.rows, **self.sides, year=self.latest)

    @cached_property
    def spots(self):
        """Schools above what their mix of students predicts (DataFrame)."""
        return find_bright_spots(self.rows_and_mix, group=self.focus, district=self.code)

    @property
    def gap_rows(self):
        """Both groups' rows of the latest year in the grades that the gap is of."""
        grades = self.latest_rows["grade"].astype(str)
        return self.latest_rows[grades.isin(self.gap_now["grades"].split(", "))]

    def not_the_newest(self):
        """Why the page tells of another year than the data's newest (text, "" where it is)."""
        newest = max(self.years)
        if self.latest == newest:
            return ""
        if newest in NOT_FOR_TREND:
            return (
                f"The data go to {newest}, but in {newest} {NOT_FOR_TREND[newest]}, so that this "
                f"page tells of {self.latest}."
            )
        return (
            f"The data go to {newest}, but {self.latest} is the newest year in which results of "
            "both groups are shown."
        )

    @property
    def latest_rows(self):
        """The protected rows of the whole district in the latest year."""
        return self.district_rows[self.district_rows["year"] == self.latest]

    @_with_texts_of_python
    def prepare_for_others(self):
        """Have ready which districts others are compared with, whose latest year is an earlier one.

        Once for all reports that a process makes, and the processes forked from it.
        """
        for year in self.years[-REPORTED_YEARS:]:
            peers.districts_of(self.store, year=year, grades=self.grades, min_n=self.min_n)

    @_with_texts_of_python
    def served(self):
        """The district's students in the latest year, as far as they may be read here (rows)."""
        rows = self.rows_and_mix
        own = rows["level"].eq("district") & rows["year"].eq(self.latest)
        own &= rows["group_id"].isin(peers.GROUPS)
        groups = self.all_groups
        of_all_grades = groups.shown[groups.shown["level"] == "district"]
        shown = pd.concat([self.rows.query("year == @self.latest"), of_all_grades])
        return protect_beside(
            rows.loc[own, DISTRICT_COLUMNS].reset_index(drop=True),
            shown[DISTRICT_COLUMNS].reset_index(drop=True),
            unprinted=groups.unprinted,
            min_n=self.min_n,
        )

    @_with_texts_of_python
    def comparable(self):
        """Districts that serve students like this one's (``peers.comparison_districts``)."""
        own = self.served()
        others = peers.districts_of(
            self.store,
            year=self.latest,
            grades=self.grades,
            min_n=self.min_n,
            unseen=peers.unseen_grades(own, self.code),
        )
        return peers.comparison_districts(own, self.code, others=others)

    @cached_property
    def all_groups(self):
        """Every student group in the latest year, all grades together (``AllGroups``)."""
        return AllGroups.of(self)

    @cached_property
    def groups_to_draw(self):
        """What the picture of all groups shows (DataFrame)."""
        return all_groups.groups_to_draw(self)

    @_with_texts_of_python
    def all_students(self):
        """The district's rows of all students together, protected by themselves."""
        rows = self.rows_and_mix
        everyone = rows[(rows["group_id"] == codes.ALL_STUDENTS) & (rows["level"] == "district")]
        return protect(everyone.reset_index(drop=True), min_n=self.min_n)

    @_with_texts_of_python
    def headline(self):
        """The finding in one sentence and one picture, or what can be said where there is none."""
        return gap_sections.headline(self) if self.enough else gap_sections.too_little(self)

    @_with_texts_of_python
    def first_page(self):
        """The page that is forwarded: the finding and what it is beside, or why there is none."""
        return first_page.first_page(self) if self.enough else gap_sections.too_little(self)

    levels = _where_enough(gap_sections.levels)
    over_time = _where_enough(gap_sections.over_time)
    by_grade = _where_enough(gap_sections.by_grade)
    in_sd = _where_enough(gap_sections.two_rulers)
    between_and_within = _where_enough(school_sections.between_and_within)
    schools = _where_enough(school_sections.schools)
    bright_spots = _where_enough(school_sections.bright_spots)
    other_measures = _where_enough(measure_sections.other_measures)
    comparison_districts = _where_enough(school_sections.comparison_districts)

    def cannot_tell(self):
        """What these data cannot say."""
        return Section(
            heading="What these data cannot tell",
            points=(
                "Why results differ: that needs interviews, process maps and tests of change.",
                "How a student learned over the year: each year shows other students, in one test.",
                "2020, when there was no test, and 2021, when too few students took it.",
                f"Results of {self.min_n - 1} or fewer students: they are hidden, and so is some "
                "more, so that nobody can work them out from this page by itself.",
                "Direct-funded charter schools: the state counts them apart; so does this page.",
            ),
        )

    def definitions(self):
        """Terms and sources."""
        first, last = min(self.years), max(self.years)
        source = (
            "California Assessment of Student Performance and Progress (CAASPP), Smarter Balanced "
            f"research files, {first} to {last}."
        )
        if self.synthetic:
            source += " Synthetic: the practice network, in the state's own file layouts."
        counts = (
            "Before 2024 the state publishes percentages alone: counts are worked out from them, "
            "exact from 2017 and to about half a percent in 2015 and 2016."
        )
        return Section(
            heading="Terms and sources",
            words=(source,),
            how=(
                "Met the standard: levels 3 and 4 of the Smarter Balanced mathematics test. "
                "Percents are of students with scores, grades added together student by student.",
                "Gap: the comparison group's percent minus the focus group's, in percentage "
                "points. It describes what the system gave to each group, not the students.",
                "95% interval: Wilson's for a percent, Newcombe's for a gap. It treats this year's "
                "students as a sample of those the same system could have served.",
                *(counts for _ in range(first < 2024)),
            ),
        )

    def notice(self):
        """A line for every page made from synthetic data; nothing otherwise."""
        if not self.synthetic:
            return Section()
        return Section(
            lead="Synthetic data: this district, its schools and its students are invented, for "
            "practice.",
            kind="notice",
        )

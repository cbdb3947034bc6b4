"""The district report: what the state's tests show about one district's gap in mathematics.

``DistrictReport`` reads and protects the data once; each of its methods gives one ``Section``. A
section that has too little data says so in a sentence; where the district has nothing to compare at
all, the report is its first page alone.
"""

from functools import cached_property, wraps

import pandas as pd

from see_the_system.data import codes
from see_the_system.data.caaspp import COLUMNS, district_code
from see_the_system.data.store import open_store
from see_the_system.gaps import peers
from see_the_system.gaps.two_groups import gap_in_points
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.privacy.protect import MIN_N, protect
from see_the_system.privacy.student_groups import must_share_nobody
from see_the_system.reports import gap_sections
from see_the_system.reports.sections import Section, fit_for_trend, grades_in_words

MIX_GROUPS = (codes.ALL_STUDENTS, 31, 128, 160, *codes.ETHNICITIES)
# What no section reads: to bring it would take as long again.
UNREAD = ("pct_", "area", "missing_area", "enrolled", "missing_enrolled", "county_name")
SYNTHETIC_COUNTY = "99"


def _where_enough(section):
    """A section as a method of the report; it is empty where there is no gap to show."""

    @wraps(section)
    def method(report):
        return section(report) if report.enough else Section()

    return method


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
            raise Refusal(
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
    def latest_rows(self):
        """The protected rows of the whole district in the latest year."""
        return self.district_rows[self.district_rows["year"] == self.latest]

    def mix(self):
        """Every district's students in the latest year, as far as they may be read beside here."""
        return peers.districts_beside(
            self.rows.query("year == @self.latest"),
            store=self.store,
            year=self.latest,
            grades=self.grades,
            min_n=self.min_n,
        )

    def all_students(self):
        """The district's rows of all students together, protected by themselves."""
        rows = self.rows_and_mix
        everyone = rows[(rows["group_id"] == codes.ALL_STUDENTS) & (rows["level"] == "district")]
        return protect(everyone.reset_index(drop=True), min_n=self.min_n)

    def headline(self):
        """The finding in one sentence and one picture, or what can be said where there is none."""
        return gap_sections.headline(self) if self.enough else gap_sections.too_little(self)

    over_time = _where_enough(gap_sections.over_time)
    by_grade = _where_enough(gap_sections.by_grade)
    in_sd = _where_enough(gap_sections.two_rulers)
    between_and_within = _where_enough(gap_sections.between_and_within)
    schools = _where_enough(gap_sections.schools)
    bright_spots = _where_enough(gap_sections.bright_spots)
    comparison_districts = _where_enough(gap_sections.comparison_districts)

    def cannot_tell(self):
        """What these data cannot say."""
        return Section(
            heading="What these data cannot tell",
            points=(
                "Why. The numbers show where results differ, not what in the system makes them "
                "differ; causes need interviews, process maps and tests of change.",
                "How a student learned over the year. Each year shows other students; one spring "
                "test is one kind of evidence.",
                "What 2020 and 2021 were like: there was no test in 2020, and in 2021 too few "
                "students were tested to compare.",
                f"Anything about groups of {self.min_n - 1} or fewer students. They are hidden, "
                "and so is some more, so that nobody can work them out from this page by itself.",
                "Results of direct-funded charter schools: the state counts them apart from the "
                "district, and so does this report.",
            ),
        )

    def definitions(self):
        """Terms and sources."""
        first, last = min(self.years), max(self.years)
        source = (
            "Source: California Assessment of Student Performance and Progress (CAASPP), Smarter "
            f"Balanced research files, {first} to {last}."
        )
        if first < 2024:
            source += (
                " Before 2024 the state publishes percentages alone: counts are worked out from "
                "them, exact from 2017 and to about half a percent in 2015 and 2016."
            )
        if self.synthetic:
            source += (
                " These data are synthetic: the practice network of See the System, in the state's "
                "own file layouts."
            )
        return Section(
            heading="Definitions and sources",
            points=(
                "Met or exceeded the standard: levels 3 and 4 of the Smarter Balanced mathematics "
                "test. Percent and gap are of students with scores, grades added together student "
                "by student.",
                "Gap: the comparison group's percent minus the focus group's, in percentage "
                "points. It describes what the system gave to each group, not the students.",
                "95% interval: Wilson's for a percent, Newcombe's for a gap. It treats this year's "
                "students as a sample of those the same system could have served.",
                *(gap_sections.METHODS if self.enough else ()),
                source,
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

"""Which files of indicators are read, by which columns, and how one is told from another.

The layouts are those of the Department of Education's downloadable files (chronic absenteeism;
four-year adjusted cohort graduation rate, with A-G; college-going rate) and of the Dashboard's
research files, by their record layouts on cde.ca.gov and by programs that read them. Names of
columns are compared by their letters and digits alone: releases write "Academic Year" and
"AcademicYear", and drop a parenthesis.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from see_the_system.data import downloads
from see_the_system.data.indicators import DASHBOARD, INDICATORS, dashboard_indicator
from see_the_system.data.layouts import Layout, cells_of
from see_the_system.data.sources import as_text
from see_the_system.messages import Refusal, listed, nearest

_TOP = 2**16  # bytes in which a header is looked for
_LINES_ABOVE = 20  # lines among which it stands


class Measured(NamedTuple):
    """The columns of one indicator in a file: our names for those of n, count and value."""

    n: str
    count: str | None
    value: str | None


@dataclass(frozen=True)
class Format:
    """One kind of file: how people call it, its columns (ours to the state's), what it measures.

    ``one_of`` names columns of which a row has to have the value given, so that a school stands
    there once: all kinds of schools together, all kinds of completers.
    """

    title: str
    columns: dict
    measures: dict
    groups: dict
    one_of: dict
    optional: tuple = ()

    @property
    def is_dashboard(self):
        return "cds" in self.columns


# The state's codes of student groups in these files, to those of the research files. Groups that
# the research files have not keep their own names, without a code.
CDE_GROUPS = {
    "TA": 1,
    "RB": 74,
    "RI": 75,
    "RA": 76,
    "RF": 77,
    "RH": 78,
    "RP": 79,
    "RW": 80,
    "RT": 144,
    "GM": 3,
    "GF": 4,
    "SE": 160,
    "SD": 128,
    "SS": 31,
    "SM": 28,
    "SF": 240,
    "SH": 52,
    "GRK": "Kindergarten",
    "GR13": "Grades 1 to 3",
    "GR46": "Grades 4 to 6",
    "GR78": "Grades 7 to 8",
    "GRK8": "Kindergarten to grade 8",
    "GR912": "Grades 9 to 12",
}
DASHBOARD_GROUPS = {
    "ALL": 1,
    "AA": 74,
    "AI": 75,
    "AS": 76,
    "FI": 77,
    "HI": 78,
    "PI": 79,
    "WH": 80,
    "MR": 144,
    "EL": "English learner, with recently reclassified",
    "ELO": 160,
    "RFP": "Recently reclassified fluent English proficient",
    "EO": 180,
    "LTEL": 250,
    "SED": 31,
    "SWD": 128,
    "FOS": 240,
    "HOM": 52,
}
_WHERE = {
    "year": ("Academic Year",),
    "level": ("Aggregate Level",),
    "county_code": ("County Code",),
    "district_code": ("District Code",),
    "school_code": ("School Code",),
    "county_name": ("County Name",),
    "district_name": ("District Name",),
    "school_name": ("School Name",),
    "category": ("Reporting Category",),
    "charter": ("Charter School", "Charter", "Charter (ALL/Y/N)", "Charter (Y/N)"),
    "alternative": ("DASS", "Alternative School Accountability Status"),
}
_ALL = {"charter": ("all",), "alternative": ("all",)}


def _college_going(months):
    return Format(
        title=f"college-going rates within {months} months",
        columns={
            **_WHERE,
            "completer": ("Completer Type",),
            "completers": ("High School Completers",),
            "enrolled": (f"Enrolled In College - Total ({months} Months)",),
            "rate": (f"College Going Rate - Total ({months} Months)",),
        },
        measures={
            "college_going" if months == 12 else "college_going_16": Measured(
                "completers", "enrolled", "rate"
            )
        },
        groups=CDE_GROUPS,
        one_of={**_ALL, "completer": ("ta",)},
        optional=("alternative",),
    )


_DASHBOARD_COLUMNS = {
    "cds": ("cds",),
    "level": ("rtype",),
    "school_name": ("schoolname",),
    "district_name": ("districtname",),
    "county_name": ("countyname",),
    "charter": ("charter_flag",),
    "category": ("studentgroup",),
    "now": ("currdenom",),
    "status": ("currstatus",),
    "before": ("priordenom",),
    "prior_status": ("priorstatus",),
    "change": ("change",),
    "status_level": ("statuslevel",),
    "change_level": ("changelevel",),
    "color": ("color",),
    "year": ("reportingyear",),
}
FORMATS = {
    "chronic_absence": Format(
        title="chronic absenteeism",
        columns={
            **_WHERE,
            "eligible": ("Chronic Absenteeism Eligible Cumulative Enrollment",),
            "absent": ("Chronic Absenteeism Count",),
            "rate": ("Chronic Absenteeism Rate",),
        },
        measures={"chronic_absence": Measured("eligible", "absent", "rate")},
        groups=CDE_GROUPS,
        one_of=_ALL,
        optional=("alternative",),
    ),
    "graduation": Format(
        title="graduation and A-G",
        columns={
            **_WHERE,
            "cohort": ("Cohort Students",),
            "graduates": ("Regular HS Diploma Graduates (Count)",),
            "rate": ("Regular HS Diploma Graduates (Rate)",),
            "met": ("Met UC/CSU Grad Req's (Count)",),
            "met_rate": ("Met UC/CSU Grad Req's (Rate)",),
        },
        measures={
            "graduation": Measured("cohort", "graduates", "rate"),
            "a_g_of_graduates": Measured("graduates", "met", "met_rate"),
            "a_g_of_cohort": Measured("cohort", "met", None),
        },
        groups=CDE_GROUPS,
        one_of=_ALL,
        optional=("alternative",),
    ),
    "college_going": _college_going(12),
    "college_going_16": _college_going(16),
    **{
        indicator: Format(
            title=f"the Dashboard's {INDICATORS[indicator].name}",
            columns=_DASHBOARD_COLUMNS,
            measures={indicator: Measured("now", None, "status")},
            groups=DASHBOARD_GROUPS,
            one_of={},
            optional=(
                *("school_name", "district_name", "county_name", "charter", "now", "before"),
                *("prior_status", "change", "change_level", "color", "year"),
            ),
        )
        for indicator in DASHBOARD
    },
}


@dataclass(frozen=True)
class TableLayout(Layout):
    """The ``Layout`` of a file of indicators, and in which line its header stands."""

    header_line: int = 1


def layout_of(header, name, called=None, line=1):
    """The ``TableLayout`` of a file of indicators by its header, its letter a key of ``FORMATS``.

    name: the file's, as it is told; called: the name of the text itself, where it is in an archive;
    line: where the header stands. None where it is no such file. ``Refusal`` for one of this kind
    that cannot be read: a column is missing, it measures something that is not read here, or
    nothing says what it measures.
    """
    delimiter = _delimiter(header)
    if not delimiter:
        return None
    names = _names_in(header, delimiter)
    places = {}
    for place, cell in enumerate(names):
        places.setdefault(folded(cell), place)
    kind = _kind(places, name, called or name)
    if kind is None:
        return None
    form = FORMATS[kind]
    columns = {}
    known = {folded(each) for theirs in form.columns.values() for each in theirs}
    others = [cell for cell in names if folded(cell) not in known]
    for ours, theirs in form.columns.items():
        found = [places[folded(each)] for each in theirs if folded(each) in places]
        if found:
            columns[ours] = found[0]
        elif ours not in form.optional:
            close = nearest(theirs[0], others, most=1)
            hint = f" (it has {close[0]!r})" if close else ""
            raise Refusal(
                f"{name}, line {line}: the column {theirs[0]!r} is missing{hint}, which files of "
                f"{form.title} have. Add the file as it was downloaded."
            )
    # Between tabs a quotation mark is a letter: each cell is freed of its own where it is read.
    return TableLayout(kind, delimiter, names, columns, delimiter != "\t", line)


def split(found):
    """The sources in three lists: files of indicators, what is wrong with such, and the others.

    Pairs of a source and its ``TableLayout``; sentences, of what stands among others in a folder or
    an archive; sources. ``Refusal`` for a file of indicators at fault that a person named.
    """
    own, at_fault, others = [], [], []
    for source in found:
        if downloads.is_workbook_in_folder(source):
            at_fault.append(source.problem)
            continue
        try:
            line, header = _header_of(source)
        except Refusal:  # what cannot be opened is the others' to tell
            others.append(source)
            continue
        try:
            layout = layout_of(header, source.name, source.member, line)
        except Refusal as fault:
            if source.named:
                raise
            at_fault.append(str(fault))
            continue
        if layout:
            own.append((source, layout))
        else:
            others.append(source)
    return own, at_fault, others


def _header_of(source):
    """Where a text's header stands, and the header (line number, text).

    The first line, but for a table of indicators under others: a title, what a spreadsheet program
    writes of its delimiter (sep=,), empty lines.
    """
    first = source.header()
    if _is_header(first):
        return 1, first
    _, top = next(source.blocks(_TOP), (1, b""))
    for number, line in enumerate(top.split(b"\n", _LINES_ABOVE)[:_LINES_ABOVE], start=1):
        text = as_text(line).strip("\r")
        if _is_header(text):
            return number, text
    return 1, first


def _is_header(line):
    delimiter = _delimiter(line)
    return bool(delimiter) and _is_of_indicators(set(map(folded, _names_in(line, delimiter))))


def _is_of_indicators(names):
    """Whether names of columns, folded, are those of a file of indicators (bool)."""
    return _is_of_dashboard(names) or "reportingcategory" in names


def _is_of_dashboard(names):
    # One of its codes may be the column that is missing.
    return "studentgroup" in names and not names.isdisjoint(("cds", "rtype"))


def _delimiter(header):
    """What stands between the cells of a header (text), None where nothing does."""
    return next((each for each in "\t^,;|" if header.count(each) >= 5), None)


def _names_in(header, delimiter):
    return tuple(cell.strip() for cell in cells_of(header.lstrip("\ufeff"), delimiter))


def folded(name):
    """A column's name by its letters and digits alone (text).

    >>> folded("Met UC/CSU Grad Req's (Rate"), folded(" Academic Year ")
    ('metuccsugradreqsrate', 'academicyear')
    """
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _kind(places, name, called):
    """Which of ``FORMATS`` a file is, by its columns; None for another."""
    if _is_of_dashboard(set(places)):
        if "currstatus" not in places:
            raise Refusal(
                f"{name} is a file of the Dashboard without the column 'currstatus': one with a "
                "status for each student group was expected, such as mathdownload2024.txt."
            )
        return dashboard_indicator(name, called)
    if "reportingcategory" not in places:
        return None
    found = {
        kind: sum(
            folded(each[0]) in places for ours, each in form.columns.items() if ours not in _WHERE
        )
        for kind, form in FORMATS.items()
        if not form.is_dashboard
    }
    best = max(found, key=found.get)
    # Two of its own columns tell a file, so that one that lacks another is told what it lacks.
    if found[best] < 2:
        titles = listed([form.title for form in FORMATS.values() if not form.is_dashboard])
        raise Refusal(
            f"{name} is a file of the Department of Education that is not read here. Read are "
            f"files of {titles}, and the Dashboard's."
        )
    # The columns of the two cohorts are called the same, but for that of the year.
    if best == "graduation" and "reportingyear" in places and "academicyear" not in places:
        raise Refusal(
            f"{name} is of the five-year cohort, who had a fifth year to graduate: it is not of "
            "the four-year cohort, which is read here. Leave it out, and add acgr24.txt or that "
            "of another year."
        )
    return best

"""The practice network's other public files: chronic absence, graduation, college-going, Dashboard.

In the layouts of the Department of Education and of the Dashboard as a person downloads them, with
what is uneven in them: names of columns with and without blanks, a parenthesis that is missing, a
byte order mark, blanks after a cell. Synthetic: absences of grades 4 to 8 are those of the records
of the districts' offices, all else is drawn from how students did on the state's tests.
"""

import io
import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from practice_network import dashboard_file, network
from practice_network.district_students import unnamed
from practice_network.records import CHRONIC
from practice_network.score_model import draw_students, generator
from practice_network.year_files import GROUPS, group_sums
from see_the_system.data import codes
from see_the_system.data.indicator_layouts import CDE_GROUPS
from see_the_system.paths import write_whole

ABSENCE_YEARS = (2019, 2022, 2023, 2024, 2025)
GRADUATION_YEARS = (2019, 2022, 2023, 2024, 2025)
COLLEGE_YEARS = (2019, 2022, 2023)
# In grades 3 and 11, which the districts' records leave out: share of days away, and how alike.
_AWAY, _EVEN = 0.05, 30
_SPANS = {
    "GR13": (3,),
    "GR46": (4, 5, 6),
    "GR78": (7, 8),
    "GRK8": (3, 4, 5, 6, 7, 8),
    "GR912": (11,),
}
_TOLD = ["ethnicity", "disadvantaged", "language", "disability", "gender"]
_STATE_GROUPS = {mark: code for mark, code in CDE_GROUPS.items() if code in GROUPS}
_COLLEGES = (
    "Enrolled UC",
    "Enrolled CSU",
    "Enrolled CCC",
    "Enrolled In-State Private (2 and 4 Year)",
    "Enrolled Out-of-State 4-Year College (Public/Private)",
    "Enrolled Out-of-State 2-Year College (Public/Private)",
)
_IN_STATE = 4  # so many of them
_YES_NO = ("Yes", "No")
_OTHER_ENDS = (
    "CHSPE Completer",
    "Adult Ed. HS Diploma",
    "SPED Certificate",
    "GED Completer",
    "Other Transfer",
    "Dropout",
    "Still Enrolled",
)


def write_public(folder):
    """Writes all of these files, zipped, into an existing folder and gives their paths.

    The same bytes every time.
    """
    texts = {}
    for year in ABSENCE_YEARS:
        texts[f"chronicabsenteeism{year % 100}.txt"] = absence_text(year)
    for year in GRADUATION_YEARS:
        texts[f"acgr{year % 100}.txt"] = graduation_text(year)
    for year in COLLEGE_YEARS:
        texts[f"cgr12mo{year % 100}.txt"] = college_text(year)
    for year in dashboard_file.YEARS:
        texts[f"mathdownload{year}.txt"] = dashboard_file.text(year)
    return [write_packed(Path(folder), name, text) for name, text in texts.items()]


def write_packed(folder, name, text):
    """Writes one file, zipped, into a folder and gives its path."""
    path = folder / f"practice_{name}".replace(".txt", ".zip")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        member = zipfile.ZipInfo(name, date_time=(2025, 12, 1, 0, 0, 0))
        member.create_system = 3
        member.external_attr = 0o644 << 16
        archive.writestr(member, text, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    write_whole(path, packed.getvalue())
    return path


@lru_cache(maxsize=8)
def absences(year):
    """The students of a year: district, code, grade, ``chronic``, what groups ask for (frame)."""
    rows = []
    for code in network.DISTRICT_NAMES:
        students = unnamed(code, year).rename(columns={"school": "code"})
        away = (students.days_enrolled * (1 - students.attendance)).round()
        rows.append(students.assign(chronic=away >= CHRONIC * students.days_enrolled))
    others = draw_students(year)
    others = others[others.grade.isin((3, 11))]
    draw = generator(year, 51)
    share = draw.beta(_AWAY * _EVEN, (1 - _AWAY) * _EVEN, len(others))
    rows.append(others.assign(chronic=share >= CHRONIC))
    names = ["district", "code", "grade", "chronic", *_TOLD]
    return pd.concat([frame[names] for frame in rows], ignore_index=True)


@lru_cache(maxsize=8)
def leavers(year):
    """The four-year cohort of a year: its students of grade 11 the spring before, and their ends.

    Frame: as ``absences``, with graduated, met (A-G), ``college`` (a place in the list of kinds of
    colleges, -1 for none) and, for who did not graduate, ``end``.
    """
    cohort = draw_students(year - 1)
    cohort = cohort[cohort.grade == 11].reset_index(drop=True)
    draw = generator(year, 52)
    mean = cohort.groupby("grade").raw.transform("mean")
    standing = ((cohort.raw - mean) / cohort.sd).to_numpy()
    continuation = cohort.code.map(network.is_continuation).to_numpy()
    luck = draw.random((4, len(cohort)))
    graduated = luck[0] < _chance(2.4 + 0.9 * standing - 1.2 * continuation)
    met = graduated & (luck[1] < _chance(0.1 + 1.3 * standing - 2.0 * continuation))
    goes = graduated & (luck[2] < _chance(0.3 + 0.6 * standing + 0.9 * met))
    four_year = luck[3] < _chance(-1.2 + 0.6 * standing + 2.2 * met)
    kind = np.where(four_year, draw.choice([0, 1, 3, 4], len(cohort), p=(0.2, 0.5, 0.15, 0.15)), 0)
    kind = np.where(four_year, kind, draw.choice([2, 5], len(cohort), p=(0.97, 0.03)))
    ends = draw.choice(len(_OTHER_ENDS), len(cohort), p=(0.02, 0.08, 0.08, 0.02, 0.05, 0.45, 0.3))
    return cohort[["district", "code", "grade", *_TOLD]].assign(
        graduated=graduated,
        met=met,
        college=np.where(goes, kind, -1),
        end=np.where(graduated, -1, ends),
    )


def _chance(odds):
    return 1 / (1 + np.exp(-odds))


def _inside(students, entity):
    """Which students an entity counts (mask): a district's are those of all schools of its code."""
    if entity["type_id"] == codes.COUNTY:
        return np.ones(len(students), bool)
    own = (students.district == entity["district_code"]).to_numpy()
    if entity["type_id"] == codes.DISTRICT:
        return own
    return own & (students.code == entity["school_code"]).to_numpy()


def _is_charter(entity):
    return entity["type_id"] in (codes.DIRECT_CHARTER, codes.LOCAL_CHARTER)


def _counted(students, year, columns, spans=()):
    """Counts of each entity and group (list of (entity, mark, counts)), all kinds of schools.

    columns: arrays of whole numbers, one value a student; the first is 1 for who is counted.
    """
    found = []
    for entity in network.entities(year).to_dict("records"):
        inside = _inside(students, entity)
        if not inside.any():
            continue
        name = network.DISTRICT_NAMES.get(entity["district_code"], "")
        entity = entity | {"district_name": name}
        own = students[inside].reset_index(drop=True)
        values = [column[inside] for column in columns]
        cell = np.zeros(len(own), dtype=int)
        groups = tuple(_STATE_GROUPS.values())
        sums = group_sums(own, cell, 1, values, groups)[:, 0]
        for mark, counts in zip(_STATE_GROUPS, sums, strict=True):
            if counts[0] or mark == "TA":
                found.append((entity, mark, counts.tolist()))
        for mark in spans:
            in_span = own.grade.isin(_SPANS[mark]).to_numpy()
            if in_span.any():
                found.append((entity, mark, [int(value[in_span].sum()) for value in values]))
    return found


def _rows_of(found, year, marks):
    """What identifies each row, once for all schools together and once for its own kind (dicts).

    Pairs (cells, counts). marks: how the file writes yes and no.
    """
    level = {codes.COUNTY: "C", codes.DISTRICT: "D"}
    for entity, mark, counts in found:
        is_school = entity["type_id"] not in level
        cells = {
            "year": f"{year - 1}-{year % 100}",
            "level": level.get(entity["type_id"], "S"),
            "county": network.COUNTY_CODE,
            "district": "" if entity["type_id"] == codes.COUNTY else entity["district_code"],
            "school": entity["school_code"] if is_school else "",
            "county_name": network.COUNTY_NAME,
            "district_name": entity["district_name"],
            "school_name": entity["school_name"] if is_school else "",
            "category": mark,
        }
        yield cells | {"charter": "All", "alternative": "All"}, counts
        if is_school:
            own = marks[0] if _is_charter(entity) else marks[1]
            alternative = marks[0] if network.is_continuation(entity["school_code"]) else marks[1]
            yield cells | {"charter": own, "alternative": alternative}, counts


_IDENTITY = {
    "year": "Academic Year",
    "level": "Aggregate Level",
    "county": "County Code",
    "district": "District Code",
    "school": "School Code",
    "county_name": "County Name",
    "district_name": "District Name",
    "school_name": "School Name",
    "charter": "Charter School",
}


def _identity(cells, alternative=True):
    found = [cells[name] for name in _IDENTITY]
    return [*found, *([cells["alternative"]] if alternative else []), cells["category"]]


def _identity_header(*, spaced, alternative):
    names = [*_IDENTITY.values(), *([alternative] if alternative else []), "Reporting Category"]
    return names if spaced else [name.replace(" ", "") for name in names]


def _shown(counts, n):
    """Counts as the state shows them: a star for all where there are 10 or fewer."""
    return [str(count) if n >= dashboard_file.FEWEST else "*" for count in counts]


def _rate(count, n):
    return f"{100 * count / n:.1f}" if n >= dashboard_file.FEWEST else "*" if n else "0"


def absence_text(year):
    students = absences(year)
    columns = [np.ones(len(students), int), students.chronic.to_numpy().astype(int)]
    spaced = year < 2022
    marks = ("Y ", "N ") if spaced else ("Yes", "No ")
    names = ("EligibleCumulativeEnrollment", "Count", "Rate")
    header = _identity_header(spaced=spaced, alternative=None if spaced else "DASS")
    header += [f"ChronicAbsenteeism{name}" for name in names]
    rows = []
    found = _counted(students, year, columns, _SPANS)
    for cells, (n, absent) in _rows_of(found, year, marks):
        own = _identity(cells, alternative=not spaced)
        rows.append([*own, *_shown((n, absent), n), _rate(absent, n)])
    return dashboard_file.lines(header, rows)


def graduation_text(year):
    cohort = leavers(year)
    ends = [(cohort.end == place).to_numpy().astype(int) for place in range(len(_OTHER_ENDS))]
    graduated = cohort.graduated.to_numpy().astype(int)
    met = cohort.met.to_numpy().astype(int)
    columns = [np.ones(len(cohort), int), graduated, met, *ends]
    names = ["Regular HS Diploma Graduates", "Met UC/CSU Grad Req's"]
    others = list(_OTHER_ENDS)
    if year >= 2022:
        others[0] = "CPP Completer"
    header = [*_identity_header(spaced=False, alternative="DASS"), "CohortStudents"]
    header += [f"{name} ({what})" for name in (*names, *others) for what in ("Count", "Rate")]
    # As in the state's file, one parenthesis is not closed.
    header = [name.removesuffix(")") if name == "Dropout (Rate)" else name for name in header]
    rows = []
    found = _counted(cohort, year, columns)
    for cells, (n, graduates, met_them, *rest) in _rows_of(found, year, _YES_NO):
        values = _shown((n,), n)
        values += [*_shown((graduates,), n), _rate(graduates, n)]
        values += [*_shown((met_them,), graduates), _rate(met_them, graduates)]
        for count in rest:
            values += [*_shown((count,), n), _rate(count, n)]
        rows.append([*_identity(cells), *values])
    return dashboard_file.lines(header, rows, mark="\ufeff")


def college_text(year):
    completers = leavers(year)
    completers = completers[completers.graduated].reset_index(drop=True)
    kinds = [(completers.college == place).to_numpy().astype(int) for place in range(6)]
    met = completers.met.to_numpy()
    header = _identity_header(spaced=False, alternative="AlternativeSchoolAccountabilityStatus")
    window = "(12 Months)"
    header += [
        *("CompleterType", "High School Completers"),
        *(f"{name} {window}" for name in _college_columns()),
    ]
    rows = []
    for completer, of in (("TA", np.ones(len(completers), bool)), ("AGY", met)):
        some = completers[of].reset_index(drop=True)
        columns = [np.ones(len(some), int), *(kind[of] for kind in kinds)]
        found = _counted(some, year, columns)
        for cells, (n, *by_kind) in _rows_of(found, year, _YES_NO):
            enrolled = sum(by_kind)
            inside = sum(by_kind[:_IN_STATE])
            counts = [enrolled, inside, enrolled - inside, n - enrolled, *by_kind]
            shown = _shown(counts, n)
            values = [*_shown((n,), n), shown[0], _rate(enrolled, n), *shown[1:]]
            rows.append([*_identity(cells), completer, *values])
    return dashboard_file.lines(header, rows)


def _college_columns():
    return (
        "Enrolled In College - Total",
        "College Going Rate - Total",
        "Enrolled In-State",
        "Enrolled Out-of-State",
        "Not Enrolled In College",
        *_COLLEGES,
    )

"""The practice network's files: one zip a year, as the state's download for one county.

A year's students are counted into the rows that the state publishes: every entity, grade and
student group.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from practice_network import network
from practice_network import state_layouts as layouts
from practice_network.network import writable
from practice_network.score_model import draw_students
from see_the_system.data import codes
from see_the_system.paths import write_whole

LEVELS = ("not_met", "nearly_met", "met", "exceeded")
WHERE = ("below", "near", "above")
MEASURES = (
    "enrolled",
    "tested",
    "scored",
    "score_sum",
    *LEVELS,
    *(f"area{area}_{where}" for area in (1, 2, 3) for where in WHERE),
)
GROUPS = (
    *(1, 3, 4, 6, 7, 8, 31),
    *range(74, 81),
    *(99, 111, 128, 144, 160, 170, 180, 190),
    *range(200, 208),
    *range(220, 228),
    252,
)
# The state published these groups from these years on.
FIRST_YEAR = {170: 2017, 190: 2017, 252: 2023}
_LANGUAGES = {
    6: ("IFEP", "RFEP", "EO"),
    7: ("IFEP",),
    8: ("RFEP",),
    160: ("EL",),
    170: ("EL", "RFEP"),
    180: ("EO",),
    190: ("TBD",),
    252: ("IFEP", "EO"),
}
_OTHERS = {
    3: ("gender", 3),
    4: ("gender", 4),
    31: ("disadvantaged", True),
    111: ("disadvantaged", False),
    99: ("disability", False),
    128: ("disability", True),
}
_TOLD_APART = ("ethnicity", "disadvantaged", "language", "disability", "gender")
GRADE_ROWS = (*network.GRADES, codes.ALL_GRADES)
ENCODING = "cp1252"


def group_members(students, group):
    """Which students belong to a student group of the state (bool array).

    students: a frame as ``score_model.draw_students`` gives it.
    """
    if group == codes.ALL_STUDENTS:
        return np.ones(len(students), bool)
    if group in codes.ETHNICITIES:
        return (students.ethnicity == group).to_numpy()
    if 200 <= group < 228:
        # 200 to 207 are the ethnicities of the disadvantaged, 220 to 227 of all others.
        ethnicity = codes.ETHNICITIES[group % 20]
        inside = (students.ethnicity == ethnicity) & (students.disadvantaged == (group < 220))
        return inside.to_numpy()
    if group in _LANGUAGES:
        return students.language.isin(_LANGUAGES[group]).to_numpy()
    column, value = _OTHERS[group]
    return (students[column] == value).to_numpy()


def tally(students, entities, year):
    """The rows of a year before any value is hidden (frame), in the state's order.

    The order is entity, grade, group. ``entities`` is ``network.entities(year)``. Columns: those of
    ``entities``, grade, group_id, then counts: enrolled, tested, scored, score_sum, the four levels
    and nine area counts. A district is the sum of its type 7 and 10 schools, the county of
    everything, grade 13 of the grades; an all-students row exists for every grade served, another
    wherever a student is enrolled.
    """
    counts = _school_counts(students, entities)
    by_entity = [
        counts[:, _inside(entities, entity)].sum(axis=1) for entity in entities.itertuples()
    ]
    totals = np.stack(by_entity)  # entity, group, grade, measure
    totals[:, :, -1] = totals.sum(axis=2)
    totals = totals.transpose(0, 2, 1, 3)
    published = np.array([FIRST_YEAR.get(group, 0) <= year for group in GROUPS])
    entity, grade, group = np.nonzero((totals[..., 0] > 0) & published)
    rows = entities.iloc[entity].reset_index(drop=True)
    rows["grade"] = np.array(GRADE_ROWS)[grade]
    rows["group_id"] = np.array(GROUPS)[group]
    values = pd.DataFrame(totals[entity, grade, group], columns=list(MEASURES))
    return pd.concat([rows, values], axis=1)


def group_sums(students, cell, size, columns, groups=GROUPS):
    """Sums of columns over the students of each group in each cell.

    An int array: group, cell, column. cell: the position from 0 to ``size`` of each student's cell;
    columns: arrays of whole numbers, one value a student. Students alike in everything that groups
    ask for are added up first, so that the work does not grow with the number of groups.
    """
    kinds, kind = _kinds(students)
    member = np.stack([group_members(kinds, group) for group in groups], axis=1).astype(float)
    at = cell * len(kinds) + kind
    sums = []
    for column in columns:
        by_kind = np.bincount(at, column, size * len(kinds)).reshape(size, len(kinds))
        sums.append(np.rint(by_kind @ member).astype(np.int64).T)
    return np.stack(sums, axis=-1)


def zip_name(year):
    """The name of a year's download.

    >>> zip_name(2018)
    'sb_ca2018_all_99_csv_v3.zip'
    """
    return f"sb_ca{year}_all_{network.COUNTY_CODE}_csv_v{layouts.VERSIONS[year]}.zip"


def year_texts(year):
    """The two files of a year's zip: a dict of file name to bytes, the data first."""
    entities = network.entities(year)
    rows = tally(draw_students(year), entities, year)
    data = layouts.data_text(rows, year)
    names = layouts.entities_text(entities, year)
    return {
        zip_name(year).replace(".zip", ".txt"): data.encode(ENCODING),
        f"sb_ca{year}entities_csv.txt": names.encode(ENCODING),
    }


def write_year(folder, year):
    """Writes a year's zip into an existing folder and gives its path; the same bytes every time."""
    path = Path(folder) / zip_name(year)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in year_texts(year).items():
            member = zipfile.ZipInfo(name, date_time=(year, 10, 1, 0, 0, 0))
            # Without these two a zip tells the machine it was written on.
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    write_whole(path, packed.getvalue())
    return path


def write_all(folder, years=network.YEARS):
    """Writes the zips of the years into a folder, made if need be, and gives their paths.

    ``Refusal`` if it cannot be written.
    """
    with writable(folder) as place:
        return [write_year(place, year) for year in years]


def _inside(entities, entity):
    """Which schools' students a row counts (bool array).

    Its own, its district's without direct-funded charters, or all the county's.
    """
    if entity.type_id == codes.COUNTY:
        return np.ones(len(entities), bool)
    own = entities.district_code == entity.district_code
    if entity.type_id == codes.DISTRICT:
        return (own & (entities.type_id != codes.DIRECT_CHARTER)).to_numpy()
    return (own & (entities.school_code == entity.school_code)).to_numpy()


def _school_counts(students, entities):
    """Counts by group, school, grade and measure (int array).

    The entities that are no school stay zero, and so does grade 13.
    """
    schools = pd.Index(entities.district_code + entities.school_code)
    place = schools.get_indexer(students.district + students.code)
    grade = pd.Index(GRADE_ROWS).get_indexer(students.grade)
    scored = students.scored
    columns = [np.ones(len(students)), students.tested, scored, scored * students.score]
    columns += [scored & (students.level == level) for level in range(len(LEVELS))]
    for area in (1, 2, 3):
        marks = students[f"area{area}"]
        columns += [scored & (marks == mark) for mark in range(len(WHERE))]
    shape = (len(entities), len(GRADE_ROWS))
    counts = group_sums(students, place * shape[1] + grade, shape[0] * shape[1], columns)
    return counts.reshape(len(GROUPS), *shape, len(MEASURES))


def _kinds(students):
    """The kinds of students that groups tell apart (frame), and each student's (int array)."""
    groups = students.groupby(list(_TOLD_APART))
    return groups.size().reset_index(), groups.ngroup().to_numpy()
